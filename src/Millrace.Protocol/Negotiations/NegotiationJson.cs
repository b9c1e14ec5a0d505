using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Negotiations;

/// <summary>The wire form of the negotiation messages (DSP 2025-1, schemas below <c>negotiation/</c>).</summary>
internal static class NegotiationJson
{
    public static readonly IReadOnlyList<WireType> Types =
    [
        WireType.Of("ContractRequestMessage", ReadRequest),
        WireType.Of("ContractOfferMessage", ReadOffer),
        WireType.Of("ContractAgreementMessage", o => new ContractAgreement(
            Id(o), Consumer(o), Provider(o), o.Policy("agreement", PolicyKind.Agreement))),
        WireType.Of("ContractAgreementVerificationMessage", o => new AgreementVerified(
            Id(o), Consumer(o), Provider(o))),
        WireType.Of<NegotiationEvent>("ContractNegotiationEventMessage", o => o.Word<Event>("eventType") switch
        {
            Event.Accepted => new OfferAccepted(Id(o), Consumer(o), Provider(o)),
            _ => new NegotiationFinalized(Id(o), Consumer(o), Provider(o)),
        }),
        WireType.Of("ContractNegotiationTerminationMessage", o => new NegotiationEnded(
            Id(o), Consumer(o), Provider(o), o.OptionalText("code"), o.Texts("reason"))),
        WireType.Of("ContractNegotiation", o => new NegotiationStatus(
            Id(o), Consumer(o), Provider(o), o.Word<NegotiationState>("state"))),
        WireType.Of("ContractNegotiationError", o => new NegotiationRefused(
            Id(o), Consumer(o), Provider(o), o.OptionalText("code"), o.Texts("reason"))),
    ];

    private enum Event
    {
        Accepted,
        Finalized,
    }

    public static void Write(Utf8JsonWriter writer, NegotiationMessage message)
    {
        writer.WriteType(TypeOf(message), message.Id);
        writer.WriteOptional("providerPid", message.ProviderPid);
        writer.WriteOptional("consumerPid", message.ConsumerPid);
        switch (message)
        {
            case ContractRequest m: WriteOffer(writer, m.Offer, m.CallbackAddress, m.ProviderPid); break;
            case ContractOffer m: WriteOffer(writer, m.Offer, m.CallbackAddress, m.ConsumerPid); break;
            case ContractAgreement m: writer.WritePolicy("agreement", m.Agreement); break;
            case OfferAccepted: writer.WriteWord("eventType", Event.Accepted); break;
            case NegotiationFinalized: writer.WriteWord("eventType", Event.Finalized); break;
            case NegotiationEnded m: WriteWhy(writer, m.Code, m.Reasons); break;
            case NegotiationRefused m: WriteWhy(writer, m.Code, m.Reasons); break;
            case NegotiationStatus m: writer.WriteWord("state", m.State); break;
        }
    }

    private static string TypeOf(NegotiationMessage message) => message switch
    {
        ContractRequest => "ContractRequestMessage",
        ContractOffer => "ContractOfferMessage",
        ContractAgreement => "ContractAgreementMessage",
        AgreementVerified => "ContractAgreementVerificationMessage",
        NegotiationEvent => "ContractNegotiationEventMessage",
        NegotiationEnded => "ContractNegotiationTerminationMessage",
        NegotiationStatus => "ContractNegotiation",
        NegotiationRefused => "ContractNegotiationError",
        _ => throw new ArgumentException($"{message.GetType().Name} is no message of the protocol."),
    };

    private static ContractRequest ReadRequest(WireObject o)
    {
        o.ExactlyOne("callbackAddress", "providerPid");
        return new ContractRequest(
            Id(o), Consumer(o), o.OptionalText("providerPid"), o.Policy("offer", PolicyKind.Offer),
            o.OptionalCallback());
    }

    private static ContractOffer ReadOffer(WireObject o)
    {
        o.ExactlyOne("callbackAddress", "consumerPid");
        return new ContractOffer(
            Id(o), o.OptionalText("consumerPid"), Provider(o), o.Policy("offer", PolicyKind.Offer),
            o.OptionalCallback());
    }

    private static void WriteOffer(Utf8JsonWriter writer, Policy offer, Uri? callback, string? answered)
    {
        if (callback is null == answered is null)
            throw new ArgumentException("Give a callback address to open a negotiation, or the pid that is answered.");
        writer.WritePolicy("offer", offer);
        writer.WriteOptional("callbackAddress", callback);
    }

    private static void WriteWhy(Utf8JsonWriter writer, string? code, IReadOnlyList<string> reasons)
    {
        writer.WriteOptional("code", code);
        writer.WriteTexts("reason", reasons);
    }

    private static string? Id(WireObject o) => o.OptionalText("@id");

    private static string Consumer(WireObject o) => o.Text("consumerPid");

    private static string Provider(WireObject o) => o.Text("providerPid");
}
