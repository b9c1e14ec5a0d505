using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Negotiations;

/// <summary>A message of a contract negotiation (DSP 2025-1, contract negotiation protocol, message types).</summary>
/// <param name="Id">The message's own <c>@id</c>, by which a repeat is known; some peers send none.</param>
public abstract record NegotiationMessage(string? Id) : Message
{
    /// <summary>The consumer's name for the negotiation; null only before the consumer has answered.</summary>
    public abstract string? ConsumerPid { get; }

    /// <summary>The provider's name for the negotiation; null only before the provider has answered.</summary>
    public abstract string? ProviderPid { get; }
}

/// <summary>Consumer: opens a negotiation, or answers an offer by a counter-offer.</summary>
/// <param name="ProviderPid">Null when it opens, else whose offer it answers.</param>
/// <param name="Offer">With its target, and with all its rules: an id alone is not enough.</param>
/// <param name="CallbackAddress">Where the provider sends its messages: given exactly when it opens.</param>
public sealed record ContractRequest(
    string? Id, string ConsumerPid, string? ProviderPid, Policy Offer, Uri? CallbackAddress) : NegotiationMessage(Id)
{
    public override string ConsumerPid { get; } = ConsumerPid;

    public override string? ProviderPid { get; } = ProviderPid;
}

/// <summary>Provider: opens a negotiation, or answers a request by an offer.</summary>
/// <param name="ConsumerPid">Null when it opens, else whose request it answers.</param>
/// <param name="CallbackAddress">Where the consumer sends its messages: given exactly when it opens.</param>
public sealed record ContractOffer(
    string? Id, string? ConsumerPid, string ProviderPid, Policy Offer, Uri? CallbackAddress) : NegotiationMessage(Id)
{
    public override string? ConsumerPid { get; } = ConsumerPid;

    public override string ProviderPid { get; } = ProviderPid;
}

/// <summary>Any message that names the negotiation on both sides.</summary>
public abstract record NegotiationReply(string? Id, string ConsumerPid, string ProviderPid) : NegotiationMessage(Id)
{
    public override string ConsumerPid { get; } = ConsumerPid;

    public override string ProviderPid { get; } = ProviderPid;
}

/// <summary>Provider: agrees to the last offer.</summary>
public sealed record ContractAgreement(string? Id, string ConsumerPid, string ProviderPid, Policy Agreement)
    : NegotiationReply(Id, ConsumerPid, ProviderPid);

/// <summary>Consumer: has checked the agreement and stands by it.</summary>
public sealed record AgreementVerified(string? Id, string ConsumerPid, string ProviderPid)
    : NegotiationReply(Id, ConsumerPid, ProviderPid);

/// <summary>The <c>ContractNegotiationEventMessage</c>: one wire type for two messages.</summary>
public abstract record NegotiationEvent(string? Id, string ConsumerPid, string ProviderPid)
    : NegotiationReply(Id, ConsumerPid, ProviderPid);

/// <summary>Consumer: accepts the provider's offer (event <c>ACCEPTED</c>).</summary>
public sealed record OfferAccepted(string? Id, string ConsumerPid, string ProviderPid)
    : NegotiationEvent(Id, ConsumerPid, ProviderPid);

/// <summary>Provider: from now on the agreement can be used (event <c>FINALIZED</c>).</summary>
public sealed record NegotiationFinalized(string? Id, string ConsumerPid, string ProviderPid)
    : NegotiationEvent(Id, ConsumerPid, ProviderPid);

/// <summary>Either: ends the negotiation without an agreement.</summary>
public sealed record NegotiationEnded(
    string? Id, string ConsumerPid, string ProviderPid, string? Code, IReadOnlyList<string> Reasons)
    : NegotiationReply(Id, ConsumerPid, ProviderPid);

/// <summary>Answer (<c>ContractNegotiation</c>): the state that the answering side is in.</summary>
public sealed record NegotiationStatus(string? Id, string ConsumerPid, string ProviderPid, NegotiationState State)
    : NegotiationReply(Id, ConsumerPid, ProviderPid);

/// <summary>
/// Answer (<c>ContractNegotiationError</c>): the message was not accepted and changed nothing. The schema demands both
/// pids even when one is not known: use a fresh one.
/// </summary>
public sealed record NegotiationRefused(
    string? Id, string ConsumerPid, string ProviderPid, string? Code, IReadOnlyList<string> Reasons)
    : NegotiationReply(Id, ConsumerPid, ProviderPid);
