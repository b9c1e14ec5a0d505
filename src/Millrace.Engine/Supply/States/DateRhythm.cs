using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// The usual step of dates or moments, and where steps are missing: told where all different ones are known, and at
/// least three of four steps are alike. Months are counted where all dates are of the same day or last in their month,
/// days from Monday to Friday where none is of a weekend.
/// </summary>
/// <param name="Largest">The largest gaps, by the places of their ends in the order of <see cref="Order64"/>.</param>
internal sealed record DateRhythm(
    long Every, StepUnit Unit, long Missing, long Gaps,
    IReadOnlyList<(ulong After, ulong Before, long Missing)> Largest)
{
    private const int DatesMin = 6, LargestMax = 5;
    private const double UsualMin = 0.75;
    private const long Day = TimeSpan.MicrosecondsPerDay;

    private static readonly (StepUnit Unit, long Microseconds)[] _units =
    [
        (StepUnit.Week, 7 * Day), (StepUnit.Day, Day), (StepUnit.Hour, Day / 24), (StepUnit.Minute, 60_000_000),
        (StepUnit.Second, 1_000_000), (StepUnit.Millisecond, 1_000), (StepUnit.Microsecond, 1),
    ];

    public static DateRhythm? Of(ColumnState state)
    {
        if (state is not
            { Column.Type: ColumnType.Date or ColumnType.Timestamp, Values64: { IsWhole: true } values })
        {
            return null;
        }
        var (first, last) = ColumnGauge.Known(state.Column.Type);
        long[] places =
        [
            .. values.Hashes.Select(h => Order64.Integer(Order64.Unmix(h))).Where(p => p >= first && p <= last).Order(),
        ];
        if (places.Length < DatesMin)
            return null;
        var moments = state.Column.Type == ColumnType.Date ? Array.ConvertAll(places, p => p * Day) : places;
        return (Months(moments) is { } months ? Of(places, months, InMonths) : null)
            ?? (Weekdays(moments) is { } days ? Of(places, days, InWeekdays) : null)
            ?? Of(places, moments, InTime);
    }

    /// <param name="counts">How far each place is on the line that steps are counted on, ascending.</param>
    /// <param name="name">The name of a step; null: it is none of this kind.</param>
    private static DateRhythm? Of(long[] places, long[] counts, Func<long, (long Every, StepUnit Unit)?> name)
    {
        var steps = counts.Zip(counts.Skip(1), (a, b) => b - a).ToList();
        var usual = steps.GroupBy(s => s).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First();
        if (usual.Count() < UsualMin * steps.Count || name(usual.Key) is not var (every, unit))
            return null;
        var gaps = steps.Select((step, i) => (At: i, Missing: ((step + (usual.Key / 2)) / usual.Key) - 1))
            .Where(g => g.Missing > 0)
            .ToList();
        return new DateRhythm(
            every, unit, gaps.Sum(g => g.Missing), gaps.Count,
            [
                .. gaps.OrderByDescending(g => g.Missing).ThenBy(g => g.At).Take(LargestMax)
                    .Select(g => (Order64.Of(places[g.At]), Order64.Of(places[g.At + 1]), g.Missing)),
            ]);
    }

    private static long[]? Months(long[] moments)
    {
        DateTime[] days = [.. moments.Select(m => DateTime.UnixEpoch.AddDays(DayOf(m)))];
        var isOneTime = moments.All(m => TimeOf(m) == TimeOf(moments[0]));
        var isOneDay = days.All(d => d.Day == days[0].Day);
        var isLast = days.All(d => d.Day == DateTime.DaysInMonth(d.Year, d.Month));
        return isOneTime && (isOneDay || isLast) ? Array.ConvertAll(days, d => (d.Year * 12L) + d.Month) : null;
    }

    private static long[]? Weekdays(long[] moments)
    {
        // The first day of 1970 was a Thursday: counted from the Monday before.
        var days = Array.ConvertAll(moments, m => DayOf(m) + 3);
        var isOneTime = moments.All(m => TimeOf(m) == TimeOf(moments[0]));
        return isOneTime && days.All(d => d - (7 * Floor(d, 7)) < 5)
            ? Array.ConvertAll(days, d => d - (2 * Floor(d, 7)))
            : null;
    }

    private static (long, StepUnit)? InMonths(long step) =>
        step % 12 == 0 ? (step / 12, StepUnit.Year) : (step, StepUnit.Month);

    private static (long, StepUnit)? InWeekdays(long step) => step == 1 ? (1, StepUnit.Weekday) : null;

    private static (long, StepUnit)? InTime(long step)
    {
        var (unit, microseconds) = _units.First(u => step % u.Microseconds == 0);
        return (step / microseconds, unit);
    }

    private static long DayOf(long moment) => Floor(moment, Day);

    private static long TimeOf(long moment) => moment - (Day * Floor(moment, Day));

    private static long Floor(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
