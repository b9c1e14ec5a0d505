using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply;

/// <summary>Makes a table out of the files that people have.</summary>
public sealed class TableImport(DuckPool duck)
{
    public DuckPool Duck { get; } = duck;

    /// <summary>Reads CSV or Parquet files of one schema, in the order given, and writes one Parquet file.</summary>
    /// <param name="form">How to read CSV; null: found out.</param>
    /// <exception cref="SourceException">A file cannot become a table. Nothing is left at the target.</exception>
    public Task<ImportedTable> ImportAsync(
        IReadOnlyList<string> paths, string parquetPath, CancellationToken cancel, CsvForm? form = null) =>
        throw new SourceException("no-source", "Name at least one file.");
}
