using Millrace.Engine.Supply;
using Millrace.Node.Sources;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>How far the sources of products are read.</summary>
/// <param name="Reached">Of a source that only grows.</param>
/// <param name="Tag">Of a source that is read whole: that of what was read.</param>
public sealed record SourceProgress(Watermark? Reached, string? Tag)
{
    private static readonly Guid _reader = typeof(TableImport).Module.ModuleVersionId;

    /// <summary>
    /// How far the newest version has its source, or null: all is to be read. A version that came in another way may
    /// have any rows.
    /// </summary>
    internal static async Task<SourceProgress?> FindAsync(
        Session session, string participant, ProductRecord product, CancellationToken cancel) =>
        await Tables.Watermarks.FindAsync(session, participant, product.Id, cancel) is { Value: var found }
        && found.Version == product.Latest
        && found.Reached?.Column == product.Source?.Incremental?.Column
            ? new SourceProgress(found.Reached, found.Reader == _reader ? found.Tag : null)
            : null;

    /// <summary>Saves it with the version that reached it, or once that is seen to have what the source has.</summary>
    internal async Task SaveAsync(
        Unit unit, string participant, string product, int version, CancellationToken cancel)
    {
        if (this is { Reached: null, Tag: null })
            return;
        var found = await Tables.Watermarks.FindAsync(unit, participant, product, cancel);
        if (found?.Value.Version > version)
            return;
        var next = new WatermarkRecord(version, Reached, Tag, Tag is null ? null : _reader);
        await Tables.Watermarks.SaveAsync(unit, found?.With(next) ?? new(participant, product, 0, next), cancel);
    }
}
