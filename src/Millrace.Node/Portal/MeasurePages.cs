using Millrace.Node.Api;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Products;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Portal;

/// <summary>What is measured of a product while somebody looks.</summary>
internal static class MeasurePages
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/products/{id}/drift", DriftAsync);
        participant.MapGet("/products/{id}/fitness", FitnessAsync);
    }

    private static async Task<IResult> DriftAsync(
        string participant, string id, string? from, string? to, HttpContext http, VersionComparison comparison,
        Database database, CancellationToken cancel)
    {
        var product = await ProductEndpoints.ReadAsync(participant, id, database, cancel);
        var found = product is not null && IsNumber(from, out var earlier) && IsNumber(to, out var later)
            ? await comparison.CompareAsync(participant, id, earlier, later, cancel)
            : null;
        if (found is null)
            return PortalGuard.Missing(http);
        return found.Refused(out var refusal, out var drift)
            ? Refused(http, refusal)
            : PortalPage.Of<DriftPage>(http, Texts.Drift, new DriftModel(Check.NotNull(product), drift));
    }

    private static async Task<IResult> FitnessAsync(
        string participant, string id, string? label, string? against, HttpContext http, FitnessStudy study,
        Database database, CancellationToken cancel)
    {
        if (await ProductEndpoints.ReadAsync(participant, id, database, cancel) is not { } product)
            return PortalGuard.Missing(http);
        var found = await study.MeasureAsync(participant, id, Typed(label), Typed(against), cancel);
        return Check.NotNull(found).Refused(out var refusal, out var fitness)
            ? Refused(http, refusal)
            : PortalPage.Of<FitnessPage>(http, Texts.Fitness, new FitnessModel(product, fitness));
    }

    private static IResult Refused(HttpContext http, Refusal refusal) =>
        PortalPage.Refused(http, Texts.NotDone, refusal, 400);

    private static string? Typed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <returns>Whether it is a number, or nothing.</returns>
    private static bool IsNumber(string? text, out int? number)
    {
        number = int.TryParse(text, out var n) ? n : null;
        return number is not null || string.IsNullOrEmpty(text);
    }
}

/// <summary>What changed between two versions of a product.</summary>
public sealed record DriftModel(Product Product, ProductDrift Drift);

/// <summary>How fit a product is for AI.</summary>
public sealed record FitnessModel(Product Product, ProductFitness Fitness);
