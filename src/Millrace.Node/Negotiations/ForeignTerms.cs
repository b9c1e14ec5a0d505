using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Negotiations;

/// <summary>
/// Terms of somebody else's offer that this node cannot keep by itself, such as another data space's membership rules.
/// They are never skipped: a named person accepts each of them for the organisation, or there is no negotiation.
/// </summary>
public sealed class ForeignTerms(EvidenceLog evidence)
{
    /// <summary>Why we do not ask for these terms yet; null where nothing is left to accept.</summary>
    public static Refusal? Objection(Policy offer, TermAcceptance? acceptance)
    {
        var left = PolicyCheck.Unkept(offer).Where(t => acceptance?.Paths.Contains(t.Rule ?? "") != true).ToList();
        if (left is [var first, ..])
            return new Refusal(
                "unknown-terms",
                $"This node cannot keep these terms by itself: "
                + $"{string.Join("; ", left.Select(t => $"{t.Rule}: {t.Reason.TrimEnd('.')}"))}. "
                + "A person must accept each of them for the organisation: in the portal, or with --accept and "
                + "--person.",
                first.Rule);
        return acceptance is { Paths.Count: > 0 } && string.IsNullOrWhiteSpace(acceptance.Person)
            ? new Refusal("no-person", "Terms are accepted by a person: give the name.")
            : null;
    }

    /// <summary>Logs who accepted which terms; without any, nothing.</summary>
    public async Task LogAsync(
        Unit unit, string participant, string negotiation, Policy offer, TermAcceptance? acceptance,
        CancellationToken cancel)
    {
        var accepted = PolicyCheck.Unkept(offer).Select(t => t.Rule).OfType<string>().Distinct().ToList();
        if (acceptance is null || accepted.Count == 0)
            return;
        await evidence.AddAsync(
            unit, participant, EntryType.TermsAccepted,
            new JsonObject
            {
                ["negotiation"] = negotiation,
                ["person"] = acceptance.Person,
                ["paths"] = new JsonArray([.. accepted.Select(p => (JsonNode)p)]),
                ["terms"] = PolicyHash.Of(offer),
            },
            cancel);
    }
}
