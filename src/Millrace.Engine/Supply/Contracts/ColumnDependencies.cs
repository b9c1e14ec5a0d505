using Millrace.Engine.Duck;
using Millrace.Engine.Supply.States;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// Finds one column or two that determine another one in every row (a station its city, a route its length). Many do
/// so by accident, and what a sample of rows shows could be chance is not told:
/// <list type="bullet">
/// <item>Rows agree in columns that hardly vary, or hardly repeat.</item>
/// <item>Rows of one thing are no more than one witness. That stations differ in height does not mean that a height
/// determines the station, or its class, though each is read a thousand times: what a column determines counts once
/// for each of its values. Of two columns that determine each other, the left one is taken for the thing.</item>
/// </list>
/// </summary>
internal static class ColumnDependencies
{
    /// <summary>So many columns are tried; of them 496 pairs determine each of 30 others, or do not.</summary>
    private const int ColumnsMax = 32;

    private const int RowsSampled = 8192, ToldMax = 20, TriedMax = 60;

    /// <summary>How likely chance may show one dependency or more.</summary>
    private const double ChanceMax = 0.01;

    /// <summary>The dependencies, without those that follow from others.</summary>
    public static IReadOnlyList<ColumnDependency> Find(DuckSession session, string table, TableProfile profile)
    {
        List<Column> columns =
        [
            .. profile.Columns.Where(c => c.Distinct > 1).Select(c => new Column(c.Name, c.Type)).Take(ColumnsMax),
        ];
        if (columns.Count < 2)
            return [];
        var sample = SampledRows.Numbered(session, table, profile, [.. columns.Select(c => c.Name)], RowsSampled);
        var able = KeyFigures.PartsOf(columns).Select(c => columns.IndexOf(c)).ToArray();
        var told = new List<ColumnDependency>();
        var known = new List<ColumnDependency>(); // With those that hold the other way as well.
        var tried = 0;
        foreach (var found in Candidates(sample, able))
        {
            if (told.Count == ToldMax || tried == TriedMax) break;
            var dependency = Named(found.Determinant, found.Dependent);
            if (Follows(dependency, known)) continue;
            tried++;
            if (!IsKept(session, table, dependency)) continue;
            told.Add(dependency);
            known.Add(dependency);
            if (found.IsMutual) known.Add(Named([found.Dependent], found.Determinant[0]));
        }
        return Needed(told);

        ColumnDependency Named(int[] determinant, int dependent) =>
            new([.. determinant.Select(d => columns[d].Name)], columns[dependent].Name);
    }

    /// <summary>Of a sample: what no row breaks, and chance does not explain.</summary>
    /// <param name="able">Columns that may determine others.</param>
    private static IEnumerable<Candidate> Candidates(NumberedColumn[] columns, int[] able)
    {
        var tried = (able.Length + (able.Length * (able.Length - 1) / 2)) * columns.Length;
        var least = Math.Log(tried / ChanceMax);
        var every = Enumerable.Range(0, columns[0].Cells.Length).ToArray();
        var held = (
            from a in able
            from c in Enumerable.Range(0, columns.Length)
            where a != c && columns[a].Determines(columns[c])
                && Unlikely(Given(every, columns[a], columns[c]), null, columns[a], columns[c]) >= least
            select (a, c)).ToHashSet();
        var things = held.Where(d => d.a < d.c || !held.Contains((d.c, d.a))).ToHashSet();
        foreach (var (a, c) in things.Order())
        {
            var witnesses = things.Where(d => d.c == c && d.a != a && !things.Contains((a, d.a)))
                .Select(d => Once(columns[d.a], columns[a], columns[c]));
            if (witnesses.All(rows => Unlikely(rows, null, columns[a], columns[c]) >= least))
                yield return new Candidate([a], c, held.Contains((c, a)));
        }
        foreach (var pair in Subsets.Of(able.Length, 2))
        {
            var (a, b) = (able[pair[0]], able[pair[1]]);
            if (held.Contains((a, b)) || held.Contains((b, a))) continue;
            var both = NumberedColumn.Both(columns[a], columns[b]);
            // The rows that repeat others are all that could tell something, and no more than this.
            if ((every.Length - both.Values) * Math.Log(every.Length) < least) continue;
            foreach (var c in Enumerable.Range(0, columns.Length))
            {
                var isSaid = c == a || c == b || held.Contains((a, c)) || held.Contains((b, c))
                    || things.Contains((c, a)) || things.Contains((c, b));
                if (isSaid || !both.Determines(columns[c])) continue;
                IEnumerable<int[]> witnesses =
                [
                    Given(every, both, columns[c]),
                    .. things.Where(d => d.c == c).Select(d => Once(columns[d.a], both, columns[c])),
                ];
                if (witnesses.All(rows => Unlikely(rows, columns[a], columns[b], columns[c]) >= least
                    && Unlikely(rows, columns[b], columns[a], columns[c]) >= least))
                    yield return new Candidate([a, b], c, IsMutual: false);
            }
        }
    }

    /// <summary>The rows that have both values.</summary>
    private static int[] Given(int[] rows, NumberedColumn a, NumberedColumn b) => Array.FindAll(
        rows, row => a.Cells[row] != NumberedColumn.None && b.Cells[row] != NumberedColumn.None);

    /// <summary>One row of each thing and determinant, of those that have a dependent too.</summary>
    private static int[] Once(NumberedColumn thing, NumberedColumn determinant, NumberedColumn dependent)
    {
        var together = NumberedColumn.Both(thing, determinant);
        var seen = new bool[together.Values];
        return Array.FindAll([.. Enumerable.Range(0, together.Cells.Length)], row =>
        {
            var number = together.Cells[row];
            if (number == NumberedColumn.None || dependent.Cells[row] == NumberedColumn.None || seen[number])
                return false;
            return seen[number] = true;
        });
    }

    /// <summary>
    /// How unlikely it is that rows which agree in a determinant agree in the dependent, as minus the logarithm of a
    /// probability, if its values were dealt out anew: then s rows agree with the probability that is the sum over the
    /// shares of all values, each to the power of s.
    /// </summary>
    /// <param name="kept">They are dealt out among rows that agree in this one; null: among all.</param>
    private static double Unlikely(int[] rows, NumberedColumn? kept, NumberedColumn dealt, NumberedColumn dependent)
    {
        var unlikely = 0.0;
        foreach (var group in kept is null ? [rows] : rows.GroupBy(r => kept.Cells[r]).Select(g => g.ToArray()))
        {
            double[] shares = [.. dependent.Counts(group).Select(count => (double)count / group.Length)];
            if (shares.Length < 2) continue;
            foreach (var (size, times) in dealt.Counts(group).Where(size => size > 1).CountBy(size => size))
                unlikely -= times * Math.Log(shares.Sum(share => Math.Pow(share, size)));
        }
        return unlikely;
    }

    private static bool IsKept(DuckSession session, string table, ColumnDependency dependency)
    {
        var of = string.Join(", ", dependency.Determinant.Select(Sql.Name));
        var given = RowRule.AllGiven(dependency.Determinant);
        var value = Sql.Name(dependency.Dependent);
        var differing = session.Rows(
            $"SELECT 1 FROM {table} WHERE {given} GROUP BY {of} HAVING min({value}) <> max({value}) LIMIT 1");
        return differing.Count == 0;
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

    /// <param name="IsMutual">The dependent determines it as well.</param>
    private sealed record Candidate(int[] Determinant, int Dependent, bool IsMutual);
}
