using System.Collections.Concurrent;
using Apache.Arrow;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;
using Column = Millrace.Protocol.Policies.Column;

namespace Millrace.Engine.Supply.States;

/// <summary>Reads a Parquet file and gives its state.</summary>
internal static class StateReader
{
    private const int ColumnsOfASlice = 16;

    /// <summary>Texts are kept while they are counted, up to twice as many as stay.</summary>
    private const int TextColumnsOfASlice = 4;

    /// <summary>Of all columns of a state together, which bounds its size.</summary>
    private const int ValuesMax = 1 << 20;

    /// <summary>The most for one column: an estimate beyond has a standard error of 0.4 %.</summary>
    private const int ValuesOfAColumnMax = 1 << 16;

    /// <summary>The least for one column of a wide table: 3 %.</summary>
    private const int ValuesOfAColumnMin = 1 << 10;

    /// <param name="rowHashes">The file that <see cref="WriteRowHashes"/> wrote of the same table.</param>
    public static TableState Read(DuckSession session, string table, TableSchema schema, string rowHashes)
    {
        var valuesMax = Math.Clamp(ValuesMax / schema.Columns.Count, ValuesOfAColumnMin, ValuesOfAColumnMax);
        var rows = Profiler.Count(session.Row($"SELECT count(*) FROM {table}")[0]);
        var states = new List<ColumnState>();
        var side = new ParallelOptions { MaxDegreeOfParallelism = session.Threads };
        var keyParts = KeyFigures.PartsOf(schema.Columns).ToHashSet();
        var (placed, parts) = (schema.Columns.Count(c => ColumnState.IsPlaced(c.Type)), keyParts.Count);
        var sampled = ValueSample.Of(schema.Columns).ToHashSet();
        int[] wanted = [RowSampler.RowsOf(placed), RowSampler.RowsOf(parts), ValueSample.RowsOf(sampled.Count)];
        var chosen = ChosenRows.Of(session, rowHashes, rows, wanted.Max());
        var positions = RowSampler.OfPositions(chosen, placed);
        var identities = RowSampler.OfIdentities(chosen, parts);
        var values = new ValueSampler(chosen, sampled.Count);
        foreach (var slice in Slices(schema.Columns))
        {
            ColumnGauge[] gauges = [.. slice.Select(c => new ColumnGauge(c, valuesMax))];
            ulong[]?[] places = [.. slice.Select(c => ColumnState.IsPlaced(c.Type) ? positions.NewColumn() : null)];
            ulong[]?[] keys = [.. slice.Select(c => keyParts.Contains(c) ? identities.NewColumn() : null)];
            ValueSampler.Sampled?[] some = [.. slice.Select(c => sampled.Contains(c) ? values.NewColumn(c) : null)];
            var first = 0L;
            session.ReadArrow(
                $"SELECT {string.Join(", ", slice.SelectMany(Cells))} FROM {table}",
                batch =>
                {
                    // What a column holds does not hang on its neighbours: they are measured side by side.
                    Parallel.ForEach(OneByOne(batch, slice), side, column =>
                    {
                        var (i, cells, numbers) = column;
                        gauges[i].Add(cells, numbers);
                        positions.Take(numbers ?? cells, first, places[i]);
                        identities.Take(cells, first, keys[i]);
                        some[i]?.Take(cells, first);
                    });
                    first += batch.Length;
                });
            var built = gauges.AsParallel().AsOrdered().WithDegreeOfParallelism(session.Threads).Select(g => g.Build());
            states.AddRange(built);
        }
        return new TableState(rows, states, positions.Build(), identities.Build(), values.Build());
    }

    private static List<List<Column>> Slices(IReadOnlyList<Column> columns)
    {
        var slices = new List<List<Column>>();
        foreach (var column in columns)
        {
            if (slices is not [.., var last] || last.Count == ColumnsOfASlice
                || (ColumnState.IsText(column.Type)
                    && last.Count(c => ColumnState.IsText(c.Type)) == TextColumnsOfASlice))
            {
                slices.Add(last = []);
            }
            last.Add(column);
        }
        return slices;
    }

    /// <summary>Hashes of all rows, as Parquet with one column.</summary>
    public static void WriteRowHashes(DuckSession session, string table, TableSchema schema, string path)
    {
        var cells = string.Join(", ", schema.Columns.Select(RowCell));
        session.Execute($"COPY (SELECT hash({cells}) AS h FROM {table}) TO {Sql.Text(path)} (FORMAT parquet)");
    }

    /// <summary>
    /// The columns of a batch; whoever is free takes the next, for some take much longer than others.
    /// </summary>
    private static OrderablePartitioner<(int Column, IArrowArray Cells, IArrowArray? Numbers)> OneByOne(
        RecordBatch batch, List<Column> slice)
    {
        var arrays = new List<(int, IArrowArray, IArrowArray?)>();
        for (int i = 0, array = 0; i < slice.Count; i++)
        {
            var cells = batch.Column(array++);
            arrays.Add((i, cells, slice[i].Type == ColumnType.Decimal ? batch.Column(array++) : null));
        }
        return Partitioner.Create(arrays, EnumerablePartitionerOptions.NoBuffering);
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
