using Millrace.Engine.Duck;

namespace Millrace.Engine.Delivery;

/// <summary>A column of a finished view.</summary>
/// <param name="Type">In DuckDB's words, such as <c>DECIMAL(9,2)</c>.</param>
public sealed record ViewColumn(string Name, string Type);

/// <summary>What of a view is wanted.</summary>
/// <param name="Hint">Leaves out rows that the reader would drop; null: none.</param>
/// <param name="RowsMax">The first rows only; null: all.</param>
public sealed record PartWish(Hint? Hint, long? RowsMax);

/// <summary>
/// Makes Parquet files (by Snappy) out of finished governed views: parts, and what changed between two. It never sees
/// more than their readers do.
/// </summary>
public sealed class ViewParts(DuckPool duck)
{
    /// <summary>The column that says whether a row came or went: <c>insert</c>, <c>delete</c>.</summary>
    public const string ChangeColumn = "_change_type";

    /// <summary>The columns of a view, in order.</summary>
    public Task<IReadOnlyList<ViewColumn>> ColumnsAsync(string view, CancellationToken cancel) =>
        RunAsync<IReadOnlyList<ViewColumn>>(
            [view], session => Columns(session, Table(session, view, "view")), cancel);

    /// <summary>What a wish comes to over these columns: the same text, the same part; empty: the whole view.</summary>
    public static string Meaning(PartWish wish, IReadOnlyList<ViewColumn> columns) =>
        (wish.Hint is { } hint && HintSql.Of(hint, columns) is { } rows ? $" WHERE {rows}" : "")
        + (wish.RowsMax is { } most ? $" LIMIT {most}" : "");

    /// <summary>Writes a part of a view; its rows keep their order.</summary>
    /// <exception cref="ViewException">Nothing was written, and why.</exception>
    public Task<BuiltView> PartAsync(string view, PartWish wish, string outputPath, CancellationToken cancel) =>
        WriteAsync(
            [view], outputPath,
            session =>
            {
                var table = Table(session, view, "view");
                return $"SELECT * FROM {table}{Meaning(wish, Columns(session, table))}";
            },
            cancel);

    /// <summary>Writes what changed from one view to the next: each row that came or went, with its kind.</summary>
    /// <param name="isInsertsOnly">Only the rows that came, and without their kind.</param>
    /// <exception cref="ViewException">Nothing was written, and why.</exception>
    public Task<BuiltView> ChangesAsync(
        string before, string after, bool isInsertsOnly, string outputPath, CancellationToken cancel) =>
        WriteAsync(
            [before, after], outputPath,
            session =>
            {
                var (old, now) = (Table(session, before, "before"), Table(session, after, "after"));
                var names = string.Join(", ", Columns(session, now).Select(c => Sql.Name(c.Name)));
                var came = $"SELECT {names} FROM {now} EXCEPT ALL SELECT {names} FROM {old}";
                var went = $"SELECT {names} FROM {old} EXCEPT ALL SELECT {names} FROM {now}";
                // In the order of the cells: the same views, the same bytes.
                return isInsertsOnly
                    ? $"SELECT * FROM ({came}) ORDER BY ALL"
                    : $"SELECT * FROM (SELECT *, 'insert' AS {ChangeColumn} FROM ({came}) UNION ALL "
                        + $"SELECT *, 'delete' AS {ChangeColumn} FROM ({went})) ORDER BY ALL";
            },
            cancel);

    private async Task<BuiltView> WriteAsync(
        IReadOnlyList<string> views, string outputPath, Func<DuckSession, string> select, CancellationToken cancel)
    {
        using var target = new PartialFile(outputPath);
        var rows = await RunAsync(
            [.. views, target.Path],
            session =>
            {
                var links = views.Select((v, i) => session.Link(v, Path.Combine(session.Folder, $"size{i}.parquet")));
                return ViewWriter.Write(
                    session, select(session), ViewFormat.SnappyParquet, target.Path, links.ToList());
            },
            cancel);
        var (bytes, sha256) = await target.KeepAsync(cancel);
        return new BuiltView(rows, bytes, sha256);
    }

    private async Task<T> RunAsync<T>(
        IReadOnlyList<string> files, Func<DuckSession, T> job, CancellationToken cancel)
    {
        try
        {
            return await duck.RunAsync(files, job, cancel);
        }
        catch (Exception e) when (e is not ViewException && Failures.Explain(e) is { } explained)
        {
            throw new ViewException(explained.Code, explained.Message);
        }
    }

    private static string Table(DuckSession session, string view, string name)
    {
        var link = session.Link(view, Path.Combine(session.Folder, $"{name}.parquet"));
        return $"read_parquet({Sql.Text(link)}, hive_partitioning = false)";
    }

    private static List<ViewColumn> Columns(DuckSession session, string table) =>
        [.. session.Rows($"DESCRIBE SELECT * FROM {table}").Select(r => new ViewColumn((string)r[0]!, (string)r[1]!))];
}
