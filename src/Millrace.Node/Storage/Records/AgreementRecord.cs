using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Storage.Records;

/// <summary>A finalised agreement.</summary>
/// <param name="Schema">
/// The columns as agreed, frozen: what is added to the product later is not released under it. The provider's only.
/// </param>
/// <param name="Default">The holder's default plan at the time of the agreement, frozen. The provider's only.</param>
/// <param name="Manual">Transfers under it are started by a person.</param>
/// <param name="Duties">The provider's: preconditions that it found met.</param>
/// <param name="Query">What can be called under it, instead of reading the table. The provider's only.</param>
/// <param name="Signature">How it is called, as the provider's catalogue said. The consumer's only.</param>
/// <param name="Masks">
/// What the holder masks whatever is agreed, as its catalogue said when the offer was asked for. The consumer's only.
/// </param>
/// <param name="SensitiveSince">
/// Columns that it would show as they are, and in which a later version holds personal data: masked until a person
/// decides otherwise. The provider's only; null: there are none.
/// </param>
public sealed record AgreementRecord(
    string Id, Role Role, string Peer, string Product, string Title, Policy Policy, DateTimeOffset AgreedAt,
    string? Negotiation, bool Manual, TableSchema? Schema, DefaultPlan? Default, WithdrawalRecord? Withdrawal,
    IReadOnlyList<DutyRecord>? Duties = null, QueryDefinition? Query = null,
    QuerySignature? Signature = null, IReadOnlyDictionary<string, Mask>? Masks = null,
    IReadOnlyDictionary<string, Mask>? SensitiveSince = null)
{
    /// <summary>What the provider hides now: what was frozen, and what has become sensitive since.</summary>
    public DefaultPlan? Hidden => (Default, SensitiveSince) is ({ } frozen, { } since)
        ? frozen with { Masks = frozen.Masks.Concat(since).ToDictionary() }
        : Default;

    /// <summary>What the holder masks besides the terms, as far as known here; of a query no column leaves.</summary>
    public IReadOnlyDictionary<string, Mask>? MasksBesides => Query is null ? Hidden?.Masks ?? Masks : null;

    /// <summary>The preconditions that were found met, as the policy evaluator names them.</summary>
    public IReadOnlyList<string> DutiesDone => [.. (Duties ?? []).Select(d => d.Path)];
}

/// <summary>That the provider found a precondition met.</summary>
/// <param name="Path">Which: <c>permission[0].duty[0]</c> of the agreement.</param>
/// <param name="Note">What it rests on, such as the number of an invoice.</param>
public sealed record DutyRecord(string Path, string? Note, DateTimeOffset At);

/// <summary>That the provider withdrew, on which ground.</summary>
/// <param name="Ground">Null at the consumer: there is no message for it, so its provider says it in words.</param>
/// <param name="Note">The provider's word to the other side; at the consumer, what it was told.</param>
public sealed record WithdrawalRecord(string? Ground, string? Note, DateTimeOffset At)
{
    /// <summary>The code of a refusal that says so.</summary>
    public const string Code = "withdrawn";

    /// <summary>How a use after it is refused.</summary>
    public Refusal Refusal() => new(
        Code,
        $"The provider withdrew this agreement on {At:yyyy-MM-dd} (ground: {Ground})."
        + (Note is null ? "" : $" It says: {Note}"),
        "withdrawal");
}

/// <summary>What was read under an agreement so far, reservations included.</summary>
public sealed record UsageRecord(long Reads, long Rows, long Bytes)
{
    public static UsageRecord None { get; } = new(0, 0, 0);
}
