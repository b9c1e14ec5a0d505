using Microsoft.AspNetCore.StaticFiles;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Conversions;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>A file on this node's disk.</summary>
/// <param name="Name">As its holder calls it, with its folders.</param>
public sealed record HandedInFile(string Path, string Name);

/// <summary>What a holder hands in for a version: the files of a table, or a collection of files of any kind.</summary>
/// <param name="Index">The files of a table that says more of each file of a collection; none: nothing more.</param>
/// <param name="IsConverted">The columns are those of the product already.</param>
public sealed record HandedIn(
    IReadOnlyList<HandedInFile> Files, bool IsCollection = false, IReadOnlyList<HandedInFile>? Index = null,
    bool IsConverted = false);

/// <summary>A table that was made of what was handed in, and all that has to be kept with it.</summary>
/// <param name="Objects">Complete files that are to become objects, the table among them.</param>
/// <param name="ContentBytes">The size of those that the table is the index of.</param>
public sealed record TakenIn(
    ImportedTable Table, IReadOnlyList<(string Path, string Sha256)> Objects, long ContentBytes = 0);

/// <summary>Makes the table of a version out of what was handed in.</summary>
public sealed class HandedInReader(IObjectStore objects, TableImport import, FileIndex index)
{
    private const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider _mediaTypes = new();

    /// <param name="parquet">Where the table is written; whoever asks deletes it.</param>
    /// <param name="expected">The columns that the product has, as which texts are read if they can be.</param>
    /// <param name="kept">The files of the version that this one goes on with; none: it is whole.</param>
    /// <param name="conversions">Of columns; of a collection those of its index.</param>
    /// <exception cref="SourceException">It cannot become a table.</exception>
    public async Task<TakenIn> ReadAsync(
        HandedIn handed, string parquet, TableSchema? expected, IReadOnlyList<FileRecord> kept,
        IReadOnlyList<Conversion> conversions, CancellationToken cancel)
    {
        if (handed.IsCollection)
            return await ReadCollectionAsync(handed, parquet, expected, kept, conversions, cancel);
        var table = await import.ImportAsync(
            [.. handed.Files.Select(f => f.Path)], parquet, cancel, expected: expected,
            conversions: handed.IsConverted ? null : conversions);
        if (handed.IsConverted && conversions.Count > 0)
            table = table with { Source = table.Source with { Conversions = conversions } };
        return new TakenIn(table, [(parquet, table.Sha256)]);
    }

    private async Task<TakenIn> ReadCollectionAsync(
        HandedIn handed, string parquet, TableSchema? expected, IReadOnlyList<FileRecord> kept,
        IReadOnlyList<Conversion> conversions, CancellationToken cancel)
    {
        var files = new List<IndexedFile>();
        foreach (var file in handed.Files)
        {
            var path = CollectionPath.Of(file.Name);
            var described = SourceFiles.Described(file.Path, path);
            cancel.ThrowIfCancellationRequested();
            files.Add(new IndexedFile(
                path, _mediaTypes.TryGetContentType(path, out var type) ? type : Unknown, described.Bytes,
                described.Sha256));
        }
        using var earlier = new VersionFiles();
        await earlier.OpenAsync(objects, kept, cancel);
        var about = handed.Index is null ? null : objects.NewFile(".parquet");
        try
        {
            var more = about is null ? null : await import.ImportAsync(
                [.. handed.Index!.Select(f => f.Path)], about, cancel, expected: expected, conversions: conversions);
            var written = await index.WriteAsync(files, about, more?.Schema, earlier.Paths, parquet, cancel);
            var source = new SourceInfo(
                SourceFormat.Files, more?.Source.Files ?? [], null, null, null,
                more is null && conversions.Count > 0 ? conversions : more?.Source.Conversions);
            return new TakenIn(
                new ImportedTable(written.Schema, written.Rows, written.Bytes, written.Sha256, source),
                [.. handed.Files.Select((f, i) => (f.Path, files[i].Sha256)), (parquet, written.Sha256)],
                files.Sum(f => f.Bytes));
        }
        finally
        {
            if (about is not null)
                File.Delete(about);
        }
    }
}
