using System.Globalization;
using Millrace.Engine.Supply;

namespace Millrace.Node.Portal;

/// <summary>Where the largest gaps of dates stand in a drawing as wide as a <see cref="Histogram"/>.</summary>
public static class Gaps
{
    /// <summary>The least width that is seen.</summary>
    private const double Least = 2;

    /// <summary>Empty where the dates cannot be placed.</summary>
    public static IReadOnlyList<DrawnGap> Of(ColumnProfile column)
    {
        if (column.Steps is not { } steps || Moment(column.Min) is not { } from || Moment(column.Max) is not { } to
            || to <= from)
        {
            return [];
        }
        var gaps = new List<DrawnGap>();
        foreach (var gap in steps.Largest)
        {
            if (Moment(gap.After) is not { } after || Moment(gap.Before) is not { } before)
                return [];
            var width = Math.Max(Least, Place(before) - Place(after));
            gaps.Add(new DrawnGap(Math.Min(Place(after), Histogram.Width - width), width));
        }
        return gaps;

        double Place(DateTime moment) => (moment - from) / (to - from) * Histogram.Width;
    }

    private static DateTime? Moment(string? text) => DateTime.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
        out var moment) ? moment : null;
}

/// <summary>A gap, from its left end.</summary>
public sealed record DrawnGap(double From, double Width);
