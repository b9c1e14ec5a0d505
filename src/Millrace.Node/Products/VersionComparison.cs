using Millrace.Engine.Supply.Drift;
using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>Tells what changed between two versions of a product, from their files.</summary>
public sealed class VersionComparison(Database database, IObjectStore objects, DriftMeter meter)
{
    /// <param name="from">Null: the version before the later one.</param>
    /// <param name="to">Null: the latest.</param>
    /// <returns>Null: there is no such product or version.</returns>
    public async Task<Decision<ProductDrift>?> CompareAsync(
        string participant, string id, int? from, int? to, CancellationToken cancel)
    {
        var (product, before, after) = await database.ReadAsync(
            async session =>
            {
                if (await Tables.Products.FindAsync(session, participant, id, cancel) is not { Value: var found })
                    return default;
                var later = to ?? found.Latest;
                return (
                    Product: found,
                    Before: await ProductVersions.FindAsync(session, participant, id, from ?? later - 1, cancel),
                    After: await ProductVersions.FindAsync(session, participant, id, later, cancel));
            },
            cancel);
        if (product is null || after is null)
            return null;
        if (before is null)
            return from is null
                ? new Refusal(
                    "no-earlier-version",
                    $"Version {after.Number} of {id} has none before it to compare with: publish another first.")
                : (Decision<ProductDrift>?)null;
        if (before.Number >= after.Number)
            return new Refusal(
                "bad-order",
                before.Number == after.Number
                    ? $"Version {before.Number} cannot be compared with itself: name two."
                    : $"Version {before.Number} is not before {after.Number}: swap them.");
        using var files = new VersionFiles();
        await files.OpenAsync(objects, before.Files, cancel);
        var newRowsOnly = after.Files.Count > before.Files.Count && before.IsBeginningOf(after.Files);
        await files.OpenAsync(
            objects, newRowsOnly ? [.. after.Files.Skip(before.Files.Count)] : after.Files, cancel);
        var count = before.Files.Count;
        var report = await meter.MeasureAsync(
            new ComparedTable([.. files.Paths.Take(count)], before.Schema),
            new ComparedTable([.. files.Paths.Skip(count)], after.Schema), newRowsOnly,
            column => Sensitivity.Withholds(product, before, column) || Sensitivity.Withholds(product, after, column),
            cancel);
        return new ProductDrift(id, before.Number, after.Number, report);
    }
}
