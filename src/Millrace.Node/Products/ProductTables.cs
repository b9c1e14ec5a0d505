using Millrace.Engine.Queries;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.Conversions;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Products;

/// <summary>From files to the table of a version: read, looked at, measured, kept.</summary>
public sealed class ProductTables(
    IObjectStore objects, HandedInReader reader, TableStudy study, GovernedQuery queries)
{
    /// <summary>Where a table is written before it is kept; whoever asks deletes it.</summary>
    public string NewFile() => objects.NewFile(".parquet");

    /// <summary>Reads what was handed in as one table, into a Parquet file.</summary>
    /// <param name="expected">The columns that the product has, as which texts are read if they can be.</param>
    /// <param name="kept">The files of the version that this one goes on with; none: it is whole.</param>
    /// <param name="conversions">Of columns; of a collection those of its index.</param>
    /// <exception cref="SourceException">It cannot be read as a table.</exception>
    public Task<TakenIn> ReadAsync(
        HandedIn handed, string parquet, TableSchema? expected, IReadOnlyList<FileRecord> kept,
        IReadOnlyList<Conversion> conversions, CancellationToken cancel) =>
        reader.ReadAsync(handed, parquet, expected, kept, conversions, cancel);

    /// <summary>Sees that a query can be asked of the table.</summary>
    /// <exception cref="QueryException">It cannot, and why.</exception>
    public Task CheckAsync(QueryDefinition query, string parquet, CancellationToken cancel) =>
        queries.CheckAsync(parquet, query, cancel);

    /// <summary>Finds out what is to be known of a table before it is offered.</summary>
    /// <exception cref="ContractException">The contract does not fit it.</exception>
    public Task<StudiedTable> StudyAsync(TableToStudy table, CancellationToken cancel) =>
        study.StudyAsync(table, cancel);

    /// <summary>Keeps the table, and what it is the index of, under their digests.</summary>
    public async Task KeepAsync(TakenIn taken, CancellationToken cancel)
    {
        foreach (var (path, sha256) in taken.Objects)
            await objects.PutAsync(path, sha256, cancel);
    }
}
