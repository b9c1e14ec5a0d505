using Millrace.Engine.Queries;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Storage.Objects;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Products;

/// <summary>From files to the table of a version: read, looked at, measured, kept.</summary>
public sealed class ProductTables(
    IObjectStore objects, TableImport import, Profiler profiler, Classifier classifier, GovernedQuery queries)
{
    /// <summary>Where a table is written before it is kept; whoever asks deletes it.</summary>
    public string NewFile() => objects.NewFile(".parquet");

    /// <summary>Reads files as one table, into a Parquet file.</summary>
    /// <exception cref="SourceException">The files cannot be read as a table.</exception>
    public Task<ImportedTable> ReadAsync(IReadOnlyList<string> files, string parquet, CancellationToken cancel) =>
        import.ImportAsync(files, parquet, cancel);

    /// <summary>Sees that a query can be asked of the table.</summary>
    /// <exception cref="QueryException">It cannot, and why.</exception>
    public Task CheckAsync(QueryDefinition query, string parquet, CancellationToken cancel) =>
        queries.CheckAsync(parquet, query, cancel);

    /// <summary>Finds out what is to be known of a table before it is offered.</summary>
    /// <param name="now">The moment of publication, which freshness is measured at.</param>
    public async Task<(TableProfile Profile, QualityReport Quality, ClassificationReport Classification)> StudyAsync(
        string parquet, TableSchema schema, DateTimeOffset now, CancellationToken cancel)
    {
        var classification = await classifier.ClassifyAsync(parquet, schema, cancel);
        var profile = await profiler.ProfileAsync(parquet, schema, cancel);
        return (profile, Quality.Score(profile, schema, now, Quality.LatestDate(profile, now)), classification);
    }

    /// <summary>Keeps the table under its digest.</summary>
    public Task KeepAsync(string parquet, string sha256, CancellationToken cancel) =>
        objects.PutAsync(parquet, sha256, cancel);
}
