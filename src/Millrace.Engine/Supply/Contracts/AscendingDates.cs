using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// Finds dates by which the rows stand in order, all of them or those of each station, machine or account.
/// </summary>
internal static class AscendingDates
{
    /// <summary>So many columns of dates are tried, each within so many others.</summary>
    private const int DatesMax = 4, WithinMax = 8;

    /// <summary>So many values, one row of each, are in order by accident in one table of 40 320.</summary>
    private const int ValuesMin = 8;

    /// <summary>On average a part has so many rows; it may have as many more as it likes.</summary>
    private const int RowsOfAPartMin = 20;

    /// <summary>Most tables that are not in order show it within the first so many rows.</summary>
    private const int RowsTriedFirst = 20_000;

    /// <summary>Of each column in order the one that it is in order within, where it is not so on the whole.</summary>
    public static IEnumerable<RowsInOrder> Find(DuckSession session, string table, TableProfile profile)
    {
        var dates = profile.Columns
            .Where(c => c is { Type: ColumnType.Date or ColumnType.Timestamp, Distinct: >= ValuesMin })
            .Take(DatesMax);
        var parts = profile.Columns
            .Where(c => c is { Type: ColumnType.Text or ColumnType.Integer, Distinct: > 1 }
                && c.Distinct * RowsOfAPartMin <= profile.Rows)
            .Take(WithinMax).ToList();
        foreach (var date in dates)
        {
            var ways = parts.Select(p => (Order: new RowsInOrder(date.Name, [p.Name]), Parts: p.Distinct))
                .Prepend((new RowsInOrder(date.Name, []), 0));
            if (ways.FirstOrDefault(w => IsKept(session, table, w.Order, w.Parts)).Order is { } order)
                yield return order;
        }
    }

    private static bool IsKept(DuckSession session, string table, RowsInOrder order, long parts)
    {
        var first = Counts(session, $"(SELECT * FROM {table} LIMIT {RowsTriedFirst})", order);
        if (first.Out > 0)
            return false;
        // In a part in which they ascend twice, three values or more are in order: by accident in one part of six.
        var (isOut, ascending) = Counts(session, table, order);
        return isOut == 0 && ascending >= ValuesMin - 1 + (2 * parts);
    }

    private static (long Out, long Ascending) Counts(DuckSession session, string table, RowsInOrder order)
    {
        var rows = RowOrder.Rows(table, new Ascends(order.Column, order.Within));
        var counts = session.Row(
            $"SELECT count(*) FILTER (WHERE {RowOrder.IsOut}), count(*) FILTER (WHERE v > before) FROM {rows}");
        return (Profiler.Count(counts[0]), Profiler.Count(counts[1]));
    }
}
