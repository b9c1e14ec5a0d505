using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// Which rows are out of order. Where a value is less than the one before it, one of both rows is out of place: the
/// earlier, if the later one ascends from the row before them, and else the later.
/// </summary>
internal static class RowOrder
{
    /// <summary>Of a row of <see cref="Rows"/>; never NULL.</summary>
    public const string IsOut = "coalesce((v < before AND v < earlier) "
        + "OR (v > after AND (before IS NULL OR before <= after)), false)";

    /// <summary>
    /// The rows that have all values: their number <c>n</c>, counted from 1, the value <c>v</c>, and those of the two
    /// rows before and of the one after.
    /// </summary>
    public static string Rows(string table, Ascends test)
    {
        var parts = test.Within.Select((column, i) => (Of: Sql.Name(column), As: $"p{i}")).ToList();
        var columns = string.Concat(parts.Select(p => $", {p.Of} AS {p.As}"));
        var given = string.Concat(parts.Select(p => $" AND {p.As} IS NOT NULL"));
        // Without parts the rows pass by one after the other; with them they are sorted, on the disk if they must.
        var window = parts.Count == 0 ? "" : $"PARTITION BY {string.Join(", ", parts.Select(p => p.As))} ORDER BY n";
        return $"(SELECT n, v, lag(v) OVER ({window}) AS before, lag(v, 2) OVER ({window}) AS earlier, "
            + $"lead(v) OVER ({window}) AS after "
            + $"FROM (SELECT row_number() OVER () AS n, {Sql.Name(test.Column)} AS v{columns} FROM {table}) "
            + $"WHERE v IS NOT NULL{given})";
    }
}
