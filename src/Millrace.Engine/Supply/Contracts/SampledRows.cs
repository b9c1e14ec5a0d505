using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>Some rows of a table, the same ones each time: those whose number has a small hash.</summary>
internal static class SampledRows
{
    /// <summary>About so many rows, and never more.</summary>
    /// <param name="cells">Expressions over a row.</param>
    public static IReadOnlyList<object?[]> Of(
        DuckSession session, string table, TableProfile profile, IReadOnlyList<string> cells, int max)
    {
        var share = (double)max / profile.Rows;
        if (share >= 1)
            return session.Rows($"SELECT {string.Join(", ", cells)} FROM {table}");
        var number = Sql.Name(ColumnNames.Unused("row", profile.Columns.Select(c => c.Name)));
        return session.Rows(FormattableString.Invariant($"""
            SELECT {string.Join(", ", cells)} FROM (SELECT row_number() OVER () AS {number}, * FROM {table})
            WHERE hash({number}) < {(ulong)Math.ScaleB(share, 64)}::UBIGINT LIMIT {max}
            """));
    }

    /// <summary>Columns of such rows, by the names.</summary>
    public static NumberedColumn[] Numbered(
        DuckSession session, string table, TableProfile profile, IReadOnlyList<string> names, int max)
    {
        var cells = names.Select(Sql.Name).Select(n => $"CASE WHEN {n} IS NOT NULL THEN hash({n}) END");
        var rows = Of(session, table, profile, [.. cells], max);
        return [.. names.Select((_, i) => NumberedColumn.Of(rows.Select(row => row[i])))];
    }
}
