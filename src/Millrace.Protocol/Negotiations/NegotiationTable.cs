using static Millrace.Protocol.Negotiations.NegotiationState;
using static Millrace.Protocol.Role;

namespace Millrace.Protocol.Negotiations;

/// <summary>The arrows of the state diagram (DSP 2025-1, contract negotiation protocol, state machine).</summary>
internal static class NegotiationTable
{
    /// <summary>Where a message leads, or null if this side may not send it in this state.</summary>
    /// <remarks>
    /// The diagram draws a termination out of ACCEPTED and VERIFIED for the provider only, and out of AGREED for the
    /// consumer only; the text lets either side end it in any state that is not final. The text is followed. A second
    /// offer in OFFERED is in neither.
    /// </remarks>
    public static NegotiationState? Next(NegotiationState from, Role sender, NegotiationMessage message) =>
        (from, sender, message) switch
        {
            (Requested, Provider, ContractOffer) => Offered,
            (Requested or Accepted, Provider, ContractAgreement) => Agreed,
            (Offered, Consumer, ContractRequest) => Requested,
            (Offered, Consumer, OfferAccepted) => Accepted,
            (Agreed, Consumer, AgreementVerified) => Verified,
            (Verified, Provider, NegotiationFinalized) => Finalized,
            (not (Finalized or Terminated), _, NegotiationEnded) => Terminated,
            _ => null,
        };

    /// <summary>Whether one message of this side leads there, other than one that ends it.</summary>
    public static bool MayCome(NegotiationState from, Role sender, NegotiationState to) => (from, sender, to) is
        (Requested, Provider, Offered or Agreed) or (Accepted, Provider, Agreed) or (Verified, Provider, Finalized) or
        (Offered, Consumer, Requested or Accepted) or (Agreed, Consumer, Verified);
}
