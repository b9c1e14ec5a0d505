namespace Millrace.Protocol;

/// <summary>
/// The two names of one process, seen from one side: each side makes its own (DSP 2025-1: <c>consumerPid</c>,
/// <c>providerPid</c>). Who started a process learns the peer's from its first answer or message, whichever is first.
/// </summary>
internal readonly record struct Pids(Role Role, string Own, string? Peer)
{
    public string? Consumer => Role == Role.Consumer ? Own : Peer;

    public string? Provider => Role == Role.Provider ? Own : Peer;

    /// <summary>The peer's name as a message states it.</summary>
    public string? PeerIn(string? consumerPid, string? providerPid) =>
        Role == Role.Consumer ? providerPid : consumerPid;

    /// <summary>Refuses a message that does not name this process on both sides.</summary>
    /// <param name="sender">Only the peer may teach us its own name.</param>
    public Refusal? Mismatch(Role sender, string? consumerPid, string? providerPid)
    {
        var own = Role == Role.Consumer ? consumerPid : providerPid;
        var peer = PeerIn(consumerPid, providerPid);
        var learns = Peer is null && sender != Role && peer is not null;
        if (own == Own && (learns || (peer is not null && peer == Peer))) return null;
        return own == Own && Peer is null
            ? new Refusal("wrong-pid", "The peer's pid is not known yet: wait for its answer.")
            : new Refusal("wrong-pid", "Name the consumerPid and the providerPid of this process.");
    }
}
