using Apache.Arrow;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;
using Column = Millrace.Protocol.Policies.Column;

namespace Millrace.Engine.Supply.States;

/// <summary>Reads a Parquet file and gives its state.</summary>
internal static class StateReader
{
    private const int ColumnsOfASlice = 16;

    /// <summary>Of all columns of a state together, which bounds its size.</summary>
    private const int ValuesMax = 1 << 20;

    /// <summary>The most for one column: an estimate beyond has a standard error of 0.4 %.</summary>
    private const int ValuesOfAColumnMax = 1 << 16;

    /// <summary>The least for one column of a wide table: 3 %.</summary>
    private const int ValuesOfAColumnMin = 1 << 10;

    public static TableState Read(DuckSession session, string table, TableSchema schema)
    {
        var valuesMax = Math.Clamp(ValuesMax / schema.Columns.Count, ValuesOfAColumnMin, ValuesOfAColumnMax);
        var rows = Profiler.Count(session.Row($"SELECT count(*) FROM {table}")[0]);
        var states = new List<ColumnState>();
        foreach (var slice in schema.Columns.Chunk(ColumnsOfASlice))
        {
            ColumnGauge[] gauges = [.. slice.Select(c => new ColumnGauge(c, valuesMax))];
            session.ReadArrow(
                $"SELECT {string.Join(", ", slice.SelectMany(Cells))} FROM {table}",
                batch => Add(batch, slice, gauges));
            states.AddRange(gauges.Select(g => g.Build()));
        }
        return new TableState(rows, states);
    }

    /// <summary>Hashes of all rows, as Parquet with one column.</summary>
    public static void WriteRowHashes(DuckSession session, string table, TableSchema schema, string path)
    {
        var cells = string.Join(", ", schema.Columns.Select(RowCell));
        session.Execute($"COPY (SELECT hash({cells}) AS h FROM {table}) TO {Sql.Text(path)} (FORMAT parquet)");
    }

    private static void Add(RecordBatch batch, Column[] slice, ColumnGauge[] gauges)
    {
        for (int i = 0, array = 0; i < slice.Length; i++)
        {
            var cells = batch.Column(array++);
            gauges[i].Add(cells, slice[i].Type == ColumnType.Decimal ? batch.Column(array++) : null);
        }
    }

    private static IEnumerable<string> Cells(Column column)
    {
        var cell = Sql.Name(column.Name);
        return column.Type switch
        {
            ColumnType.Boolean or ColumnType.Integer => [$"CAST({cell} AS BIGINT)"],
            ColumnType.Number => [$"CAST({cell} AS DOUBLE)"],
            ColumnType.Decimal => [$"CAST({cell} AS VARCHAR)", $"CAST({cell} AS DOUBLE)"],
            ColumnType.Binary => [$"CASE WHEN {cell} IS NOT NULL THEN 0::BIGINT END"],
            _ => [cell],
        };
    }

    /// <summary>In the same type for all files of a table: hashes of 1 as different types differ.</summary>
    private static string RowCell(Column column) => column.Type switch
    {
        ColumnType.Integer => $"CAST({Sql.Name(column.Name)} AS BIGINT)",
        ColumnType.Number => $"CAST({Sql.Name(column.Name)} AS DOUBLE)",
        ColumnType.Decimal => $"regexp_replace(CAST({Sql.Name(column.Name)} AS VARCHAR), '\\.0*$|(\\.\\d*[1-9])0+$', "
            + "'\\1')",
        _ => Sql.Name(column.Name),
    };
}
