using Millrace.Engine.Supply;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>
/// Makes one table of the parts of a version and of new rows: a source that is read bit by bit would otherwise have too
/// many parts one day.
/// </summary>
public sealed class VersionJoin(IObjectStore objects, TableImport import, Clock clock)
{
    /// <summary>Whether a version has as many parts as it may.</summary>
    public bool IsFull(ProductVersionRecord version) => version.Files.Count >= clock.Limits.FilesPerVersionMax;

    /// <summary>Hands the joined table to whoever publishes it, and cleans up after.</summary>
    /// <exception cref="SourceException">The new rows cannot become a table, or have other columns.</exception>
    public async Task<T> WithAsync<T>(
        ProductVersionRecord version, IReadOnlyList<HandedInFile> rows, Func<HandedIn, Task<T>> publish,
        CancellationToken cancel)
    {
        using var parts = new VersionFiles();
        await parts.OpenAsync(objects, version.Files, cancel);
        var parquet = objects.NewFile(".parquet");
        try
        {
            await import.ImportAsync(
                [.. rows.Select(r => r.Path)], parquet, cancel, expected: version.Schema,
                conversions: version.Source.Conversions);
            return await publish(new HandedIn(
                [.. parts.Paths.Append(parquet).Select(p => new HandedInFile(p, Path.GetFileName(p)))],
                IsConverted: true));
        }
        finally
        {
            File.Delete(parquet);
        }
    }
}
