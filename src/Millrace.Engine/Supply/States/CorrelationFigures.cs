using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// Which columns of numbers go together, or with dates, by the sample of rows. Ranks decide: they do not hang on
/// scales, and no outlier makes them. A pair is told where its effect matters and chance does not explain it, even in
/// one of all pairs.
/// </summary>
internal static class CorrelationFigures
{
    private const int ShownMax = 10;
    private const double RankMin = 0.3;

    /// <summary>How likely chance may show one pair or more.</summary>
    private const double ChanceMax = 0.01;

    public static Correlations? Of(TableState state)
    {
        var sample = state.Sample;
        SampledColumn[] columns =
        [
            .. state.Columns.Where(c => ColumnState.IsPlaced(c.Column.Type))
                .Zip(sample.Columns, (c, cells) => new SampledColumn(
                    c.Column, Array.ConvertAll(cells, BitConverter.UInt64BitsToDouble), sample.Counts)),
        ];
        var asked = Pairs(columns).LongCount();
        // Under chance a rank correlation times √(rows - 1) is about normal; its tail is below 2·exp(-z²/2).
        var z = Math.Sqrt(2 * Math.Log(2 * Math.Max(1, asked) / ChanceMax));
        var strongest = new PriorityQueue<(SampledColumn One, SampledColumn Other), (double, long)>();
        var order = 0L;
        foreach (var (one, other) in Pairs(columns))
        {
            order--;
            var rank = Math.Abs(one.Rank(other, out var rows));
            if (!(rank >= RankMin) || rank * Math.Sqrt(rows - 1) <= z)
                continue;
            if (strongest.Count < ShownMax)
                strongest.Enqueue((one, other), (rank, order));
            else
                strongest.EnqueueDequeue((one, other), (rank, order));
        }
        var told = new Correlation[strongest.Count];
        for (var i = told.Length - 1; i >= 0; i--)
        {
            var (one, other) = strongest.Dequeue();
            told[i] = one.Correlation(other);
        }
        return told.Length == 0 ? null : new Correlations(sample.Counts.Sum(), sample.IsWhole, told);
    }

    /// <summary>Two columns of dates follow one another by nature: one of both holds numbers.</summary>
    private static IEnumerable<(SampledColumn One, SampledColumn Other)> Pairs(SampledColumn[] columns)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            for (var j = i + 1; j < columns.Length; j++)
            {
                if (columns[i].IsNumeric || columns[j].IsNumeric)
                    yield return (columns[i], columns[j]);
            }
        }
    }

    /// <summary>A column of the sample and its ranks, equal values in the middle of their places.</summary>
    private sealed class SampledColumn
    {
        private readonly Column _column;
        private readonly double[] _cells, _ranks;
        private readonly long[] _counts;

        /// <summary>The ranks so that the products with those of another column add up to the correlation; null where
        /// cells are missing.</summary>
        private readonly double[]? _standard;

        public SampledColumn(Column column, double[] cells, long[] counts)
        {
            (_column, _cells, _counts) = (column, cells, counts);
            _ranks = Ranks(cells, counts);
            _standard = cells.Any(double.IsNaN) ? null : Standard(_ranks, counts);
        }

        public bool IsNumeric => ColumnFigures.IsNumeric(_column.Type);

        /// <summary>The correlation of the ranks; NaN where there is none.</summary>
        /// <param name="rows">Different rows in which both have a value.</param>
        public double Rank(SampledColumn other, out int rows)
        {
            rows = _cells.Length;
            if (_standard is not { } mine || other._standard is not { } theirs)
                return Pearson(_ranks, other._ranks, _counts, out rows);
            var sum = 0.0;
            for (var i = 0; i < mine.Length; i++)
                sum += mine[i] * theirs[i];
            return sum;
        }

        public Correlation Correlation(SampledColumn other)
        {
            var pearson = Pearson(Scaled(_cells), Scaled(other._cells), _counts, out _);
            var rows = _counts.Where((_, i) => !double.IsNaN(_cells[i] + other._cells[i])).Sum();
            return new Correlation(
                _column.Name, other._column.Name, Rounded(Pearson(_ranks, other._ranks, _counts, out _)),
                double.IsFinite(pearson) ? Rounded(pearson) : null, rows);
        }

        // Four places, so that the figure is the same text on every machine.
        private static double Rounded(double value) =>
            Math.Round(Math.Clamp(value, -1, 1), 4, MidpointRounding.AwayFromZero);

        private static double[] Ranks(double[] cells, long[] counts)
        {
            int[] order = [.. Enumerable.Range(0, cells.Length).Where(i => !double.IsNaN(cells[i]))];
            Array.Sort(Array.ConvertAll(order, i => cells[i]), order);
            var ranks = new double[cells.Length];
            Array.Fill(ranks, double.NaN);
            var before = 0L;
            for (int from = 0, to; from < order.Length; from = to)
            {
                var equal = 0L;
                for (to = from; to < order.Length && cells[order[to]] == cells[order[from]]; to++)
                    equal += counts[order[to]];
                for (var i = from; i < to; i++)
                    ranks[order[i]] = before + ((equal + 1) / 2.0);
                before += equal;
            }
            return ranks;
        }

        private static double[] Standard(double[] ranks, long[] counts)
        {
            double all = counts.Sum();
            var mean = ranks.Select((r, i) => r * counts[i]).Sum() / all;
            double[] standard = [.. ranks.Select((r, i) => (r - mean) * Math.Sqrt(counts[i]))];
            var norm = Math.Sqrt(standard.Sum(s => s * s));
            return Array.ConvertAll(standard, s => s / norm); // NaN where all are equal.
        }

        /// <summary>So that no square is beyond a double.</summary>
        private static double[] Scaled(double[] cells)
        {
            var most = cells.Where(c => !double.IsNaN(c)).Select(Math.Abs).DefaultIfEmpty().Max();
            return Array.ConvertAll(cells, c => c / most);
        }

        private static double Pearson(double[] one, double[] other, long[] counts, out int rows)
        {
            var (all, sumOne, sumOther) = (0.0, 0.0, 0.0);
            rows = 0;
            for (var i = 0; i < one.Length; i++)
            {
                if (double.IsNaN(one[i] + other[i]))
                    continue;
                rows++;
                all += counts[i];
                sumOne += counts[i] * one[i];
                sumOther += counts[i] * other[i];
            }
            var (meanOne, meanOther) = (sumOne / all, sumOther / all);
            var (squaresOne, squaresOther, products) = (0.0, 0.0, 0.0);
            for (var i = 0; i < one.Length; i++)
            {
                if (double.IsNaN(one[i] + other[i]))
                    continue;
                var (a, b) = (one[i] - meanOne, other[i] - meanOther);
                squaresOne += counts[i] * a * a;
                squaresOther += counts[i] * b * b;
                products += counts[i] * a * b;
            }
            return products / Math.Sqrt(squaresOne * squaresOther);
        }
    }
}
