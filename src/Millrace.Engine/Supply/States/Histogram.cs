using System.Globalization;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.States;

/// <summary>Bins of equal width between the least and the greatest value of a column.</summary>
internal static class Histogram
{
    private const int BinsMax = 20;

    /// <summary>Exact where the buckets are; otherwise as if values lay evenly inside of a bucket.</summary>
    public static IReadOnlyList<Bin> Of(ColumnState state)
    {
        if (state is not { Buckets: { } buckets, Sound: > 0 })
            return [];
        var type = state.Column.Type;
        var (low, high) = Ends(state);
        var whole = type is ColumnType.Integer or ColumnType.Date;
        var bins = low == high ? 1 : whole ? (int)Math.Min(BinsMax, high - low + 1) : BinsMax;
        var width = (high - low) / bins;
        if (!double.IsFinite(width) || (width == 0 && bins > 1)) return [];
        double[] edges = [.. Enumerable.Range(0, bins).Select(i => low + (i * width)), high];
        var below = buckets.Below(edges, low, high);
        (below[0], below[bins]) = (0, state.Sound);
        return
        [
            .. Enumerable.Range(0, bins).Select(i => new Bin(
                Named(edges[i], type), Named(edges[i + 1], type), below[i + 1] - below[i])),
        ];
    }

    /// <summary>The positions of the least and the greatest value.</summary>
    public static (double Low, double High) Ends(ColumnState state) =>
        (Position(state.Column.Type, state.Least!), Position(state.Column.Type, state.Greatest!));

    private static double Position(ColumnType type, Extreme value) => type switch
    {
        ColumnType.Number => Order64.Double(value.Key),
        ColumnType.Decimal => double.Parse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => Order64.Integer(value.Key),
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
}
