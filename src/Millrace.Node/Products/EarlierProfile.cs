using System.Globalization;
using Millrace.Engine.Supply;

namespace Millrace.Node.Products;

/// <summary>
/// Profiles of method 5 have no frequent values of a sample. Those of method 4 also have the least and the greatest
/// text whole, and of a large table told keys though rows repeated; those of method 3 have no keys of several columns
/// either, those of method 2 no steps of dates, keys, languages and correlations either; all else is compared to the
/// last digit. Those of method 1 came out a little different each time: threads added up numbers in another order. What
/// was counted then is compared to the last digit, means within nine digits, and numbers of different values within
/// what their estimate promised. Quantiles, shapes and the edges of bins were defined otherwise: they are compared only
/// in their range and their sum.
/// </summary>
internal static class EarlierProfile
{
    /// <summary>Of a mean or deviation, as a share of the larger of both.</summary>
    private const double SumTolerance = 1e-9;

    /// <summary>Of an estimated number of different values, as a share of it: some four standard errors.</summary>
    private const double DistinctTolerance = 0.1;

    /// <summary>The figures anew, as the method of the stored ones would have told them.</summary>
    public static TableProfile Comparable(TableProfile stored, TableProfile anew) => stored.Method switch
    {
        TableProfile.CurrentMethod => anew,
        5 => AsUntil5(anew) with { Method = stored.Method },
        4 => AsUntil4(stored, anew) with { Method = stored.Method },
        3 => AsUntil4(stored, anew) with { CompositeKeys = null, Method = stored.Method },
        1 => Settled(stored, WithoutLater(AsUntil4(stored, anew))),
        _ => WithoutLater(AsUntil4(stored, anew)) with { Method = stored.Method },
    };

    private static TableProfile AsUntil5(TableProfile anew) => anew with
    {
        Columns = [.. anew.Columns.Select(c => c with { FrequentInSample = null })],
    };

    private static TableProfile AsUntil4(TableProfile stored, TableProfile anew) => anew with
    {
        Columns =
        [
            .. AsUntil5(anew).Columns.Select((column, i) => i < stored.Columns.Count
                ? column with
                {
                    Min = Whole(stored.Columns[i].Min, column.Min),
                    Max = Whole(stored.Columns[i].Max, column.Max),
                    Key = anew.DuplicateRows > 0 ? stored.Columns[i].Key : column.Key,
                }
                : column),
        ],
    };

    private static string? Whole(string? stored, string? anew) =>
        anew is [.. var beginning, '…'] && stored?.StartsWith(beginning, StringComparison.Ordinal) == true
            ? stored
            : anew;

    private static TableProfile WithoutLater(TableProfile profile) => profile with
    {
        Columns = [.. profile.Columns.Select(c => c with { Steps = null, Key = null, Languages = null })],
        Correlations = null,
        CompositeKeys = null,
    };

    /// <summary>With the stored figures in the place of those that are as near as they can be.</summary>
    private static TableProfile Settled(TableProfile stored, TableProfile anew) => anew with
    {
        Method = stored.Method,
        Columns =
        [
            .. anew.Columns.Select((column, i) => i < stored.Columns.Count
                ? Settled(stored.Columns[i], column)
                : column),
        ],
    };

    private static ColumnProfile Settled(ColumnProfile stored, ColumnProfile anew)
    {
        var isCounted = stored.DistinctIsExact && anew.DistinctIsExact;
        var most = Math.Max(stored.Distinct, anew.Distinct);
        var isDistinctClose = !isCounted && Math.Abs(stored.Distinct - anew.Distinct) <= DistinctTolerance * most;
        var isAsFrequent = stored.Frequent.Select(f => f.Count).SequenceEqual(anew.Frequent.Select(f => f.Count));
        return anew with
        {
            Distinct = isDistinctClose ? stored.Distinct : anew.Distinct,
            DistinctIsExact = isDistinctClose ? stored.DistinctIsExact : anew.DistinctIsExact,
            Min = IsSame(stored.Min, anew.Min) ? stored.Min : anew.Min,
            Max = IsSame(stored.Max, anew.Max) ? stored.Max : anew.Max,
            Numbers = IsClose(stored, anew) ? stored.Numbers : anew.Numbers,
            Text = (stored.Text, anew.Text) is ({ } s, { } a)
                && (s.LengthMin, s.LengthMax) == (a.LengthMin, a.LengthMax) ? stored.Text : anew.Text,
            Histogram = stored.Histogram.Sum(b => b.Count) == anew.Histogram.Sum(b => b.Count)
                ? stored.Histogram
                : anew.Histogram,
            Frequent = !isCounted || isAsFrequent ? stored.Frequent : anew.Frequent,
        };
    }

    /// <summary>Decimals were written with zeros at the end.</summary>
    private static bool IsSame(string? stored, string? anew) => stored == anew
        || (Number(stored) is { } s && Number(anew) is { } a && s == a);

    private static decimal? Number(string? text) => decimal.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
        out var number) ? number : null;

    private static bool IsClose(ColumnProfile stored, ColumnProfile anew)
    {
        if ((stored.Numbers, anew.Numbers) is not ({ } s, { } a) || s.Quantiles.Count != a.Quantiles.Count)
            return false;
        var size = SumTolerance * Math.Max(Math.Abs(a.Mean), a.Deviation ?? 0);
        var (min, max) = (Number(anew.Min) ?? decimal.MinValue, Number(anew.Max) ?? decimal.MaxValue);
        return Math.Abs(s.Mean - a.Mean) <= size
            && s.Deviation is null == a.Deviation is null
            && Math.Abs((s.Deviation ?? 0) - (a.Deviation ?? 0)) <= size
            && s.Quantiles.Zip(a.Quantiles).All(q =>
                q.First.Share == q.Second.Share
                && q.First.Value >= (double)min && q.First.Value <= (double)max);
    }
}
