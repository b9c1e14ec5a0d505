using static Millrace.Protocol.Transfers.TransferState;

namespace Millrace.Protocol.Transfers;

/// <summary>
/// Access under an agreement as one side knows it (DSP 2025-1, transfer process protocol). Immutable: a message yields
/// the next record or a refusal. The same rules hold for what is received and for what is sent.
/// </summary>
public sealed record Transfer
{
    public required Role Role { get; init; }

    public required Parties Parties { get; init; }

    /// <summary>This side's name for the transfer, an IRI that is never used again.</summary>
    public required string OwnPid { get; init; }

    /// <summary>The peer's name for it; null until the peer has answered or sent its first message.</summary>
    public string? PeerPid { get; init; }

    /// <summary>The base URL at which the peer takes our messages.</summary>
    public required Uri Callback { get; init; }

    public required TransferState State { get; init; }

    /// <summary>What was asked for.</summary>
    public required TransferRequest Request { get; init; }

    /// <summary>Where the data is fetched from, as last stated; of a push transfer, where it is sent.</summary>
    public DataAddress? DataAddress { get; init; }

    /// <summary>Why it is suspended, while it is.</summary>
    public Notice? Suspension { get; init; }

    /// <summary>Why it was terminated, if it was.</summary>
    public Notice? Ending { get; init; }

    public string AgreementId => Request.AgreementId;

    public string Format => Request.Format;

    public string? SignedPurpose => Request.SignedPurpose;

    /// <summary>The provider sends the data to an address of the consumer; else the consumer fetches it.</summary>
    public bool IsPush => Request.DataAddress is not null;

    public string Peer => Parties.Peer;

    public string? ConsumerPid => Pids.Consumer;

    public string? ProviderPid => Pids.Provider;

    public bool IsFinal => State is Completed or Terminated;

    /// <summary>
    /// The provider suspended it. DSP lets either side resume; but a provider that stopped the reading must be able to
    /// rely on it, so that here only it resumes.
    /// </summary>
    public bool IsHeld => State == Suspended && Suspension?.By == Role.Provider;

    private Pids Pids => new(Role, OwnPid, PeerPid);

    /// <summary>What a consumer hears that would go on all the same.</summary>
    public static Refusal OnHold { get; } = new(
        "on-hold", "The provider holds access under this agreement: it must let it go on first.");

    /// <summary>Provider: a consumer's request has come in. The caller has checked the agreement.</summary>
    /// <param name="providerPid">A fresh name.</param>
    public static Transfer Open(TransferRequest request, Parties parties, string providerPid) => new()
    {
        Role = Role.Provider, Parties = parties, OwnPid = providerPid, PeerPid = request.ConsumerPid,
        Callback = request.CallbackAddress, State = Requested, Request = request, DataAddress = request.DataAddress,
    };

    /// <summary>Consumer: our request goes out.</summary>
    /// <param name="address">The provider's base URL.</param>
    public static Transfer Start(TransferRequest request, Parties parties, Uri address) => new()
    {
        Role = Role.Consumer, Parties = parties, OwnPid = request.ConsumerPid,
        Callback = address, State = Requested, Request = request, DataAddress = request.DataAddress,
    };

    /// <summary>A message of the peer has come in. A refusal changes nothing: answer it with an error.</summary>
    public Decision<Transfer> Receive(TransferMessage message) => Apply(Role.Other(), message);

    /// <summary>A message of ours goes out: the state after it, before the peer has answered.</summary>
    public Decision<Transfer> Send(TransferMessage message) => Apply(Role, message);

    /// <summary>
    /// The provider's answer to our request, from which its pid is learnt. Its state is not compared: its next message
    /// may have overtaken the answer.
    /// </summary>
    public Decision<Transfer> Acknowledge(TransferStatus answer) =>
        Pids.Mismatch(Role.Other(), answer.ConsumerPid, answer.ProviderPid) is { } refusal
            ? refusal
            : this with { PeerPid = Pids.PeerIn(answer.ConsumerPid, answer.ProviderPid) };

    /// <summary>
    /// How we stand to the state that the peer says it is in: after it has refused a message of ours, and after an
    /// answer that names another state. A suspension that arrives after the next resumption is accepted, and nobody is
    /// refused.
    /// </summary>
    public Standing Reconcile(TransferStatus theirs) => theirs.State == State
        ? Standing.Same
        // From a state that is not final a peer may go to any of these by itself.
        : !IsFinal && theirs.State is Started or Suspended or Completed
            ? Standing.PeerAhead : Standing.Apart;

    /// <summary>
    /// Ends the transfer where both sides cannot go on together, even one that we had completed: the peer then has not.
    /// It is told wherever its pid is known; where it has ended it too, it answers with an error.
    /// </summary>
    /// <param name="messageId">A fresh id.</param>
    /// <returns>The state after it, the message that says so, and whether it can be sent.</returns>
    public (Transfer Next, TransferEnded Message, bool Tells) End(string messageId, Refusal why)
    {
        var message = new TransferEnded(messageId, ConsumerPid ?? "", ProviderPid ?? "", why.Code, [why.Reason]);
        var next = State == Terminated
            ? this
            : this with
            {
                State = Terminated, Suspension = null, Ending = new Notice(Role, why.Code, [why.Reason]),
            };
        return (next, message, State != Terminated && PeerPid is not null);
    }

    /// <summary>What to answer when the peer asks for the state; null while the peer's pid is not known.</summary>
    public TransferStatus? Status(string? messageId = null) =>
        ConsumerPid is { } consumer && ProviderPid is { } provider
            ? new TransferStatus(messageId, consumer, provider, State)
            : null;

    private Decision<Transfer> Apply(Role sender, TransferMessage message)
    {
        if (message is TransferRequest request) return Repeat(sender, request);
        if (Pids.Mismatch(sender, message.ConsumerPid, message.ProviderPid) is { } stranger) return stranger;
        if (IsHeld && sender == Role.Consumer && message is TransferStarted) return OnHold;
        if (Next(sender, message) is not { } next) return NotNow(sender, message);
        if (message is TransferStarted { DataAddress: null } && State == Requested && !IsPush)
            return new Refusal("no-data-address", "The start of a pull transfer must carry a dataAddress.");
        var moved = this with
        {
            State = next, Suspension = null, PeerPid = Pids.PeerIn(message.ConsumerPid, message.ProviderPid),
        };
        return message switch
        {
            // A resumption may bring a fresh address, or leave the old one in force. The consumer has none to give.
            TransferStarted m => moved with
            {
                DataAddress = sender == Role.Provider ? m.DataAddress ?? DataAddress : DataAddress,
            },
            TransferSuspended m => moved with { Suspension = new Notice(sender, m.Code, m.Reasons) },
            TransferEnded m => moved with { Ending = new Notice(sender, m.Code, m.Reasons) },
            _ => moved,
        };
    }

    /// <summary>A request is idempotent: the same one again is accepted and changes nothing.</summary>
    private Decision<Transfer> Repeat(Role sender, TransferRequest request)
    {
        if (sender != Role.Consumer) return NotNow(sender, request);
        if (request.ConsumerPid != ConsumerPid)
            return new Refusal("wrong-pid", "Name the consumerPid of this process.");
        return request.AgreementId == AgreementId && request.Format == Format
            ? this
            : new Refusal("request-differs", "This consumerPid stands for another request: use a fresh one.");
    }

    /// <summary>The provider may hold what the consumer suspended: the two may cross.</summary>
    private TransferState? Next(Role sender, TransferMessage message) =>
        State == Suspended && Suspension?.By == Role.Consumer && sender == Role.Provider && message is TransferSuspended
            ? Suspended
            : TransferTable.Next(State, sender, message);

    private Refusal NotNow(Role sender, TransferMessage message)
    {
        var verb = message switch
        {
            TransferRequest => "request",
            TransferStarted => "start",
            TransferSuspended => "suspend",
            TransferCompleted => "complete",
            _ => "terminate",
        };
        var state = State.ToString().ToLowerInvariant();
        return new("bad-transition", $"The {sender.Name()} cannot {verb} a transfer that is {state}.");
    }
}
