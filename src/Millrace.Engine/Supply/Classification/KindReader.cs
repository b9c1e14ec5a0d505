using System.Buffers;
using System.Text;
using Apache.Arrow;
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
            Dictionary<ulong, long>[] counts = [.. slice.Select(_ => new Dictionary<ulong, long>())];
            session.ReadArrow(
                $"SELECT {string.Join(", ", slice.Select(Cell))} FROM {table}",
                batch => Parallel.For(0, slice.Length, side, i => Count((StringArray)batch.Column(i), counts[i])));
            columns.AddRange(counts);
        }
        return new KindCounts(columns);
    }

    private static string Cell(Column column)
    {
        var cell = Sql.Name(column.Name);
        return $"CASE WHEN {cell} IS NOT NULL THEN coalesce({Written(cell, column.Type)}, '') END";
    }

    /// <summary>
    /// A cell as people would write it: tools turn long numbers into decimals, and those with a gap into doubles.
    /// </summary>
    private static string Written(string cell, ColumnType type) => type switch
    {
        ColumnType.Text => cell,
        ColumnType.Integer => $"CAST({cell} AS VARCHAR)",
        ColumnType.Decimal => $"regexp_replace(CAST({cell} AS VARCHAR), '\\.0+$', '')",
        ColumnType.Number => $"CASE WHEN isfinite({cell}) AND {cell} = trunc({cell}) AND abs({cell}) < 1e18 "
            + $"THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) END",
        ColumnType.Binary => $"CASE WHEN octet_length({cell}) <= {CellScan.CharsMax} THEN TRY(decode({cell})) END",
        _ => "''",
    };

    private static void Count(StringArray cells, Dictionary<ulong, long> counts)
    {
        var chars = ArrayPool<char>.Shared.Rent(CellScan.CharsMax);
        for (var i = 0; i < cells.Length; i++)
        {
            if (cells.IsNull(i))
                continue;
            var bytes = cells.GetBytes(i);
            if (bytes.Length > chars.Length)
            {
                ArrayPool<char>.Shared.Return(chars);
                chars = ArrayPool<char>.Shared.Rent(bytes.Length);
            }
            var kinds = CellScan.Kinds(chars.AsSpan(0, Encoding.UTF8.GetChars(bytes, chars)));
            counts[kinds] = counts.GetValueOrDefault(kinds) + 1;
        }
        ArrayPool<char>.Shared.Return(chars);
    }
}
