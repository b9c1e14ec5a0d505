using Millrace.Node.Sources;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>How far the sources of products are read that only grow.</summary>
internal static class SourceProgress
{
    /// <summary>
    /// How far the newest version has its source, or null: all is to be read. A version that came in another way may
    /// have any rows.
    /// </summary>
    public static async Task<Watermark?> FindAsync(
        Session session, string participant, ProductRecord product, CancellationToken cancel) =>
        await Tables.Watermarks.FindAsync(session, participant, product.Id, cancel) is { Value: var found }
        && found.Version == product.Latest
        && found.Reached.Column == product.Source?.Incremental?.Column
            ? found.Reached
            : null;

    /// <summary>Saves it with the version that reached it.</summary>
    public static async Task SaveAsync(
        Unit unit, string participant, ProductVersionRecord version, Watermark? reached, CancellationToken cancel)
    {
        if (reached is null)
            return;
        var found = await Tables.Watermarks.FindAsync(unit, participant, version.Product, cancel);
        var next = new WatermarkRecord(version.Number, reached);
        await Tables.Watermarks.SaveAsync(
            unit, found?.With(next) ?? new(participant, version.Product, 0, next), cancel);
    }
}
