using System.Text.Json;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>Reads what a holder says of an offer: terms, and how requests for it are handled.</summary>
internal static class OfferWishes
{
    /// <param name="handling"><c>accept</c>, <c>ask</c> or <c>rule</c>; null follows from the rule.</param>
    /// <param name="rule">A written rule: there exactly for <c>rule</c>.</param>
    /// <param name="visible">Who sees it; null: everybody.</param>
    public static Decision<OfferWish> Read(
        JsonElement? terms, string? handling, string? id, JsonElement? rule, JsonElement? visible)
    {
        if (Read(terms, handling, id, rule).Refused(out var refusal, out var wish) || visible is not { } json)
            return refusal is null ? wish! : refusal;
        return Visibility.Read(json).Refused(out refusal, out var shown) ? refusal : wish with { Visible = shown };
    }

    private static Decision<OfferWish> Read(JsonElement? terms, string? handling, string? id, JsonElement? rule)
    {
        Policy? policy = null;
        if (terms is { } json && OfferDrafts.Read(json).Refused(out var refusal, out policy))
            return refusal;
        if (rule is { } text)
        {
            if (handling is not (null or "rule"))
                return new Refusal(
                    "bad-handling",
                    $"A written rule decides by itself: give a rule or the handling \"{handling}\", not both.");
            return RuleJson.Read(text).Refused(out refusal, out var written)
                ? refusal
                : new OfferWish(policy, OfferHandling.Rule, id, written);
        }
        return handling switch
        {
            null or "accept" => new OfferWish(policy, OfferHandling.Accept, id),
            "ask" => new OfferWish(policy, OfferHandling.Ask, id),
            "manual" => new OfferWish(policy, OfferHandling.Manual, id),
            "rule" => new Refusal("bad-handling", "Give the written rule: {\"lines\": […]}.", "rule"),
            _ => new Refusal(
                "bad-handling", "Requests for an offer are handled by: accept, ask, manual, or a written rule."),
        };
    }
}
