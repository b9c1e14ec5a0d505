using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>Makes a table out of the files that people have.</summary>
public sealed class TableImport(DuckPool duck)
{
    private readonly int _columnsMax = duck.Options.ColumnsMax;

    /// <summary>Reads CSV or Parquet files of one schema, in the order given, and writes one Parquet file.</summary>
    /// <param name="form">How to read CSV; null: found out.</param>
    /// <exception cref="SourceException">A file cannot become a table. Nothing is left at the target.</exception>
    public async Task<ImportedTable> ImportAsync(
        IReadOnlyList<string> paths, string parquetPath, CancellationToken cancel, CsvForm? form = null)
    {
        if (paths.Count == 0) throw new SourceException("no-source", "Name at least one file.");
        try
        {
            foreach (var path in paths) SourceFiles.Examine(path);
            using var target = new PartialFile(parquetPath);
            var (schema, rows, source) = await duck.RunAsync(
                [.. paths, target.Path],
                session => Write(session, paths, form ?? new CsvForm(), target.Path, cancel), cancel);
            var (bytes, sha256) = await target.KeepAsync(cancel);
            return new ImportedTable(schema, rows, bytes, sha256, source);
        }
        catch (Exception e) when (SourceFiles.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    private (TableSchema, long, SourceInfo) Write(
        DuckSession session, IReadOnlyList<string> paths, CsvForm form, string target, CancellationToken cancel)
    {
        var parquet = paths.Count(ParquetSource.Is);
        if (parquet != 0 && parquet != paths.Count)
            throw new SourceException("mixed-formats", "The files are CSV and Parquet mixed; hand them in separately.");
        var (schema, relation, rows, source) =
            parquet > 0 ? FromParquet(session, paths) : FromCsv(session, paths, form, cancel);
        var statement = $"COPY ({relation}) TO {Sql.Text(target)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE "
            + "false)";
        var written = parquet > 0
            ? Undamaged(source.Files[0].Name, () => session.Execute(statement))
            : session.Execute(statement);
        if (written != rows)
            throw new SourceException(
                "unreadable-data", "The rows could not be told apart reliably; quote the cells and use one kind of "
                    + "line end.");
        return (schema, rows, source);
    }

    private (TableSchema, string, long, SourceInfo) FromCsv(
        DuckSession session, IReadOnlyList<string> paths, CsvForm form, CancellationToken cancel)
    {
        var files = new List<CsvSource>();
        var texts = new List<string>();
        for (var i = 0; i < paths.Count; i++)
        {
            var link = Path.Combine(session.Folder, $"in{i}.csv");
            var file = CsvSource.Read(paths[i], link, form, _columnsMax, cancel);
            if (file.Path != link) session.Link(file.Path, link);
            files.Add(file);
            texts.Add($"SELECT * FROM {file.Relation(link, form)}");
            SameColumns(files[0].Names, file.Names, file.File.Name);
        }
        var names = files[0].Names;
        var all = $"({string.Join(" UNION ALL ", texts)})";
        var forms = CsvTyping.Find(session, all, names.Count);
        var cells = forms.Select((f, i) => $"{f.Convert(i)} AS {Sql.Name(names[i])}");
        return (
            new TableSchema([.. forms.Select((f, i) => new Column(names[i], f.Type))]),
            $"SELECT {string.Join(", ", cells)} FROM {all}",
            files.Sum(f => f.Rows),
            new SourceInfo(
                SourceFormat.Csv, [.. files.Select(f => f.File)], files[0].Delimiter, files[0].Encoding,
                files[0].HasHeader));
    }

    private (TableSchema, string, long, SourceInfo) FromParquet(DuckSession session, IReadOnlyList<string> paths)
    {
        var files = new List<ParquetSource>();
        var tables = new List<string>();
        for (var i = 0; i < paths.Count; i++)
        {
            var path = paths[i];
            var link = session.Link(path, Path.Combine(session.Folder, $"in{i}.parquet"));
            var file = Undamaged(
                Path.GetFileName(path), () => ParquetSource.Read(session, path, link, _columnsMax));
            files.Add(file);
            SameColumns(files[0].Schema.Columns, file.Schema.Columns, file.File.Name);
            var cells = file.Expressions.Select((e, c) => $"{e} AS {Sql.Name(file.Schema.Columns[c].Name)}");
            tables.Add($"SELECT {string.Join(", ", cells)} FROM {ParquetSource.Relation(link)}");
        }
        return (
            files[0].Schema, string.Join(" UNION ALL ", tables), files.Sum(f => f.Rows),
            new SourceInfo(SourceFormat.Parquet, [.. files.Select(f => f.File)], null, null, null));
    }

    private static T Undamaged<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EngineException e) when (e.Code is "io-failed" or "unreadable-data" or "engine-failed")
        {
            throw new SourceException("bad-parquet", $"{file} is a damaged Parquet file; copy or export it again.");
        }
    }

    private static void SameColumns<T>(IReadOnlyList<T> first, IReadOnlyList<T> next, string file)
    {
        if (!first.SequenceEqual(next))
            throw new SourceException(
                "schema-differs", $"{file} has other columns, types or order than the first file; hand it in "
                    + "separately.");
    }
}
