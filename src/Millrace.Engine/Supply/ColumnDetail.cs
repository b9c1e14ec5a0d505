using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>What takes a reading of its own for each column: histogram, frequent values, shapes.</summary>
internal static class ColumnDetail
{
    private const int BinsMax = 20, FrequentMax = 10, ShapesMax = 5;

    /// <summary>Up to this estimate values are counted one by one; above, sketches and samples keep memory
    /// bounded.</summary>
    private const long DistinctExactMax = 100_000;

    private const long ShapeRowsMax = 200_000;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    public static ColumnProfile Measure(
        DuckSession session, string table, long rows, Column column, ColumnFigures found)
    {
        var isExact = found.DistinctAbout <= DistinctExactMax && column.Type != ColumnType.Binary;
        var distinct = isExact ? DistinctOf(session, table, column) : Math.Min(found.DistinctAbout, found.Values);
        var repeats = isExact && distinct < found.Values;
        return new ColumnProfile(
            column.Name, column.Type, rows - found.Values, distinct, isExact, found.Defects, found.Min, found.Max,
            found.Mean is { } mean ? new NumberFigures(mean, found.Deviation, found.Quantiles) : null,
            column.Type == ColumnType.Text && found.Values > 0 ? Text(session, table, rows, column) : null,
            Histogram(session, table, column, found),
            repeats ? Frequent(session, table, column) : []);
    }

    /// <summary>Texts by a 64-bit hash of each: they may be long, and a grouping spills to disk.</summary>
    private static long DistinctOf(DuckSession session, string table, Column column)
    {
        var cell = Sql.Name(column.Name);
        var value = column.Type == ColumnType.Text ? $"hash({cell})" : cell;
        return Profiler.Count(session.Row(
            $"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {cell} IS NOT NULL GROUP BY {value})")[0]);
    }

    private static List<ValueCount> Frequent(DuckSession session, string table, Column column)
    {
        var cell = Sql.Name(column.Name);
        return Counted(session, $"""
            SELECT CAST({cell} AS VARCHAR), count(*) FROM {table} WHERE {cell} IS NOT NULL
            GROUP BY {cell} ORDER BY 2 DESC, {cell} LIMIT {FrequentMax}
            """);
    }

    private static TextFigures Text(DuckSession session, string table, long rows, Column column)
    {
        var cell = Sql.Name(column.Name);
        var lengths = session.Row($"SELECT min(length({cell})), max(length({cell})) FROM {table}");
        var every = (rows + ShapeRowsMax - 1) / ShapeRowsMax;
        // Letters one by one before Han characters as a class; a shape is cut at 40 characters.
        var shape = $"translate(left({cell}, 40), '0123456789{Letters}{Letters.ToUpperInvariant()}', "
            + $"'{new string('9', 10)}{new string('a', 26)}{new string('A', 26)}')";
        var shapes = Counted(session, $"""
            SELECT regexp_replace({shape}, '\p{"{"}Han{"}"}', '汉', 'g') AS shape, count(*)
            FROM (SELECT {cell}, file_row_number AS r FROM {table[..^1]}, file_row_number = true))
            WHERE r % {every} = 0 AND {cell} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {ShapesMax}
            """);
        return new TextFigures(
            Profiler.Count(lengths[0]), Profiler.Count(lengths[1]), shapes, (rows + every - 1) / every);
    }

    /// <summary>Bins of equal width between the least and the greatest value; dates as days, moments as
    /// microseconds.</summary>
    private static List<Bin> Histogram(DuckSession session, string table, Column column, ColumnFigures found)
    {
        var type = column.Type;
        if (found.Min is null || !(ColumnFigures.IsNumeric(type) || type is ColumnType.Date or ColumnType.Timestamp))
            return [];
        var x = Position($"({ColumnFigures.Sound(column)})", type);
        var ends = session.Row($"SELECT min({x}), max({x}) FROM {table}");
        var low = Convert.ToDouble(ends[0], CultureInfo.InvariantCulture);
        var high = Convert.ToDouble(ends[1], CultureInfo.InvariantCulture);
        var whole = type is ColumnType.Integer or ColumnType.Date;
        var bins = low == high ? 1 : whole ? (int)Math.Min(BinsMax, high - low + 1) : BinsMax;
        var width = (high - low) / bins;
        if (!double.IsFinite(width) || (width == 0 && bins > 1)) return [];
        var bin = bins == 1 ? "0" : string.Create(
            CultureInfo.InvariantCulture, $"least({bins - 1}, greatest(0, floor(({x} - ({low:R})) / {width:R})))");
        var counts = session
            .Rows($"SELECT CAST({bin} AS INTEGER), count(*) FROM {table} WHERE {x} IS NOT NULL GROUP BY 1")
            .ToDictionary(r => (int)Profiler.Count(r[0]), r => Profiler.Count(r[1]));
        return
        [
            .. Enumerable.Range(0, bins).Select(i => new Bin(
                Named(low + (i * width), type), Named(i == bins - 1 ? high : low + ((i + 1) * width), type),
                counts.GetValueOrDefault(i))),
        ];
    }

    private static string Position(string cell, ColumnType type) => type switch
    {
        ColumnType.Date => $"CAST({cell} - DATE '1970-01-01' AS DOUBLE)",
        ColumnType.Timestamp => $"CAST(epoch_us({cell}) AS DOUBLE)",
        _ => $"CAST({cell} AS DOUBLE)",
    };

    private static string Named(double position, ColumnType type) => type switch
    {
        ColumnType.Date => Moment(position * TimeSpan.TicksPerDay, "yyyy-MM-dd"),
        ColumnType.Timestamp => Moment(position * TimeSpan.TicksPerMicrosecond, "yyyy-MM-ddTHH:mm:ss"),
        _ => position.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Moment(double ticksSince1970, string format)
    {
        var ticks = Math.Clamp(
            DateTime.UnixEpoch.Ticks + ticksSince1970, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks - 1e6);
        return new DateTime((long)ticks, DateTimeKind.Utc).ToString(format, CultureInfo.InvariantCulture);
    }

    private static List<ValueCount> Counted(DuckSession session, string statement) =>
        [.. session.Rows(statement).Select(r => new ValueCount((string)r[0]!, Profiler.Count(r[1])))];
}
