using Millrace.Engine.Duck;
using Millrace.Engine.Supply.States;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// Finds one column or two that determine another one in every row (a station its city, a route its length). Many do
/// so by accident: told is what chance does not explain, not even that of one of the two columns beside the other.
/// </summary>
internal static class ColumnDependencies
{
    /// <summary>So many columns are tried; of them 496 pairs determine each of 30 others, or do not.</summary>
    private const int ColumnsMax = 32;

    private const int RowsSampled = 8192, CandidatesMax = 20;

    /// <summary>How likely chance may show one dependency or more.</summary>
    private const double ChanceMax = 0.01;

    private const int None = -1;

    /// <summary>The dependencies, without those that follow from others.</summary>
    public static IReadOnlyList<ColumnDependency> Find(DuckSession session, string table, TableProfile profile)
    {
        List<Column> columns =
        [
            .. profile.Columns.Where(c => c.Distinct > 1).Select(c => new Column(c.Name, c.Type)).Take(ColumnsMax),
        ];
        if (columns.Count < 2)
            return [];
        var cells = columns.Select(c => Sql.Name(c.Name)).Select(n => $"CASE WHEN {n} IS NOT NULL THEN hash({n}) END");
        var rows = ColumnRelations.Sample(session, table, profile.Rows, RowsSampled, [.. cells]);
        var numbers = columns.Select((_, i) => Numbered(rows.Select(r => r[i]))).ToArray();
        var able = KeyFigures.PartsOf(columns).Select(c => columns.IndexOf(c)).ToArray();
        var candidates = Candidates(numbers, able).Take(CandidatesMax).Select(c => new ColumnDependency(
            [.. c.Determinant.Select(d => columns[d].Name)], columns[c.Dependent].Name));
        return Needed([.. candidates.Where(c => IsKept(session, table, c))]);
    }

    /// <summary>Of numbered columns of a sample: what no row breaks, and chance does not explain.</summary>
    /// <param name="able">Columns that may determine others.</param>
    internal static IEnumerable<(int[] Determinant, int Dependent)> Candidates(int[][] columns, int[] able)
    {
        var tried = (able.Length + (able.Length * (able.Length - 1) / 2)) * columns.Length;
        var least = Math.Log(tried / ChanceMax);
        var whole = new int[columns[0].Length];
        var alone = new HashSet<(int, int)>();
        foreach (var a in able)
        {
            foreach (var c in Others(columns, [a]).Where(c => IsKept(columns[a], columns[c])))
            {
                if (Unlikely(whole, columns[a], columns[c]) < least) continue;
                alone.Add((a, c));
                yield return ([a], c);
            }
        }
        foreach (var pair in Subsets.Of(able.Length, 2))
        {
            var (a, b) = (able[pair[0]], able[pair[1]]);
            var both = Numbered(columns[a].Zip(columns[b]).Select(
                p => p.First == None || p.Second == None ? null : (object)p));
            if (Alike(both.Where(v => v != None)) < least) continue; // No chance could be smaller.
            foreach (var c in Others(columns, [a, b]))
            {
                if (alone.Contains((a, c)) || alone.Contains((b, c)) || !IsKept(both, columns[c])) continue;
                if (Math.Min(Unlikely(columns[a], columns[b], columns[c]), Unlikely(columns[b], columns[a], columns[c]))
                    >= least)
                    yield return ([a, b], c);
            }
        }
    }

    /// <summary>
    /// How many pairs of rows that agree in both determinants would differ in the dependent if, among the rows that
    /// agree in one of them, the values of the other were dealt out anew. None does with a probability of about e to
    /// the power of minus this.
    /// </summary>
    private static double Unlikely(int[] kept, int[] dealt, int[] dependent)
    {
        var expected = 0.0;
        var rows = Enumerable.Range(0, kept.Length)
            .Where(r => kept[r] != None && dealt[r] != None && dependent[r] != None);
        foreach (var group in rows.GroupBy(r => kept[r]).Select(g => g.ToList()).Where(g => g.Count > 1))
        {
            var differing = 1 - (Alike(group.Select(r => dependent[r])) / Pairs(group.Count));
            expected += Alike(group.Select(r => dealt[r])) * differing;
        }
        return expected;
    }

    private static double Alike(IEnumerable<int> values) => values.CountBy(v => v).Sum(value => Pairs(value.Value));

    private static double Pairs(double rows) => rows * (rows - 1) / 2;

    private static IEnumerable<int> Others(int[][] columns, int[] than) =>
        Enumerable.Range(0, columns.Length).Except(than);

    private static bool IsKept(int[] determinant, int[] dependent)
    {
        var values = new Dictionary<int, int>();
        for (var row = 0; row < determinant.Length; row++)
        {
            var (key, value) = (determinant[row], dependent[row]);
            if (key != None && value != None && !values.TryAdd(key, value) && values[key] != value)
                return false;
        }
        return true;
    }

    private static bool IsKept(DuckSession session, string table, ColumnDependency dependency)
    {
        var of = string.Join(", ", dependency.Determinant.Select(Sql.Name));
        var given = string.Join(" AND ", dependency.Determinant.Select(d => $"{Sql.Name(d)} IS NOT NULL"));
        var value = Sql.Name(dependency.Dependent);
        var differing = session.Rows(
            $"SELECT 1 FROM {table} WHERE {given} GROUP BY {of} HAVING min({value}) <> max({value}) LIMIT 1");
        return differing.Count == 0;
    }

    /// <summary>Of each cell the number of its value.</summary>
    private static int[] Numbered(IEnumerable<object?> cells)
    {
        var numbers = new Dictionary<object, int>();
        return [.. cells.Select(cell =>
        {
            if (cell is null) return None;
            numbers.TryAdd(cell, numbers.Count);
            return numbers[cell];
        })];
    }

    private static List<ColumnDependency> Needed(List<ColumnDependency> all)
    {
        for (var i = all.Count - 1; i >= 0; i--)
        {
            List<ColumnDependency> others = [.. all.Where((_, k) => k != i)];
            if (Follows(all[i], others)) all.RemoveAt(i);
        }
        return all;
    }

    private static bool Follows(ColumnDependency dependency, List<ColumnDependency> from)
    {
        var known = dependency.Determinant.ToHashSet();
        while (from.Find(d => !known.Contains(d.Dependent) && d.Determinant.All(known.Contains)) is { } next)
            known.Add(next.Dependent);
        return known.Contains(dependency.Dependent);
    }
}
