namespace Millrace.Protocol;

/// <summary>How our state of a process stands to the one that the peer says it is in.</summary>
public enum Standing
{
    /// <summary>Both are in the same state.</summary>
    Same,

    /// <summary>They differ by what the peer may have sent, and we not yet received.</summary>
    PeerAhead,

    /// <summary>They differ, and no message on its way mends that.</summary>
    Apart,

    /// <summary>The peer does not say.</summary>
    Unsaid,
}

/// <summary>What the peer's answer means for a <see cref="Doubt"/>.</summary>
public enum Verdict
{
    /// <summary>Both sides are in the same state: nothing is to be done.</summary>
    Settled,

    /// <summary>The answer does not tell yet.</summary>
    AskAgain,

    /// <summary>The sides differ: the process must end (DSP 2025-1, contract negotiation, states).</summary>
    End,
}

/// <summary>
/// A side's doubt whether the peer is in the same state, since it refused a message that may have crossed one of its
/// own, or answered with another state. The peer is asked for its state once nothing else is left to send.
/// </summary>
/// <param name="Version">Of our record when we asked: an answer is older than what we have become since.</param>
/// <param name="Asked">How often the answer did not tell.</param>
/// <param name="Refusal">Why the process ends if the sides differ.</param>
public sealed record Doubt(long Version, int Asked, Refusal Refusal)
{
    /// <summary>The peer took our message, and named another state in its answer.</summary>
    public const string StateDiffers = "state-differs";

    /// <summary>What follows from the peer's answer.</summary>
    /// <param name="version">Of our record now.</param>
    /// <param name="askedMax">How often a peer is asked whose message may still be on its way.</param>
    public Verdict Weigh(Standing standing, long version, int askedMax) => standing switch
    {
        Standing.Same => Verdict.Settled,
        // It took our message. Its answer may be older than what we have had from it since, and nothing else speaks
        // against it.
        Standing.Unsaid when Refusal.Code == StateDiffers => Verdict.Settled,
        // What we have become since may be final, and the end of that could not be told any more.
        _ when version != Version => Verdict.AskAgain,
        Standing.PeerAhead when Asked < askedMax => Verdict.AskAgain,
        _ => Verdict.End,
    };

    public Doubt Again(long version) => this with { Version = version, Asked = Asked + 1 };
}
