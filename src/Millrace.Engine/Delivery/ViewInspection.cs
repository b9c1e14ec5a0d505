using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Delivery;

/// <summary>What is found in a written view, looked at from outside.</summary>
/// <param name="Columns">The names of its columns, in order.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="RowsAllowed">How many rows of the product the terms let be seen.</param>
/// <param name="Strays">Rows in it that the rule on rows does not allow; null: it cannot be told from the view.</param>
/// <param name="Unmasked">By masked column: cells in it that are not of the form that the mask leaves.</param>
public sealed record ViewFindings(
    IReadOnlyList<string> Columns, long Rows, long RowsAllowed, long? Strays,
    IReadOnlyDictionary<string, long> Unmasked);

/// <summary>Looks into a written view as a reader does: does it hold more than a plan lets be seen?</summary>
public sealed class ViewInspection(DuckPool duck)
{
    /// <param name="originals">The Parquet files of the version that the view was made of.</param>
    public Task<ViewFindings> InspectAsync(
        IReadOnlyList<string> originals, string view, ViewFormat format, AccessPlan plan, CancellationToken cancel) =>
        duck.RunAsync(
            [.. originals, view],
            session =>
            {
                var written = format == ViewFormat.Arrow
                    ? Arrow(session, view, cancel)
                    : Written(session.Link(view, Path.Combine(session.Folder, "view")), format);
                var product = ParquetFiles.Table(ParquetFiles.Link(session, originals));
                var rule = plan.Rows is { } rows ? RowSql.Of(rows, plan.Schema) : "true";
                if (new FileInfo(view).Length == 0) // JSON without a row names no column.
                    return new ViewFindings([], 0, Count(session, product, rule), null, new Dictionary<string, long>());
                var columns = session.Rows($"DESCRIBE SELECT * FROM {written}").Select(r => (string)r[0]!).ToList();
                return new ViewFindings(
                    columns, Count(session, written, "true"), Count(session, product, rule),
                    format is ViewFormat.Parquet or ViewFormat.SnappyParquet or ViewFormat.Arrow && Told(plan)
                        ? Count(session, written, $"NOT coalesce({rule}, false)")
                        : null,
                    plan.Columns.Where(c => c.Mask is not null && columns.Contains(c.Name)).ToDictionary(
                        c => c.Name, c => Count(session, written, $"NOT ({Form(c)})")));
            },
            cancel);

    /// <summary>The value, of a column of texts, of a row that a plan leaves out; null: it leaves out none.</summary>
    /// <param name="originals">The Parquet files of a version.</param>
    public Task<string?> LeftOutAsync(
        IReadOnlyList<string> originals, AccessPlan plan, string column, CancellationToken cancel) =>
        duck.RunAsync(
            originals,
            session => plan.Rows is { } rule && session.Rows(
                $"SELECT {Sql.Name(column)} FROM {ParquetFiles.Table(ParquetFiles.Link(session, originals))} "
                + $"WHERE NOT coalesce({RowSql.Of(rule, plan.Schema)}, false) LIMIT 1") is [[string value]]
                ? value
                : null,
            cancel);

    /// <summary>In CSV every cell is a text, as whoever reads it sees it.</summary>
    private static string Written(string path, ViewFormat format) => format switch
    {
        ViewFormat.Csv => $"read_csv({Sql.Text(path)}, header = true, all_varchar = true, delim = ',', quote = '\"', "
            + "escape = '\"', allow_quoted_nulls = false)",
        ViewFormat.JsonLines => $"read_json({Sql.Text(path)}, format = 'newline_delimited')",
        ViewFormat.Parquet or ViewFormat.SnappyParquet => $"read_parquet({Sql.Text(path)}, hive_partitioning = false)",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Nobody has said how to look into it."),
    };

    /// <summary>The engine reads no Arrow file: it is read as one that somebody hands in.</summary>
    private string Arrow(DuckSession session, string view, CancellationToken cancel)
    {
        var read = ArrowSource.Read(session, new OpenedFile(view, "the view"), "arrow", duck.Options, cancel);
        var cells = read.Expressions.Select((cell, i) => $"{cell} AS {Sql.Name(read.Schema.Columns[i].Name)}");
        return $"(SELECT {string.Join(", ", cells)} FROM {read.Relation})";
    }

    private static long Count(DuckSession session, string table, string where) => Convert.ToInt64(
        session.Rows($"SELECT count(*) FROM {table} WHERE {where}").Single()[0], CultureInfo.InvariantCulture);

    /// <summary>Whether the view shows, as they are, all columns that the rule on rows compares.</summary>
    private static bool Told(AccessPlan plan) => plan.Rows is { } rows && Compared(rows).All(
        name => plan.Columns.Any(c => c.Name == name && c.Mask is null));

    private static IEnumerable<string> Compared(RowPredicate predicate) => predicate switch
    {
        RowAll all => all.Parts.SelectMany(Compared),
        RowAny any => any.Parts.SelectMany(Compared),
        RowComparison one => [one.Column],
        _ => [],
    };

    /// <summary>What holds of every cell that the mask has been over.</summary>
    private static string Form(PlanColumn column)
    {
        var (cell, mask) = (Sql.Name(column.Name), Check.NotNull(column.Mask));
        var text = $"CAST({cell} AS VARCHAR)";
        var form = mask.Kind switch
        {
            MaskKind.Null => "false",
            MaskKind.Hash => $"regexp_full_match({text}, '[0-9a-f]{{32}}')",
            MaskKind.First or MaskKind.Last => $"length({text}) <= {mask.Chars}",
            MaskKind.Round when column.Type == ColumnType.Number => $"isfinite(CAST({cell} AS DOUBLE))",
            MaskKind.Round =>
                $"CAST({text} AS DECIMAL(38, 9)) % {mask.Step.ToString(CultureInfo.InvariantCulture)} = 0",
            MaskKind.DateMonth => $"day(CAST({text} AS TIMESTAMP)) = 1 AND {Midnight(text)}",
            _ => $"dayofyear(CAST({text} AS TIMESTAMP)) = 1 AND {Midnight(text)}",
        };
        return $"{cell} IS NULL OR ({form})";
    }

    private static string Midnight(string text) =>
        $"CAST({text} AS TIMESTAMP) = date_trunc('day', CAST({text} AS TIMESTAMP))";
}
