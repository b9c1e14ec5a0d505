using Millrace.Engine.Supply.Classification;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>How sensitive the columns of a product are: what was found, and what persons decided on it.</summary>
public static class Classifications
{
    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapPost("/products/{id}/classification", DecideAsync);

    /// <summary>A person decides on the level of a column: see <see cref="LevelDecisions"/>.</summary>
    public static async Task<IResult> DecideAsync(
        string participant, string id, HttpRequest request, LevelDecisions decisions, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.LevelDraft, cancel);
        return (await decisions.DecideAsync(participant, id, draft, cancel)).Refused(out var refusal, out var shown)
            ? Problems.Refused(refusal, refusal.Code == "not-found" ? 404 : 400)
            : TypedResults.Json(shown, ApiJson.Wire.Classification);
    }

    internal static Classification Shown(ProductRecord product, ProductVersionRecord version)
    {
        var sensitivity = Sensitivity.Of(product, version.Classification);
        var columns = product.Schema.Columns.Select(column => new ColumnLevel(
            column.Name, sensitivity.LevelOf(column.Name), sensitivity.Report.LevelOf(column.Name),
            [.. sensitivity.Report.Findings.Where(f => f.Column == column.Name).Select(Shown)],
            product.Hidden.HiddenColumns.Contains(column.Name)
                ? "hidden"
                : product.Hidden.Masks.GetValueOrDefault(column.Name)?.ToString(),
            sensitivity.DecisionOn(column.Name) is { } d
                ? new DecisionInfo(d.Level, d.Person, d.Reason, d.At)
                : null)).ToList();
        return new Classification(
            product.Id, version.Number, version.Classification is not null, columns.Max(c => c.Level), columns);
    }

    private static FindingInfo Shown(Finding f) => new(
        f.Kind, f.Category.ToString(), f.Likelihood.ToString(), f.Cells, f.Within, f.Values, f.IsNamed, f.Level, f.Rule,
        f.Gdpr, f.Mask);
}
