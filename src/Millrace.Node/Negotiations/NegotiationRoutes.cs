using Millrace.Protocol;
using Millrace.Protocol.Negotiations;

namespace Millrace.Node.Negotiations;

/// <summary>Where a negotiation message goes: DSP 2025-1, contract negotiation, HTTPS binding.</summary>
internal static class NegotiationRoutes
{
    /// <summary>The URL below the peer's base; the peer's pid is escaped, for it may hold anything.</summary>
    public static Uri To(Negotiation negotiation, NegotiationMessage message)
    {
        var path = message switch
        {
            ContractRequest { ProviderPid: null } => "request",
            ContractOffer { ConsumerPid: null } => "offers",
            ContractRequest => Below(negotiation, "request"),
            ContractOffer => Below(negotiation, "offers"),
            ContractAgreement => Below(negotiation, "agreement"),
            AgreementVerified => Below(negotiation, "agreement/verification"),
            NegotiationEvent => Below(negotiation, "events"),
            NegotiationEnded => Below(negotiation, "termination"),
            _ => throw new ArgumentException($"{message.GetType().Name} is an answer, not a request.", nameof(message)),
        };
        return At(negotiation, path);
    }

    /// <summary>Where the peer answers for its state.</summary>
    public static Uri Of(Negotiation negotiation) => At(negotiation, Pid(negotiation));

    private static Uri At(Negotiation negotiation, string path) =>
        new($"{negotiation.Callback.AbsoluteUri.TrimEnd('/')}/negotiations/{path}");

    private static string Below(Negotiation negotiation, string path) => $"{Pid(negotiation)}/{path}";

    private static string Pid(Negotiation negotiation) => Uri.EscapeDataString(Check.NotNull(negotiation.PeerPid));
}
