namespace Millrace.Node.Api;

/// <summary>What was used, and what it costs by the agreements' prices.</summary>
public sealed record Usage(IReadOnlyList<UsageLine> Lines, IReadOnlyList<UsageTotal> Totals);

/// <summary>The use of one agreement.</summary>
/// <param name="Role">Ours: a <c>consumer</c> owes what is due, a <c>provider</c> is owed it.</param>
/// <param name="Due">In <paramref name="Currency"/>; 0 where nothing is asked.</param>
public sealed record UsageLine(
    string Agreement,
    string Role,
    string Peer,
    string Product,
    string Title,
    long Reads,
    long Rows,
    long Bytes,
    decimal Due,
    Price? Price = null,
    string? Currency = null);

/// <summary>A price.</summary>
/// <param name="Per">What one amount is asked for: <c>read</c>, <c>row</c> …</param>
public sealed record Price(decimal Amount, string Currency, string Per);

/// <summary>The sum of one role in one currency.</summary>
public sealed record UsageTotal(string Role, string Currency, decimal Due);
