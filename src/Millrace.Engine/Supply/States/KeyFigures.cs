using System.Runtime.InteropServices;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// Which columns may be a key together, by a sample of rows: pairs, and where there is none, triples, of which no
/// combination of values occurs twice. In few rows, or beside a column whose values hardly repeat, that is so by
/// accident: told is what chance does not explain, even in one of all that were tried.
/// </summary>
internal static class KeyFigures
{
    private const int ToldMax = 3, ColumnsOfAKeyMax = 3;

    /// <summary>Of a table, the first so many columns of the types; that is 496 pairs and 4 960 triples.</summary>
    private const int PartsMax = 32;

    /// <summary>Of all rows: where more may repeat, a sample says too little to be told.</summary>
    private const double RepeatsMax = 0.05;

    /// <summary>How likely chance may show one key or more.</summary>
    private const double ChanceMax = 0.01;

    /// <summary>Enough to number the values of a column in a sample.</summary>
    private const int BitsOfANumber = 13;

    /// <summary>The columns that are sampled for keys: what is measured tells no rows apart.</summary>
    public static IEnumerable<Column> PartsOf(IEnumerable<Column> columns) => columns
        .Where(c => c.Type is ColumnType.Integer or ColumnType.Date or ColumnType.Time or ColumnType.Timestamp
            or ColumnType.Text)
        .Take(PartsMax);

    /// <param name="profile">Of the same table, without these keys.</param>
    public static IReadOnlyList<CompositeKey>? Of(TableState state, TableProfile profile)
    {
        var sample = state.KeySample;
        var rows = sample.Hashes.Length;
        double? repeats = sample.IsWhole ? null : RepeatsBelow(rows, profile.Rows);
        // Rows that repeat as a whole repeat in any columns. No row is sampled where no two columns can be a key.
        var isNone = profile.DuplicateRows > 0 || rows == 0 || repeats > RepeatsMax;
        if (isNone || profile.Columns.Any(c => c.Key is not null))
            return null;
        var able = profile.Columns.Where(c => c is { Nulls: 0, Distinct: > 1 }).Select(c => c.Name).ToHashSet();
        (string Name, ulong[] Cells)[] parts =
        [
            .. PartsOf(state.Columns.Select(c => c.Column)).Zip(sample.Columns, (c, cells) => (c.Name, cells))
                .Where(p => able.Contains(p.Name)),
        ];
        var found = Find(Array.ConvertAll(parts, p => p.Cells));
        return found.Count == 0
            ? null
            : [.. found.Select(key => new CompositeKey([.. key.Select(p => parts[p].Name)], rows, repeats))];
    }

    /// <summary>The keys among columns of a sample, by their places, the leftmost first.</summary>
    /// <param name="columns">Of each the cells of all rows, at most 2^13.</param>
    internal static List<int[]> Find(ulong[][] columns)
    {
        var numbers = Array.ConvertAll(columns, Numbered);
        var alike = Subsets.Of(columns.Length, 1).Concat(Subsets.Of(columns.Length, 2))
            .ToDictionary(Bits, set => Alike(numbers, set));
        for (var size = 2; size <= ColumnsOfAKeyMax; size++)
        {
            // More columns than tell rows apart are no key.
            List<int[]> tried = [.. Subsets.Of(columns.Length, size).Where(k => Fewer(k).All(f => alike[Bits(f)] > 0))];
            var least = Math.Log(tried.Count / ChanceMax);
            // What chance explains need not be compared, which are nearly all sets of columns that hardly repeat.
            List<int[]> told =
            [
                .. tried.Where(k => RepeatsByChance(alike, k, columns[0].Length) >= least)
                    .Where(k => Combinations(numbers, k).All(new HashSet<long>().Add)).Take(ToldMax),
            ];
            if (told.Count > 0)
                return told;
        }
        return [];
    }

    /// <summary>
    /// If K pairs of rows had the same combination, s of N rows would show none with a probability below e^(-Kp), where
    /// p is how likely both rows of a pair are among them: one of a hundred where K is 4.6 / p. They are 2 K rows; of
    /// groups that are larger than pairs a sample shows more.
    /// </summary>
    private static double RepeatsBelow(double sampled, double rows) =>
        2 * StateFigures.RepeatsUnseen * (rows - 1) / (sampled * (sampled - 1));

    /// <summary>
    /// How many pairs of rows would have the same combination if the values of a column were dealt out anew; of the
    /// column with which they are fewest. None does with a probability of about e to the power of minus this.
    /// </summary>
    private static double RepeatsByChance(Dictionary<uint, long> alike, int[] key, int rows)
    {
        var pairs = rows * (rows - 1.0) / 2;
        return key.Min(c => alike[Bits(key.Where(k => k != c))] * (alike[Bits([c])] / pairs));
    }

    /// <summary>The same columns without one of them.</summary>
    private static IEnumerable<int[]> Fewer(int[] columns) =>
        columns.Select(c => columns.Where(k => k != c).ToArray());

    /// <summary>A set of columns as one number.</summary>
    private static uint Bits(IEnumerable<int> columns) => columns.Aggregate(0u, (bits, c) => bits | (1u << c));

    /// <summary>How many pairs of rows have the same combination.</summary>
    private static long Alike(int[][] numbers, int[] columns)
    {
        var seen = new Dictionary<long, int>();
        var pairs = 0L;
        foreach (var combination in Combinations(numbers, columns))
            pairs += CollectionsMarshal.GetValueRefOrAddDefault(seen, combination, out _)++;
        return pairs;
    }

    /// <summary>Of each row the values in some columns, as one number.</summary>
    private static IEnumerable<long> Combinations(int[][] numbers, int[] columns)
    {
        for (var row = 0; row < numbers[0].Length; row++)
        {
            var combination = 0L;
            foreach (var column in columns)
                combination = (combination << BitsOfANumber) | (long)numbers[column][row];
            yield return combination;
        }
    }

    private static int[] Numbered(ulong[] cells)
    {
        var numbers = new Dictionary<ulong, int>();
        foreach (var cell in cells)
            numbers.TryAdd(cell, numbers.Count);
        return Array.ConvertAll(cells, c => numbers[c]);
    }
}
