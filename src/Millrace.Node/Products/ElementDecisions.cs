using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Fields;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Unit = Millrace.Node.Storage.Unit;

namespace Millrace.Node.Products;

/// <summary>
/// A person's word on what a column holds. A confirmed element is a fact about the product, for all its later versions;
/// a rejected one is not proposed again.
/// </summary>
public sealed class ElementDecisions(Database database, EvidenceLog evidence, Clock clock)
{
    /// <returns>What the columns hold afterwards; or why nothing was decided.</returns>
    public Task<Decision<ProductElements>> DecideAsync(
        string participant, string product, ElementDraft draft, CancellationToken cancel) =>
        database.WriteAsync<Decision<ProductElements>>(
            async unit =>
            {
                if (await ProductVersions.CurrentAsync(unit, participant, product, cancel) is not var (found, version))
                    return new Refusal("not-found", $"There is no product {product}.");
                if (Read(found.Value, version, draft, clock.Now).Refused(out var refusal, out var decision))
                    return refusal;
                var next = With(found.Value, decision);
                await Tables.Products.SaveAsync(unit, found.With(next), cancel);
                await Tables.ProductTerms.ChangeAsync(
                    unit, participant, [(product, found.Value.Document(), next.Document())],
                    clock.Limits.TermsPerDocumentMax, cancel);
                await LogAsync(unit, evidence, participant, next, version.Number, decision, cancel);
                return ProductElementsShown.Of(next, version);
            },
            cancel);

    /// <summary>
    /// What a description that was handed in with a version states, for columns that nobody decided on: by whom the
    /// version was published. What the version's columns cannot hold is left out.
    /// </summary>
    internal static IReadOnlyList<ElementDecision> Stated(
        ProductRecord product, ProductVersionRecord version, IReadOnlyList<ColumnElement> stated, string holder)
    {
        var profiles = version.Profile.Columns.ToDictionary(c => c.Name);
        return
        [
            .. from said in stated.DistinctBy(s => s.Column)
               let element = FieldPacks.FindElement(said.Element)
               let profile = profiles.GetValueOrDefault(said.Column)
               where element is not null && profile is not null && product.ElementOn(said.Column) is null
                   && ColumnMatcher.CanHold(element, profile)
               select new ElementDecision(
                   said.Column, element.Name, null, holder, "Stated in the description that was handed in.",
                   version.CreatedAt),
        ];
    }

    internal static ProductRecord With(ProductRecord product, params IReadOnlyList<ElementDecision> decisions)
    {
        var columns = decisions.Select(d => d.Column).ToHashSet();
        return decisions.Count == 0
            ? product
            : product with
            {
                Elements = [.. (product.Elements ?? []).Where(d => !columns.Contains(d.Column)), .. decisions],
            };
    }

    internal static Task LogAsync(
        Unit unit, EvidenceLog evidence, string participant, ProductRecord product, int version,
        ElementDecision decision, CancellationToken cancel) => evidence.AddAsync(
        unit, participant, decision.Element is null ? EntryType.ElementRejected : EntryType.ElementConfirmed,
        new JsonObject
        {
            ["product"] = product.Id,
            ["version"] = version,
            ["column"] = decision.Column,
            ["proposed"] = decision.Proposed,
            ["element"] = decision.Element,
            ["person"] = decision.Person,
            ["reason"] = decision.Reason,
        },
        cancel);

    private static Decision<ElementDecision> Read(
        ProductRecord product, ProductVersionRecord version, ElementDraft draft, DateTimeOffset now)
    {
        if (product.Schema.Find(draft.Column) is not { } column)
            return new Refusal("unknown-column", $"The product {product.Id} has no column {draft.Column}.");
        if (Decided.Objection(draft.Person, draft.Reason) is { } undecided)
            return undecided;
        var element = draft.Element is { } name ? FieldPacks.FindElement(name) : null;
        if (draft.Element is not null && element is null)
            return new Refusal(
                "unknown-element",
                $"There is no element {draft.Element}: millrace fields list and show name those there are.");
        if (element is not null && !ColumnMatcher.CanHold(element, Profile(version, draft.Column)))
            return new Refusal(
                "element-misfit",
                $"The column {column.Name} is of type {column.Type}, with values that cannot be {element.Name} "
                + $"({element.Element.Type}): choose another element, or publish the column as that one asks; see "
                + $"millrace fields show {element.Name}.");
        var proposed = ProductElementsShown.ProposedFor(version, column.Name)?.Name
            ?? product.ElementOn(column.Name)?.Element;
        if (element is null && proposed is null)
            return new Refusal(
                "nothing-proposed",
                $"Nothing is proposed for {column.Name}, or was confirmed: there is nothing to reject.");
        return new ElementDecision(
            column.Name, element?.Name, proposed, draft.Person.Trim(), draft.Reason.Trim(), now);
    }

    private static Engine.Supply.ColumnProfile Profile(ProductVersionRecord version, string column) =>
        version.Profile.Columns.First(c => c.Name == column);
}
