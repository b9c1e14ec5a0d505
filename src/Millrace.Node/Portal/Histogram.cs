using Millrace.Engine.Supply;

namespace Millrace.Node.Portal;

/// <summary>
/// Where the bars of a histogram stand in a drawing, and the box of the quantiles under them: whiskers at 5 and 95 %,
/// the box at 25 and 75 %, the line at the median.
/// </summary>
public sealed record Histogram(IReadOnlyList<Bar> Bars, Box? Box)
{
    /// <summary>The units of the drawing, as its view box says.</summary>
    public const double Width = 300;

    public const double Height = 84;

    /// <summary>The bottom of the bars; the box stands below.</summary>
    public const double Ground = 66;

    private const double Gap = 1.5;

    /// <summary>The least height that is seen: a bin that is not empty never looks so.</summary>
    private const double Least = 1.5;

    public static Histogram Of(ColumnProfile column)
    {
        var bins = column.Histogram;
        var step = Width / Math.Max(1, bins.Count);
        var most = Math.Max(1, bins.Select(b => b.Count).DefaultIfEmpty().Max());
        var bars = bins.Select((bin, i) =>
        {
            var height = bin.Count == 0 ? 0 : Math.Max(Least, (Ground - 2) * bin.Count / most);
            return new Bar(i * step, Ground - height, Math.Max(Least, step - Gap), height, bin);
        });
        return new Histogram([.. bars], Quantiles(column));
    }

    private static Box? Quantiles(ColumnProfile column)
    {
        if (column.Numbers is not { Quantiles.Count: 5 } numbers ||
            column.Histogram is not [{ } first, ..] || column.Histogram[^1] is not { } last ||
            Figures.AsNumber(first.From) is not { } from || Figures.AsNumber(last.To) is not { } to || to <= from)
        {
            return null;
        }
        var at = numbers.Quantiles
            .Select(q => Math.Clamp((q.Value - from) / (to - from), 0, 1) * Width).ToArray();
        return new Box(at[0], at[1], at[2], at[3], at[4]);
    }
}

/// <summary>One bar, from its upper left corner.</summary>
public sealed record Bar(double X, double Y, double Width, double Height, Bin Bin);

/// <summary>Places of the quantiles along the drawing.</summary>
public sealed record Box(double Low, double From, double Middle, double To, double High);
