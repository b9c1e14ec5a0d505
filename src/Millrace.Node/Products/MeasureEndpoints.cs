using Millrace.Node.Api;
using Millrace.Node.Hosting;

namespace Millrace.Node.Products;

/// <summary>What is measured of a product when somebody asks: nothing of it is stored.</summary>
public static class MeasureEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/products/{id}/drift", DriftAsync);
        participant.MapGet("/products/{id}/fitness", FitnessAsync);
    }

    /// <summary>What changed between two versions.</summary>
    /// <param name="from">The number of the earlier one; without it the one before.</param>
    /// <param name="to">The number of the later one; without it the latest.</param>
    public static async Task<IResult> DriftAsync(
        string participant, string id, int? from, int? to, VersionComparison comparison, CancellationToken cancel)
    {
        if (await comparison.CompareAsync(participant, id, from, to, cancel) is not { } decision)
            return Problems.NotFound(from is null && to is null ? "product" : "version");
        return decision.Refused(out var refusal, out var drift)
            ? Problems.Refused(refusal, 400)
            : TypedResults.Json(drift, ApiJson.Wire.ProductDrift);
    }

    /// <summary>How fit the latest version is for AI.</summary>
    /// <param name="label">The column that says what is to be learnt; without it the one that the contract
    /// names.</param>
    /// <param name="against">A product of the same holder that models are tested on.</param>
    public static async Task<IResult> FitnessAsync(
        string participant, string id, string? label, string? against, FitnessStudy study, CancellationToken cancel)
    {
        if (await study.MeasureAsync(participant, id, label, against, cancel) is not { } decision)
            return Problems.NotFound("product");
        return decision.Refused(out var refusal, out var fitness)
            ? Problems.Refused(refusal, 400)
            : TypedResults.Json(fitness, ApiJson.Wire.ProductFitness);
    }
}
