using Millrace.Engine.Duck;
using Millrace.Engine.Supply.Conversions;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>Makes a table out of the files that people have.</summary>
public sealed class TableImport(DuckPool duck)
{
    private readonly int _columnsMax = duck.Options.ColumnsMax;

    /// <summary>
    /// Reads CSV, Excel, JSON, Parquet or Arrow files of one schema, packed or not, in the order given, and writes one
    /// Parquet file.
    /// </summary>
    /// <param name="form">How to read CSV; null: found out.</param>
    /// <param name="expected">
    /// Texts get the types of its columns of the same name, where their values have them; null: the narrowest.
    /// </param>
    /// <param name="conversions">Of columns; null: none.</param>
    /// <exception cref="SourceException">A file cannot become a table. Nothing is left at the target.</exception>
    public async Task<ImportedTable> ImportAsync(
        IReadOnlyList<string> paths, string parquetPath, CancellationToken cancel, CsvForm? form = null,
        TableSchema? expected = null, IReadOnlyList<Conversion>? conversions = null)
    {
        if (paths.Count == 0) throw new SourceException("no-source", "Name at least one file.");
        List<(long, DateTime)>? stamps = null;
        try
        {
            foreach (var path in paths) SourceFiles.Examine(path);
            stamps = [.. paths.Select(SourceFiles.Stamp)];
            using var target = new PartialFile(parquetPath);
            var (schema, rows, source) = await duck.RunAsync(
                [.. paths, target.Path],
                session => Write(
                    session, paths, form ?? new CsvForm(), expected, conversions ?? [], target.Path, cancel),
                cancel, threads: LargeFiles.Threads(paths.Where(p => FileHead.Of(p).IsParquet)));
            SourceFiles.RequireUnchanged(paths, stamps);
            var (bytes, sha256) = await target.KeepAsync(cancel);
            return new ImportedTable(schema, rows, bytes, sha256, source);
        }
        catch (Exception e) when (SourceFiles.Explain(e) is { } explained)
        {
            // What a file looks like that is still written has all kinds of faults.
            if (stamps is not null)
                SourceFiles.RequireUnchanged(paths, stamps);
            throw explained;
        }
    }

    private (TableSchema, long, SourceInfo) Write(
        DuckSession session, IReadOnlyList<string> paths, CsvForm form, TableSchema? expected,
        IReadOnlyList<Conversion> conversions, string target, CancellationToken cancel)
    {
        var files = paths
            .SelectMany(p => Unpacking.Open(p, session.Folder, duck.Options.UnpackedBytesMax, cancel))
            .ToList();
        if (files.Count > Unpacking.FilesMax)
            throw new SourceException(
                "too-many-files",
                $"That is {files.Count} files and at most {Unpacking.FilesMax} are taken; join some.");
        var kinds = files.GroupBy(f => f.Format).ToList();
        if (kinds is not [{ Key: var format }])
            throw new SourceException(
                "mixed-formats",
                $"The files are of several kinds ({string.Join(", ", kinds.Select(k => Name(k.Key)))}), such as "
                + $"{string.Join(" and ", kinds.Select(k => k.First().Name))}; hand them in separately.");
        var (schema, relation, rows, source) = format is SourceFormat.Parquet or SourceFormat.Arrow
            ? FromTyped(session, files, format, cancel)
            : Parsed(files, format, () => FromText(session, files, format, form, expected, conversions, cancel));
        if (conversions.Count > 0)
        {
            var converted = TableConversion.Of(session, schema, relation, conversions);
            (schema, relation) = (converted.Schema, converted.Relation);
            source = source with { Conversions = converted.Done };
        }
        long Copy() => ParquetFiles.Write(
            session, relation, schema, target, "zstd", LargeFiles.Are(paths));
        var written = format is SourceFormat.Parquet or SourceFormat.Arrow
            ? Undamaged(source.Files[0].Name, format, Copy)
            : Copy();
        if (written != rows)
            throw new SourceException(
                "unreadable-data", "The rows could not be told apart reliably; quote the cells and use one kind of "
                    + "line end.");
        return (schema, rows, source);
    }

    private (TableSchema, string, long, SourceInfo) FromText(
        DuckSession session, IReadOnlyList<OpenedFile> opened, SourceFormat format, CsvForm form,
        TableSchema? expected, IReadOnlyList<Conversion> conversions, CancellationToken cancel)
    {
        var (handed, files) = (new List<SourceFile>(), new List<TextSource>());
        for (var i = 0; i < opened.Count; i++)
        {
            var file = TextOf(session, opened[i], Path.Combine(session.Folder, $"in{i}.txt"), format, form, cancel);
            handed.Add(file.File);
            if (file.Names.Count == 0) continue; // An array of no objects names no columns.
            files.Add(file);
            SameColumns(files[0].Names, file.Names, opened[i].Name);
        }
        RequireRows(files.Sum(f => f.Rows), opened, hasColumns: files.Count > 0);
        var names = files[0].Names;
        var all = $"({string.Join(" UNION ALL ", files.Select(f => $"SELECT * FROM {f.Relation}"))})";
        var wanted = TableConversion.Expected(expected, conversions);
        var asked = new AskedColumns(
            names, [.. names.Select(n => wanted?.Find(n)?.Type)],
            [.. names.Select(n => conversions.Any(c => c.Column == n && c.Knows(CsvForm.Na)))],
            files.All(f => f.Delimiter is not (null or ',')), files[0].BareNaIsNull,
            NaMayBeCode: files.All(f => f.BareNaIsNull && !f.QuotesTexts));
        var typed = names.Count > TypedSlices.ColumnsMax
            ? TypedSlices.Of(session, all, asked)
            : CsvTyping.Typed(session, all, asked);
        return (
            new TableSchema(typed.Columns), typed.Relation, files.Sum(f => f.Rows),
            new SourceInfo(
                format, [.. handed.Distinct()], files[0].Delimiter, files[0].Encoding,
                files[0].HasHeader, DecimalCommas: typed.DecimalCommas is { Count: > 0 } commas ? commas : null,
                Renamed: files.SelectMany(f => f.Renamed ?? []).Distinct().ToList() is { Count: > 0 } other
                    ? other : null,
                Sheet: files[0].Sheet));
    }

    /// <param name="link">Where in the job's folder the file is to be seen.</param>
    private TextSource TextOf(
        DuckSession session, OpenedFile opened, string link, SourceFormat format, CsvForm form,
        CancellationToken cancel)
    {
        if (format == SourceFormat.Json)
            return JsonSource.Read(session, opened, link, _columnsMax, cancel);
        var isCsv = format == SourceFormat.Csv;
        var text = isCsv
            ? opened
            : Workbook.ToCsv(opened, session.Folder, duck.Options, cancel);
        var csv = CsvSource.Read(text, link, form, _columnsMax, cancel);
        if (csv.Path != link) session.Link(csv.Path, link);
        return new TextSource(
            isCsv ? csv.File : opened.HandedIn(), csv.Names, csv.Rows,
            csv.Relation(link, form), isCsv ? csv.Delimiter : null, isCsv ? csv.Encoding : null, csv.HasHeader,
            BareNaIsNull: form.NullTexts is null, csv.QuotesTexts, Sheet: text.Sheet);
    }

    private (TableSchema, string, long, SourceInfo) FromTyped(
        DuckSession session, IReadOnlyList<OpenedFile> opened, SourceFormat format, CancellationToken cancel)
    {
        var files = new List<TypedSource>();
        for (var i = 0; i < opened.Count; i++)
        {
            var source = opened[i];
            var file = format == SourceFormat.Parquet
                ? FromParquet(session, source, Path.Combine(session.Folder, $"in{i}.parquet"))
                : ArrowSource.Read(session, source, $"in{i}", duck.Options, cancel);
            files.Add(file);
            SameColumns(files[0].Schema.Columns, file.Schema.Columns, source.Name);
        }
        RequireRows(files.Sum(f => f.Rows), opened);
        var relation = Together(files);
        if (files.Count > 1) RequireHeld(session, files, relation);
        return (
            files[0].Schema, relation, files.Sum(f => f.Rows),
            new SourceInfo(format, [.. files.Select(f => f.File).Distinct()], null, null, null));
    }

    /// <summary>
    /// Of files read side by side, as UNION ALL does, the later ones would wait in memory for the first.
    /// </summary>
    private static string Together(List<TypedSource> files)
    {
        IEnumerable<(string Cells, string Relation)> parts = files.Select(f => (Cells(f), f.Relation));
        if (files.All(f => f.Parquet is not null) && parts.Select(p => p.Cells).Distinct().Count() == 1)
            parts = [(Cells(files[0]), ParquetFiles.Table([.. files.Select(f => f.Parquet!)]))];
        return string.Join(" UNION ALL ", parts.Select(p => $"SELECT {p.Cells} FROM {p.Relation}"));
    }

    private static string Selected(TypedSource file) => $"SELECT {Cells(file)} FROM {file.Relation}";

    private static string Cells(TypedSource file) => string.Join(
        ", ", file.Expressions.Select((e, c) => $"{e} AS {Sql.Name(file.Schema.Columns[c].Name)}"));

    /// <summary>Of decimals that take more digits together than there are the engine drops the last.</summary>
    private static void RequireHeld(DuckSession session, List<TypedSource> files, string relation)
    {
        if (files[0].Schema.Columns.All(c => c.Type != ColumnType.Decimal)) return;
        var types = Types(relation);
        foreach (var file in files)
        {
            var lost = Types(Selected(file)).Zip(types, file.Schema.Columns)
                .FirstOrDefault(c => !DuckTypes.Holds(c.Second, c.First));
            if (lost.Third is { } column)
                throw new SourceException(
                    "schema-differs",
                    $"{column.Name} has decimals of so many digits in {file.File.Name}, or of so long fractions, that "
                    + "no type holds those of the other files too; write them alike, or hand the files in separately.");
        }

        List<string> Types(string select) => [.. session.Rows($"DESCRIBE {select}").Select(d => (string)d[1]!)];
    }

    private TypedSource FromParquet(DuckSession session, OpenedFile source, string link) => Undamaged(
        source.Name, SourceFormat.Parquet,
        () => ParquetSource.Read(session, source, session.Link(source.Path, link), _columnsMax));

    private static string Name(SourceFormat format) => format switch
    {
        SourceFormat.Csv => "CSV",
        SourceFormat.Json => "JSON",
        _ => format.ToString(),
    };

    private static T Undamaged<T>(string file, SourceFormat format, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EngineException e) when (e.Code is "io-failed" or "unreadable-data" or "engine-failed")
        {
            throw new SourceException(
                format == SourceFormat.Arrow ? "bad-arrow" : "bad-parquet",
                $"{file} is a damaged {format} file; copy or export it again.");
        }
    }

    /// <summary>What JSON has wrong inside of its objects shows once its members are read.</summary>
    private static T Parsed<T>(List<OpenedFile> files, SourceFormat format, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EngineException e) when (format == SourceFormat.Json && e.Code == DuckErrors.UnreadableData)
        {
            throw new SourceException(
                "bad-json",
                $"{(files is [var one] ? one.Name : "One of the files")} has an object that is no row, such as one "
                + "that has a member twice; give each member of an object a name of its own.");
        }
    }

    /// <summary>Of several files some may have none: days on which nothing happened.</summary>
    private static void RequireRows(long rows, IReadOnlyList<OpenedFile> files, bool hasColumns = true)
    {
        if (rows == 0)
            throw new SourceException(
                SourceException.HeaderOnly,
                (files is [var one] ? one.Name : $"Each of the {files.Count} files")
                + $" has {(hasColumns ? "columns but " : "")}no rows; hand in a file with rows.");
    }

    private static void SameColumns<T>(IReadOnlyList<T> first, IReadOnlyList<T> next, string file)
    {
        if (!first.SequenceEqual(next))
            throw new SourceException(
                "schema-differs", $"{file} has other columns, types or order than the first file; hand it in "
                    + "separately.");
    }
}
