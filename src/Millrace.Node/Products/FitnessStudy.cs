using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.Fitness;
using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>Measures how fit the latest version of a product is for AI.</summary>
public sealed class FitnessStudy(Database database, IObjectStore objects, FitnessMeter meter)
{
    /// <param name="label">The column that says what is to be learnt; null: the one that the contract names.</param>
    /// <param name="against">A product of the same holder that models are tested on; null: none.</param>
    /// <returns>Null: there is no such product.</returns>
    public async Task<Decision<ProductFitness>?> MeasureAsync(
        string participant, string id, string? label, string? against, CancellationToken cancel)
    {
        var (version, benchmark) = await database.ReadAsync(
            async session => (
                Version: await NewestAsync(session, participant, id, cancel),
                Benchmark: against is null ? null : await NewestAsync(session, participant, against, cancel)),
            cancel);
        if (version is null)
            return null;
        if (against is not null && benchmark is null)
            return new Refusal(
                "no-benchmark", $"There is no product {against} to compare with: publish the benchmark first.");
        label ??= version.Contract is { } text ? ContractReader.Read(text).Label : null;
        if (label is not null && version.Schema.Find(label) is null)
            return new Refusal("unknown-column", $"The product {id} has no column {label}; name one that it has.");
        if (version.Classification is not { } classification)
            return new Refusal("not-classified", $"This version of {id} was never classified: publish it again.");
        using var files = new VersionFiles();
        await files.OpenAsync(objects, version.Files, cancel);
        var count = files.Paths.Count;
        await files.OpenAsync(objects, benchmark?.Files ?? [], cancel);
        var question = new FitnessQuestion(
            label,
            benchmark is null ? null : new BenchmarkTable([.. files.Paths.Skip(count)], benchmark.Schema),
            FitnessQuestion.LanguagesOf(version.Profile));
        var report = await meter.MeasureAsync(
            [.. files.Paths.Take(count)], version.Profile, classification, question, cancel);
        return new ProductFitness(id, version.Number, report, label, against);
    }

    private static async Task<ProductVersionRecord?> NewestAsync(
        Session session, string participant, string id, CancellationToken cancel) =>
        (await ProductVersions.CurrentAsync(session, participant, id, cancel))?.Newest;
}
