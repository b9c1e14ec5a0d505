using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Pure.Tests.OnTheWire;
using static Millrace.Pure.Tests.OnTheWire.Samples;

namespace Millrace.Pure.Tests.Negotiations;

internal static class NegotiationSamples
{
    /// <summary>One of each message, all about the same negotiation.</summary>
    public static readonly IReadOnlyDictionary<string, NegotiationMessage> Messages =
        new Dictionary<string, NegotiationMessage>
        {
            ["request"] = new ContractRequest(null, ConsumerPid, ProviderPid, Offer, null),
            ["offer"] = new ContractOffer(null, ConsumerPid, ProviderPid, Offer, null),
            ["accepted"] = new OfferAccepted(null, ConsumerPid, ProviderPid),
            ["agreement"] = new ContractAgreement(null, ConsumerPid, ProviderPid, Agreement),
            ["verified"] = new AgreementVerified(null, ConsumerPid, ProviderPid),
            ["finalized"] = new NegotiationFinalized(null, ConsumerPid, ProviderPid),
            ["ended"] = new NegotiationEnded(null, ConsumerPid, ProviderPid, "1", ["Enough."]),
            ["status"] = new NegotiationStatus(null, ConsumerPid, ProviderPid, NegotiationState.Requested),
            ["refused"] = new NegotiationRefused(null, ConsumerPid, ProviderPid, null, []),
        };

    public static readonly ContractRequest Opening = new("urn:uuid:m1", ConsumerPid, null, Offer, ConsumerBase);

    public static readonly ContractOffer OpeningOffer = new("urn:uuid:m1", null, ProviderPid, Offer, ProviderBase);

    /// <summary>Opened by the consumer's request, seen from one side, when both pids are known.</summary>
    public static Negotiation Opened(Role own) => own == Role.Provider
        ? Golden.Accept(Negotiation.Open(Opening, OfProvider, ProviderPid))
        : Golden.Accept(Negotiation.Start(Opening, OfConsumer, ProviderBase)) with { PeerPid = ProviderPid };

    public static Negotiation In(Role own, NegotiationState state) => Opened(own) with { State = state };
}
