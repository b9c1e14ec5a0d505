namespace Millrace.Pure.Tests.Simulation;

/// <summary>Both sides of one process, for who watches them: neither peer sees this.</summary>
internal sealed class Pair(string kind, string pid)
{
    public string Kind => kind;

    /// <summary>The side that opened it.</summary>
    public Side? First { get; set; }

    /// <summary>The side that took it up, once the opening message has arrived.</summary>
    public Side? Second { get; set; }

    /// <summary>
    /// Messages crossed, or one was refused: until all answers are in, the states need not explain each other.
    /// </summary>
    public bool IsDisputed { get; set; }

    /// <summary>What was seen last: the states, and whether they were the same with nothing under way.</summary>
    public (string? First, string? Second, bool IsCommon) Seen { get; set; }

    public bool IsSilent => First is not { Outbox.Count: > 0 } && Second is not { Outbox.Count: > 0 };

    public override string ToString() => $"{kind} {pid}: {Describe(First)} | {Describe(Second)}";

    private static string Describe(Side? side) => side is null
        ? "none"
        : $"{side.State} [{string.Join(", ", side.Outbox.Select(p => p.Message?.GetType().Name ?? "question"))}]";
}
