using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>Measures tables.</summary>
public sealed class Profiler(DuckPool duck)
{
    private const int ColumnsOfASlice = 16;

    /// <summary>Reads Parquet files slice by slice of columns, in bounded memory, and says what they hold.</summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public async Task<TableProfile> ProfileAsync(
        IReadOnlyList<string> parquetFiles, TableSchema schema, CancellationToken cancel)
    {
        try
        {
            return await duck.RunAsync(parquetFiles, session => Profile(session, parquetFiles, schema), cancel);
        }
        catch (Exception e) when (e is not EngineException && Failures.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>
    /// The latest date or moment in any column that is not after a given one; null without one. What is yet to come
    /// (a plan, or a slip of the pen) says nothing of the age of the data.
    /// </summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public async Task<DateTimeOffset?> LatestDateAsync(
        IReadOnlyList<string> parquetFiles, TableSchema schema, DateTimeOffset notAfter, CancellationToken cancel)
    {
        List<string> latest = [.. schema.Columns.Select(c => Latest(c, notAfter.UtcDateTime)).OfType<string>()];
        if (latest.Count == 0)
            return null;
        try
        {
            var texts = await duck.RunAsync(
                parquetFiles,
                session => session.Row($"SELECT {string.Join(", ", latest)} FROM "
                    + ParquetFiles.Table(ParquetFiles.Link(session, parquetFiles))),
                cancel);
            return texts.Select(t => Moment((string?)t)).Max();
        }
        catch (Exception e) when (e is not EngineException && Failures.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    private static string? Latest(Column column, DateTime notAfter)
    {
        var cell = ColumnFigures.Sound(column);
        return column.Type switch
        {
            // Not compared with a moment: the latest days that a date may be have none.
            ColumnType.Date => Max($"DATE '{notAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'"),
            ColumnType.Timestamp => Max(
                $"TIMESTAMP '{notAfter.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'"),
            _ => null,
        };
        string Max(string limit) => $"CAST(max({cell}) FILTER (WHERE {cell} <= {limit}) AS VARCHAR)";
    }

    private static DateTimeOffset? Moment(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private static TableProfile Profile(DuckSession session, IReadOnlyList<string> files, TableSchema schema)
    {
        var table = ParquetFiles.Table(ParquetFiles.Link(session, files));
        var rows = Count(session.Row($"SELECT count(*) FROM {table}")[0]);
        var columns = new List<ColumnProfile>();
        foreach (var slice in schema.Columns.Chunk(ColumnsOfASlice))
        {
            var figures = string.Join(", ", slice.SelectMany(ColumnFigures.Aggregates));
            var answers = new Queue<object?>(session.Row($"SELECT {figures} FROM {table}"));
            foreach (var column in slice)
                columns.Add(ColumnDetail.Measure(session, table, rows, column, ColumnFigures.Read(answers)));
        }
        return new TableProfile(rows, Duplicates(session, table, rows, schema), columns);
    }

    /// <summary>Grouping by a hash of the row spills to disk when it outgrows the budget.</summary>
    private static long Duplicates(DuckSession session, string table, long rows, TableSchema schema)
    {
        var cells = string.Join(", ", schema.Columns.Select(c => Sql.Name(c.Name)));
        var hashes = $"SELECT hash({cells}) AS h FROM {table}";
        return rows - Count(session.Row($"SELECT count(*) FROM (SELECT 1 FROM ({hashes}) GROUP BY h)")[0]);
    }

    internal static long Count(object? number) => Convert.ToInt64(number, CultureInfo.InvariantCulture);
}
