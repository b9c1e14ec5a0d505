using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Negotiations;

/// <summary>An offer laid on the table, and by whom.</summary>
public sealed record Proposal(Role By, Policy Offer)
{
    internal static Refusal? Objection(Policy offer)
    {
        if (offer.Kind != PolicyKind.Offer) return new Refusal("no-offer", "Send a policy of type Offer.");
        // The schema asks for it only in ContractOfferMessage, the text everywhere.
        return offer.Target is null ? new Refusal("no-target", "An offer must name its data set as target.") : null;
    }
}
