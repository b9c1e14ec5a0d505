using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// Counts the rows that repeat another, of those that have all values: for rules, and for drafts where few do.
/// </summary>
internal static class RowRepeats
{
    /// <summary>Of all rows: where more repeat another, that is no slip.</summary>
    private const double ShareMax = 0.01;

    private const int RowsSampled = 2048;

    /// <summary>Where chance explains more than this of them, the next rows repeat others as well.</summary>
    private const double ShareOfChanceMax = 0.1;

    /// <returns>Null: no row repeats another, or too many do, or as many as chance explains.</returns>
    public static FewRepeats? Find(DuckSession session, string table, TableProfile profile)
    {
        if (profile.DuplicateRows == 0 || profile.DuplicateRows > ShareMax * profile.Rows)
            return null;
        string[] names = [.. profile.Columns.Select(c => c.Name)];
        var sample = SampledRows.Numbered(session, table, profile, names, RowsSampled);
        // So many pairs of rows agree if columns know nothing of each other.
        var byChance = sample.Aggregate(Pairs(profile.Rows), (pairs, column) => pairs * Alike(column));
        if (byChance > ShareOfChanceMax * profile.DuplicateRows)
            return null;
        var (rows, different) = Count(session, table, names);
        return new FewRepeats(rows - different);
    }

    /// <summary>The rows that have a value in each of the columns, and how many different ones they are.</summary>
    public static (long Rows, long Different) Count(DuckSession session, string table, IReadOnlyList<string> columns)
    {
        var names = string.Join(", ", columns.Select(Sql.Name));
        var counts = session.Row(
            "SELECT CAST(coalesce(sum(n), 0) AS BIGINT), count(*) FROM "
            + $"(SELECT count(*) AS n FROM {table} WHERE {RowRule.AllGiven(columns)} GROUP BY {names})");
        return (Profiler.Count(counts[0]), Profiler.Count(counts[1]));
    }

    /// <summary>The share of pairs of rows that agree.</summary>
    private static double Alike(NumberedColumn column)
    {
        int[] rows = [.. Enumerable.Range(0, column.Cells.Length)];
        return column.Counts(rows).Sum(count => Pairs(count)) / Pairs(rows.Length);
    }

    private static double Pairs(double rows) => rows * (rows - 1) / 2;
}
