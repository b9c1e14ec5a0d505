namespace Millrace.Protocol;

/// <summary>
/// What one side remembers of the peer's newest messages about a process, by their ids: a repeat has no effect, and
/// gets the answer that it got before. Refusals are remembered too, for a copy that comes late may meet a state that
/// would allow it, when the peer has long heard that it was refused.
/// </summary>
public sealed record Answers(IReadOnlyList<string> Accepted, IReadOnlyList<string> Refused)
{
    public static Answers None { get; } = new([], []);

    /// <summary>Whether it is a repeat of a message that was accepted: accept it again, and do nothing.</summary>
    public bool HasAccepted(string? id) => id is not null && Accepted.Contains(id);

    /// <summary>The answer to a repeat of a message that was refused; null for any other.</summary>
    public Refusal? Again(string? id) => id is not null && Refused.Contains(id)
        ? new Refusal("refused-before", "This very message was refused before: send another, with an id of its own.")
        : null;

    /// <param name="idsMax">How many are remembered.</param>
    public Answers Accept(string? id, int idsMax) => this with { Accepted = Remember(Accepted, id, idsMax) };

    /// <inheritdoc cref="Accept"/>
    public Answers Refuse(string? id, int idsMax) => this with { Refused = Remember(Refused, id, idsMax) };

    private static IReadOnlyList<string> Remember(IReadOnlyList<string> ids, string? id, int idsMax) =>
        id is null ? ids : [.. ids.TakeLast(idsMax - 1), id];
}
