using Millrace.Engine.Supply.Fields;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>What the columns of a product hold. Proposals are computed from the profile each time.</summary>
internal static class ProductElementsShown
{
    public static ProductElements Of(ProductRecord product, ProductVersionRecord version)
    {
        var proposals = ColumnMatcher.Match(version.Profile).ToDictionary(c => c.Column, c => c.Proposed);
        return new ProductElements(
            product.Id, version.Number,
            [
                .. version.Schema.Columns.Select(c => Column(
                    c.Name, c.Type.ToString().ToLowerInvariant(), product.ElementOn(c.Name),
                    proposals.GetValueOrDefault(c.Name))),
            ]);
    }

    /// <summary>What is proposed for a column, whatever was decided; null: nothing.</summary>
    public static ElementMatch? ProposedFor(ProductVersionRecord version, string column) =>
        ColumnMatcher.Match(version.Profile).FirstOrDefault(c => c.Column == column)?.Proposed;

    private static ColumnElements Column(string name, string type, ElementDecision? decision, ElementMatch? match)
    {
        var rejected = decision is { Element: null } ? decision.Proposed : null;
        // Rules and data change: another proposal than the one that was rejected asks again.
        var isOpen = decision is null || (rejected is not null && match is not null && match.Name != rejected);
        return new ColumnElements(
            name, type, decision?.Element is { } element ? Shown.Element(element) : null,
            isOpen && match is not null
                ? new ElementProposal(Shown.Element(match.Name), match.Confidence, match.Reasons)
                : null,
            decision is null ? null : new ElementDecisionInfo(decision.Person, decision.Reason, decision.At, rejected));
    }
}
