using System.Text.Json;
using Millrace.Engine.Supply.Fields;
using Millrace.Node.Api;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;
using RuleLine = Millrace.Node.Api.RuleLine;
using Term = Millrace.Node.Api.Term;

namespace Millrace.Node.Hosting;

/// <summary>Policies as the management API and the portal show them.</summary>
internal static class Shown
{
    /// <param name="masks">What the holder puts on columns whatever is agreed; null: nothing.</param>
    public static OfferInfo Offer(Policy offer, IReadOnlyDictionary<string, Mask>? masks) =>
        new(offer.Id, Policy(offer), Terms(offer, masks));

    /// <summary>An offer as its holder sees it.</summary>
    public static OfferInfo Offer(OfferRecord offer, ProductRecord product) => Offer(
        offer.Policy, product.Query is null ? product.Hidden.Masks : null) with
    {
        Handling = offer.Handling.ToString().ToLowerInvariant(),
        Rule = offer.Rule is { } rule ? JsonElement.Parse(RuleJson.ToBytes(rule)) : null,
        RuleLines = offer.Rule is { } lines
            ? [.. RuleSentences.Describe(lines).Select(Line)]
            : null,
        Visible = offer.Visible is { } visible ? JsonElement.Parse(visible.ToBytes()) : null,
        VisibleLine = offer.Visible is { } told ? Line(RuleSentences.Describe(told)) : null,
    };

    private static RuleLine Line(RuleSentence s) => new(s.Path, s.Text, s.TextZh);

    /// <summary>How to call a query.</summary>
    public static QueryInfo Query(QuerySignature query) => new(
        [
            .. query.Parameters.Select(p => new ParameterInfo(
                p.Name, QueryJson.TypeName(p.Type), p.Description, p.Default, p.Min, p.Max, p.Values, p.LengthMax,
                p.Pattern)),
        ],
        query.MinGroup);

    /// <summary>A data element by its name; one that no pack here has is shown by its name alone.</summary>
    public static ElementInfo Element(string name) => FieldPacks.FindElement(name) is { Element: var e }
        ? new ElementInfo(name, e.En, e.Zh, e.Unit, e.Source)
        : new ElementInfo(name);

    public static JsonElement Policy(Policy policy)
    {
        using var document = JsonDocument.Parse(PolicyJson.ToBytes(policy));
        return document.RootElement.Clone();
    }

    /// <summary>Each rule as a sentence, with how far it reaches; then what the holder masks besides.</summary>
    /// <param name="masks">What the holder puts on columns whatever is agreed; null: nothing.</param>
    public static IReadOnlyList<Term> Terms(Policy policy, IReadOnlyDictionary<string, Mask>? masks = null) =>
    [
        .. PolicySentences.Describe(policy).Select(Term),
        .. masks is null ? [] : HolderSentences.Describe(policy, masks).Select(Term),
    ];

    public static Term Term(Protocol.Policies.Term term) =>
        new(term.Path, term.Text, term.TextZh, Name(term.Reach));

    private static string Name(Reach reach) => reach switch
    {
        Reach.EnforcedByProvider => "provider",
        Reach.EnforcedByConsumer => "consumer",
        Reach.Attested => "attested",
        _ => "legal",
    };
}
