using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;
using Column = Millrace.Protocol.Policies.Column;

namespace Millrace.Engine.Supply.Classification;

/// <summary>Reads Parquet files slice by slice of columns and counts the kinds of their cells.</summary>
internal static class KindReader
{
    private const int ColumnsOfASlice = 16;

    public static KindCounts Read(DuckSession session, string table, TableSchema schema)
    {
        var side = new ParallelOptions { MaxDegreeOfParallelism = session.Threads };
        var columns = new List<IReadOnlyDictionary<ulong, long>>();
        foreach (var slice in schema.Columns.Chunk(ColumnsOfASlice))
        {
            KindCounter[] counters = [.. slice.Select(_ => new KindCounter())];
            session.ReadArrow(
                $"SELECT {string.Join(", ", slice.Select(Cell))} FROM {table}",
                batch => Parallel.For(0, slice.Length, side, i => counters[i].Add(batch.Column(i))));
            columns.AddRange(counters.Select(c => c.Counts));
        }
        return new KindCounts(columns);
    }

    private static string Cell(Column column)
    {
        var cell = Sql.Name(column.Name);
        if (column.Type == ColumnType.Text)
            return cell;
        if (column.Type == ColumnType.Integer)
            return $"CAST({cell} AS BIGINT)"; // Written here, which takes less time.
        return $"CASE WHEN {cell} IS NOT NULL THEN coalesce({Written(cell, column.Type)}, '') END";
    }

    /// <summary>
    /// A cell as people would write it: tools turn long numbers into decimals, and those with a gap into doubles.
    /// </summary>
    private static string Written(string cell, ColumnType type) => type switch
    {
        ColumnType.Decimal => $"regexp_replace(CAST({cell} AS VARCHAR), '\\.0+$', '')",
        ColumnType.Number => $"CASE WHEN isfinite({cell}) AND {cell} = trunc({cell}) AND abs({cell}) < 1e18 "
            + $"THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) END",
        ColumnType.Binary => $"CASE WHEN octet_length({cell}) <= {CellScan.CharsMax} THEN TRY(decode({cell})) END",
        _ => "''",
    };
}
