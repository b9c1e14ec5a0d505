using Millrace.Engine.Queries;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Storage.Objects;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Products;

/// <summary>From files to the table of a version: read, looked at, measured, kept.</summary>
public sealed class ProductTables(IObjectStore objects, TableImport import, TableStudy study, GovernedQuery queries)
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

    /// <inheritdoc cref="TableStudy.OfAsync"/>
    public Task<(TableProfile Profile, QualityReport Quality, ClassificationReport Classification)> StudyAsync(
        string parquet, TableSchema schema, DateTimeOffset now, CancellationToken cancel) =>
        study.OfAsync(parquet, schema, now, cancel);

    /// <summary>Keeps the table under its digest.</summary>
    public Task KeepAsync(string parquet, string sha256, CancellationToken cancel) =>
        objects.PutAsync(parquet, sha256, cancel);
}
