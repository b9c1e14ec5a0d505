using System.Globalization;
using System.Text.Json;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>A file of a collection.</summary>
/// <param name="Path">Its name in the collection, with <c>/</c> between folders.</param>
/// <param name="MediaType">Such as <c>image/png</c>.</param>
/// <param name="Sha256">Of its content, 64 lower-case hexadecimal digits.</param>
public sealed record IndexedFile(string Path, string MediaType, long Bytes, string Sha256);

/// <summary>
/// Files of any kind as a table: a row for each, which names it and its digest, with what its holder says of it. So a
/// contract selects files as it selects rows.
/// </summary>
public sealed class FileIndex(DuckPool duck)
{
    /// <summary>The columns that every index begins with.</summary>
    public static TableSchema Schema { get; } = new(
    [
        new("path", ColumnType.Text), new("media_type", ColumnType.Text), new("bytes", ColumnType.Integer),
        new("sha256", ColumnType.Text),
    ]);

    private const string Path = "path";

    /// <summary>Writes the index, in the order of the paths, as a Parquet file.</summary>
    /// <param name="about">
    /// A Parquet file with a column <c>path</c> and a row for each file; its other columns follow. Null: nothing more.
    /// </param>
    /// <param name="aboutSchema">The columns of that file.</param>
    /// <param name="earlier">The Parquet files of the index that this one goes on with; none: it begins.</param>
    /// <returns>The rows, the size of the file and its digest.</returns>
    /// <exception cref="SourceException">
    /// The files and what is said of them do not fit together. Nothing is left at the target.
    /// </exception>
    public async Task<(TableSchema Schema, long Rows, long Bytes, string Sha256)> WriteAsync(
        IReadOnlyList<IndexedFile> files, string? about, TableSchema? aboutSchema, IReadOnlyList<string> earlier,
        string parquetPath, CancellationToken cancel)
    {
        var more = aboutSchema is null ? [] : More(aboutSchema);
        try
        {
            using var target = new PartialFile(parquetPath);
            IReadOnlyList<string> read = about is null ? earlier : [about, .. earlier];
            await duck.RunAsync(
                [.. read, target.Path],
                session =>
                {
                    List(session, files);
                    var links = ParquetFiles.Link(session, read);
                    if (about is not null)
                        session.Execute($"CREATE VIEW about AS SELECT * FROM {ParquetFiles.Table([links[0]])}");
                    Examine(session, about is not null, [.. links.Skip(read.Count - earlier.Count)]);
                    return session.Execute(
                        $"COPY ({Select(more, about is not null)}) TO {Sql.Text(target.Path)} "
                        + "(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
                },
                cancel);
            var (bytes, sha256) = await target.KeepAsync(cancel);
            return (new TableSchema([.. Schema.Columns, .. more]), files.Count, bytes, sha256);
        }
        catch (Exception e) when (SourceFiles.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>The file of that path in a view of an index that shows paths and digests as they are.</summary>
    /// <returns>Null: the view has no such file.</returns>
    public Task<IndexedFile?> FindAsync(string view, string path, CancellationToken cancel) => duck.RunAsync(
        [view],
        session =>
        {
            var table = ParquetFiles.Table(ParquetFiles.Link(session, [view]));
            var rows = session.Rows(
                $"SELECT media_type, bytes, sha256 FROM {table} WHERE path = {Sql.Text(path)}");
            return rows is [[string mediaType, var bytes, string sha256]]
                ? new IndexedFile(path, mediaType, Convert.ToInt64(bytes, CultureInfo.InvariantCulture), sha256)
                : null;
        },
        cancel);

    private static List<Column> More(TableSchema about)
    {
        if (about.Find(Path) is not { Type: ColumnType.Text })
            throw new SourceException(
                "bad-index", "The index has no column path, of texts, that names the files; add it.");
        List<Column> more = [.. about.Columns.Where(c => c.Name != Path)];
        // Names that differ only in case are one to the engine.
        bool IsOwn(string name) =>
            Schema.Columns.Any(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return more.Find(c => IsOwn(c.Name)) is { } taken
            ? throw new SourceException(
                "bad-index", $"The column {taken.Name} is filled in from the files; leave it out of the index.")
            : more;
    }

    private static void List(DuckSession session, IReadOnlyList<IndexedFile> files)
    {
        var list = System.IO.Path.Combine(session.Folder, "files.jsonl");
        using (var file = File.Create(list))
        {
            foreach (var one in files)
            {
                JsonSerializer.Serialize(file, one, FileIndexJson.Default.IndexedFile);
                file.WriteByte((byte)'\n');
            }
        }
        session.Execute(
            "CREATE VIEW files AS SELECT Path AS path, MediaType AS media_type, Bytes AS bytes, Sha256 AS sha256 "
            + $"FROM read_json({Sql.Text(list)}, format = 'newline_delimited', "
            + "columns = {Path: 'VARCHAR', MediaType: 'VARCHAR', Bytes: 'BIGINT', Sha256: 'VARCHAR'})");
    }

    private static void Examine(DuckSession session, bool hasAbout, IReadOnlyList<string> earlier)
    {
        string? First(string select) => session.Rows($"{select} ORDER BY 1 LIMIT 1") is [[var path, ..]]
            ? path as string ?? "a row without a path"
            : null;

        if (First("SELECT path FROM files GROUP BY path HAVING count(*) > 1") is { } twice)
            throw new SourceException("bad-collection", $"{twice} was handed in twice; name each file once.");
        if (earlier.Count > 0 &&
            First($"SELECT path FROM files SEMI JOIN {ParquetFiles.Table(earlier)} USING (path)") is { } there)
        {
            throw new SourceException(
                "bad-collection", $"{there} is in the collection already; publish all of it again, without --append.");
        }
        if (!hasAbout)
            return;
        if (First("SELECT path FROM about GROUP BY path HAVING count(*) > 1") is { } doubled)
            throw new SourceException("bad-index", $"The index names {doubled} twice; keep one row for each file.");
        if (First("SELECT path FROM about ANTI JOIN files USING (path)") is { } missing)
            throw new SourceException("bad-index", $"The index names {missing}, which was not handed in.");
        if (First("SELECT path FROM files ANTI JOIN about USING (path)") is { } unnamed)
            throw new SourceException("bad-index", $"{unnamed} has no row in the index; add one, or leave it out.");
    }

    private static string Select(IReadOnlyList<Column> more, bool hasAbout)
    {
        var cells = string.Concat(more.Select(c => $", about.{Sql.Name(c.Name)}"));
        var join = hasAbout ? " JOIN about USING (path)" : "";
        return $"SELECT files.path, media_type, bytes, sha256{cells} FROM files{join} ORDER BY files.path";
    }
}
