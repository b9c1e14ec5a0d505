using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// Finds columns whose values keep an order in every row though they lie in much the same range (a lowest and a highest
/// temperature, a departure and an arrival): what breaks it is a slip that no range sees.
/// </summary>
internal static class ColumnOrders
{
    /// <summary>So many columns of a type are compared with each other; the others are left out.</summary>
    private const int ColumnsMax = 20;

    /// <summary>What both ranges have in common is at least the larger one divided by this.</summary>
    private const int RangesAlike = 4;

    /// <summary>The orders, without those that follow from two others.</summary>
    public static IReadOnlyList<ColumnOrder> Find(DuckSession session, string table, TableProfile profile)
    {
        List<Candidate> candidates =
        [
            .. profile.Columns
                .Where(c => c.Histogram.Count > 1)
                .GroupBy(c => c.Type)
                .SelectMany(type => Pairs([.. type.Take(ColumnsMax)])),
        ];
        if (candidates.Count == 0)
            return [];
        var counts = session.Row($"SELECT {string.Join(", ", candidates.SelectMany(Counts))} FROM {table}");
        List<ColumnOrder> kept =
        [
            .. candidates.Where((_, i) => Holds([.. counts.Skip(3 * i).Take(3)])).Select(c => c.Order),
        ];
        return [.. kept.Where(k => !kept.Any(a =>
            a.Lesser == k.Lesser && kept.Contains(new ColumnOrder(a.Greater, k.Greater))))];
    }

    private static IEnumerable<Candidate> Pairs(List<ColumnProfile> columns) =>
        from a in columns
        from b in columns
        where a != b
        select new Candidate(new ColumnOrder(a.Name, b.Name), ColumnFigures.IsNumeric(a.Type));

    private static string[] Counts(Candidate pair)
    {
        var (a, b) = (Sql.Name(pair.Order.Lesser), Sql.Name(pair.Order.Greater));
        var (x, y) = pair.IsNumeric ? ($"CAST({a} AS DOUBLE)", $"CAST({b} AS DOUBLE)") : ($"epoch({a})", $"epoch({b})");
        return
        [
            $"count(*) FILTER (WHERE {a} > {b})", $"count(*) FILTER (WHERE {a} < {b})",
            // Of columns of other sizes an order says nothing, and their ranges say it.
            $"CAST(coalesce({RangesAlike} * (least(max({x}), max({y})) - greatest(min({x}), min({y}))) "
                + $">= greatest(max({x}) - min({x}), max({y}) - min({y})), false) AS BIGINT)",
        ];
    }

    private static bool Holds(object?[] counts) =>
        Profiler.Count(counts[0]) == 0 && Profiler.Count(counts[1]) >= ColumnRelations.RowsMin
        && Profiler.Count(counts[2]) == 1;

    private sealed record Candidate(ColumnOrder Order, bool IsNumeric);
}
