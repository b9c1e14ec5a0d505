using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Negotiations;

/// <summary>What an agreement must keep of the offer that was agreed on (DSP 2025-1, agreement message).</summary>
internal static class AgreementCheck
{
    public static Refusal? Objection(Policy agreement, Policy offer, string provider, string consumer)
    {
        if (agreement.Kind != PolicyKind.Agreement)
            return new Refusal("no-agreement", "Send a policy of type Agreement.");
        if (agreement.Timestamp is null)
            return new Refusal("no-timestamp", "An agreement must say when it was made: add a timestamp.");
        if (agreement.Assigner != provider) return Differs("assigner must be the provider");
        if (agreement.Assignee != consumer) return Differs("assignee must be the consumer");
        if (agreement.Target != offer.Target) return Differs("target must be that of the last offer");
        return Policy.SameTerms(agreement, offer) ? null : Differs("rules must be those of the last offer");
    }

    private static Refusal Differs(string must) => new("agreement-differs", $"The agreement's {must}.");
}
