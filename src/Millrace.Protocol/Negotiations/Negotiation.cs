using Millrace.Protocol.Policies;
using static Millrace.Protocol.Negotiations.NegotiationState;

namespace Millrace.Protocol.Negotiations;

/// <summary>
/// A contract negotiation as one side knows it (DSP 2025-1, contract negotiation protocol). Immutable: a message yields
/// the next record or a refusal. The same rules hold for what is received and for what is sent.
/// </summary>
public sealed record Negotiation
{
    /// <summary>How many offers may be made, one after the other, before a side must decide.</summary>
    public const int OffersMax = 64;

    public required Role Role { get; init; }

    public required Parties Parties { get; init; }

    /// <summary>This side's name for the negotiation, an IRI that is never used again.</summary>
    public required string OwnPid { get; init; }

    /// <summary>The peer's name for it; null until the peer has answered or sent its first message.</summary>
    public string? PeerPid { get; init; }

    /// <summary>The base URL at which the peer takes our messages.</summary>
    public required Uri Callback { get; init; }

    public required NegotiationState State { get; init; }

    /// <summary>All offers in order; never empty, the last one is on the table.</summary>
    public required IReadOnlyList<Proposal> Offers { get; init; }

    /// <summary>There from <see cref="Agreed"/> on; it binds in <see cref="Finalized"/> only.</summary>
    public Policy? Agreement { get; init; }

    /// <summary>Why it was terminated, if it was.</summary>
    public Notice? Ending { get; init; }

    public string Peer => Parties.Peer;

    public string? ConsumerPid => Pids.Consumer;

    public string? ProviderPid => Pids.Provider;

    /// <summary>The offer on the table.</summary>
    public Proposal LastOffer => Offers[^1];

    public bool IsFinal => State is Finalized or Terminated;

    /// <summary>Whose message is next; null in a final state. Either side may end it at any time before.</summary>
    public Role? Turn => State switch
    {
        Requested or Accepted or Verified => Role.Provider,
        Offered or Agreed => Role.Consumer,
        _ => null,
    };

    private Pids Pids => new(Role, OwnPid, PeerPid);

    /// <summary>Provider: a consumer's first request has come in.</summary>
    /// <param name="providerPid">A fresh name.</param>
    public static Decision<Negotiation> Open(ContractRequest request, Parties parties, string providerPid) =>
        Begin(request, request.Offer, request.CallbackAddress, request.ProviderPid, new Negotiation
        {
            Role = Role.Provider, Parties = parties, OwnPid = providerPid, PeerPid = request.ConsumerPid,
            Callback = request.CallbackAddress!, State = Requested, Offers = [],
        });

    /// <summary>Consumer: a provider's first offer has come in.</summary>
    /// <param name="consumerPid">A fresh name.</param>
    public static Decision<Negotiation> Open(ContractOffer offer, Parties parties, string consumerPid) =>
        Begin(offer, offer.Offer, offer.CallbackAddress, offer.ConsumerPid, new Negotiation
        {
            Role = Role.Consumer, Parties = parties, OwnPid = consumerPid, PeerPid = offer.ProviderPid,
            Callback = offer.CallbackAddress!, State = Offered, Offers = [],
        });

    /// <summary>Consumer: our first request goes out.</summary>
    /// <param name="address">The provider's base URL.</param>
    public static Decision<Negotiation> Start(ContractRequest request, Parties parties, Uri address) =>
        Begin(request, request.Offer, request.CallbackAddress, request.ProviderPid, new Negotiation
        {
            Role = Role.Consumer, Parties = parties, OwnPid = request.ConsumerPid,
            Callback = address, State = Requested, Offers = [],
        });

    /// <summary>Provider: our first offer goes out.</summary>
    /// <param name="address">The consumer's base URL.</param>
    public static Decision<Negotiation> Start(ContractOffer offer, Parties parties, Uri address) =>
        Begin(offer, offer.Offer, offer.CallbackAddress, offer.ConsumerPid, new Negotiation
        {
            Role = Role.Provider, Parties = parties, OwnPid = offer.ProviderPid,
            Callback = address, State = Offered, Offers = [],
        });

    /// <summary>A message of the peer has come in. A refusal changes nothing: answer it with an error.</summary>
    public Decision<Negotiation> Receive(NegotiationMessage message) => Apply(Role.Other(), message);

    /// <summary>A message of ours goes out: the state after it, before the peer has answered.</summary>
    public Decision<Negotiation> Send(NegotiationMessage message) => Apply(Role, message);

    /// <summary>
    /// The peer's answer to our opening message, from which its pid is learnt. Its state is not compared: its next
    /// message may have overtaken the answer.
    /// </summary>
    public Decision<Negotiation> Acknowledge(NegotiationStatus answer) =>
        Pids.Mismatch(Role.Other(), answer.ConsumerPid, answer.ProviderPid) is { } refusal
            ? refusal
            : this with { PeerPid = Pids.PeerIn(answer.ConsumerPid, answer.ProviderPid) };

    /// <summary>
    /// How we stand to the state that the peer says it is in, after it has refused a message of ours. A negotiation is
    /// spoken in turns, so that sides differ only after a refusal.
    /// </summary>
    public Standing Reconcile(NegotiationStatus theirs) => theirs.State == State
        ? Standing.Same
        : NegotiationTable.MayCome(State, Role.Other(), theirs.State) ? Standing.PeerAhead : Standing.Apart;

    /// <summary>
    /// Ends the negotiation where both sides cannot go on together, even one that we had finalized: the peer then has
    /// not. It is told wherever its pid is known; where it has ended it too, it answers with an error.
    /// </summary>
    /// <param name="messageId">A fresh id.</param>
    /// <returns>The state after it, the message that says so, and whether it can be sent.</returns>
    public (Negotiation Next, NegotiationEnded Message, bool Tells) End(string messageId, Refusal why)
    {
        var message = new NegotiationEnded(messageId, ConsumerPid ?? "", ProviderPid ?? "", why.Code, [why.Reason]);
        var next = State == Terminated
            ? this
            : this with { State = Terminated, Ending = new Notice(Role, why.Code, [why.Reason]) };
        return (next, message, State != Terminated && PeerPid is not null);
    }

    /// <summary>What to answer when the peer asks for the state; null while the peer's pid is not known.</summary>
    public NegotiationStatus? Status(string? messageId = null) =>
        ConsumerPid is { } consumer && ProviderPid is { } provider
            ? new NegotiationStatus(messageId, consumer, provider, State)
            : null;

    private static Decision<Negotiation> Begin(
        NegotiationMessage message, Policy offer, Uri? callback, string? answered, Negotiation start)
    {
        if (answered is not null)
            return new Refusal("wrong-pid", "An opening message must not name a pid of the other side.");
        if (callback is null)
            return new Refusal("no-callback", "An opening message must name a callbackAddress.");
        return Proposal.Objection(offer) is { } refusal
            ? refusal
            : start with { Offers = [new Proposal(message is ContractRequest ? Role.Consumer : Role.Provider, offer)] };
    }

    private Decision<Negotiation> Apply(Role sender, NegotiationMessage message)
    {
        if (Pids.Mismatch(sender, message.ConsumerPid, message.ProviderPid) is { } stranger) return stranger;
        if (NegotiationTable.Next(State, sender, message) is not { } next) return NotNow(sender, message);
        var moved = this with { State = next, PeerPid = Pids.PeerIn(message.ConsumerPid, message.ProviderPid) };
        return message switch
        {
            ContractRequest m => moved.Table(sender, m.Offer),
            ContractOffer m => moved.Table(sender, m.Offer),
            ContractAgreement m => moved.Agree(m.Agreement),
            NegotiationEnded m => moved with { Ending = new Notice(sender, m.Code, m.Reasons) },
            _ => moved,
        };
    }

    private Decision<Negotiation> Table(Role sender, Policy offer)
    {
        if (Offers.Count >= OffersMax)
            return new Refusal("too-many-offers", $"After {OffersMax} offers accept the last one or end it.");
        return Proposal.Objection(offer) is { } refusal
            ? refusal
            : this with { Offers = [.. Offers, new Proposal(sender, offer)] };
    }

    private Decision<Negotiation> Agree(Policy agreement) =>
        AgreementCheck.Objection(
            agreement, LastOffer.Offer, Parties.Provider(Role), Parties.Consumer(Role)) is { } refusal
            ? refusal
            : this with { Agreement = agreement };

    private Refusal NotNow(Role sender, NegotiationMessage message)
    {
        if ((State, sender, message) is (Requested, Role.Consumer, OfferAccepted))
            return new Refusal("own-offer", "The offer on the table is the consumer's own: wait for the provider.");
        var verb = message switch
        {
            ContractRequest => "request",
            ContractOffer => "offer",
            OfferAccepted => "accept",
            ContractAgreement => "agree",
            AgreementVerified => "verify",
            NegotiationFinalized => "finalize",
            _ => "terminate",
        };
        var state = State.ToString().ToLowerInvariant();
        return new Refusal("bad-transition", $"The {sender.Name()} cannot {verb} in a negotiation that is {state}.");
    }
}
