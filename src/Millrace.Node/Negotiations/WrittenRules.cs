using System.Text.Json.Nodes;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Negotiations;

/// <summary>What the written rule of an offer says to a request, the first one and each counter-offer.</summary>
public sealed class WrittenRules(EvidenceLog evidence, Clock clock)
{
    /// <summary>The code under which the other side learns that our rule refused.</summary>
    public const string RefusedCode = "refused-by-rule";

    /// <summary>The offer of ours that a negotiation is about, where a written rule handles it; else null.</summary>
    public static async Task<OfferRecord?> FindAsync(
        Unit unit, Stored<NegotiationRecord> row, CancellationToken cancel)
    {
        var product = await Tables.Products.FindAsync(unit, row.Participant, row.Value.Dataset, cancel);
        return product?.Value.Offers.FirstOrDefault(
            o => o.Handling == OfferHandling.Rule && o.Policy.Id == row.Value.Process.LastOffer.Offer.Id);
    }

    /// <summary>Decides on what lies on the table.</summary>
    /// <param name="claims">What is known of who asks.</param>
    /// <param name="unkept">Why we may not promise the terms, whatever the rule says; or null.</param>
    /// <returns>The negotiation with the decision as its newest.</returns>
    public NegotiationRecord Decide(
        NegotiationRecord negotiation, OfferRecord offer, Claims claims, string? unkept)
    {
        var (process, rule) = (negotiation.Process, Check.NotNull(offer.Rule));
        var verdict = RuleEvaluator.Decide(
            rule, new OfferRequest(process.Peer, offer.Policy, process.LastOffer.Offer, clock.Now, claims));
        if (verdict.Act == RuleAct.Accept && unkept is not null)
            verdict = verdict with { Act = RuleAct.Ask, Reason = unkept };
        var line = RuleSentences.Describe(rule).FirstOrDefault(s => s.Path == verdict.Path);
        var decision = new RuleDecisionRecord(
            process.Offers.Count, verdict.Path, verdict.Act, verdict.Reason, line?.Text ?? "", line?.TextZh ?? "",
            RuleJson.Hash(rule));
        return negotiation with { Decisions = [.. negotiation.Decisions ?? [], decision] };
    }

    /// <summary>Logs the newest decision with all that it was made on: who, when, which terms, which rule.</summary>
    public Task LogAsync(Unit unit, Stored<NegotiationRecord> row, CancellationToken cancel)
    {
        var (process, decision) = (row.Value.Process, Check.NotNull(row.Value.Decisions)[^1]);
        return evidence.AddAsync(
            unit, row.Participant, EntryType.RequestDecided,
            new JsonObject
            {
                ["negotiation"] = row.Id,
                ["peer"] = process.Peer,
                ["product"] = row.Value.Dataset,
                ["offer"] = process.LastOffer.Offer.Id,
                ["round"] = decision.Round,
                ["outcome"] = decision.Act.ToString().ToLowerInvariant(),
                ["line"] = decision.Line,
                ["reason"] = decision.Reason,
                ["rule"] = decision.Rule,
                ["terms"] = PolicyHash.Of(process.LastOffer.Offer),
            },
            cancel);
    }
}
