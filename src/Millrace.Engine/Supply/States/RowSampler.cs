using System.Globalization;
using Apache.Arrow;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// Makes a <see cref="RowSample"/>: the hashes of rows tell which to take, and their cells are picked out of the
/// batches that pass while columns are measured. No cell is read twice.
/// </summary>
internal sealed class RowSampler
{
    /// <summary>Of a sample, at 8 bytes each, which bounds its size.</summary>
    private const int CellsMax = 1 << 18;

    /// <summary>The most rows: a correlation of none comes out within 0.011, in two of three cases.</summary>
    private const int RowsMax = 1 << 13;

    /// <summary>The least, of tables with more than 2 000 columns: within 0.09.</summary>
    private const int RowsMin = 1 << 7;

    private readonly int _max;
    private readonly bool _isWhole;
    private readonly ulong[] _hashes;
    private readonly long[] _counts;
    private readonly long[] _places; // In the file, ascending.
    private readonly int[] _rows; // In the sample, by place.
    private readonly List<double[]> _columns = [];

    private RowSampler(int max, bool isWhole, List<object?[]> chosen)
    {
        (_max, _isWhole) = (max, isWhole);
        _hashes = [.. chosen.Select(r => Convert.ToUInt64(r[0], CultureInfo.InvariantCulture))];
        _counts = [.. chosen.Select(r => Profiler.Count(r[1]))];
        _places = [.. chosen.Select(r => Profiler.Count(r[2]))];
        _rows = [.. Enumerable.Range(0, chosen.Count)];
        System.Array.Sort(_places, _rows);
    }

    /// <summary>Looks for the smallest hashes, and the first row that has each.</summary>
    /// <param name="rowHashes">A Parquet file with a hash for each row of the table, in its order.</param>
    /// <param name="columns">Those that cells will be taken of.</param>
    public static RowSampler Choose(DuckSession session, string rowHashes, long rows, int columns)
    {
        if (columns < 2)
            return new RowSampler(0, isWhole: false, []);
        var max = Math.Clamp(CellsMax / columns, RowsMin, RowsMax);
        var file = session.Link(rowHashes, Path.Combine(session.Folder, "row-hashes.parquet"));
        // Hashes lie evenly: those below a bound that lets twice as many pass will do, unless rows repeat.
        for (var share = 2.0 * max / Math.Max(1, rows); ; share *= 8)
        {
            var isBound = share < 1;
            var bound = isBound ? $"WHERE h < {(ulong)Math.ScaleB(share, 64)}::UBIGINT" : "";
            var found = session.Rows($"""
                SELECT h, count(*), min(file_row_number)
                FROM read_parquet({Sql.Text(file)}, file_row_number = true) {bound}
                GROUP BY h ORDER BY h LIMIT {max + 1}
                """);
            if (found.Count > max || !isBound)
                return new RowSampler(max, isWhole: found.Count <= max, found[..Math.Min(max, found.Count)]);
        }
    }

    /// <summary>The cells of a further column, all without a place as yet.</summary>
    public double[] NewColumn()
    {
        var cells = new double[_hashes.Length];
        System.Array.Fill(cells, double.NaN);
        _columns.Add(cells);
        return cells;
    }

    /// <summary>Picks the cells of the sample out of a batch.</summary>
    /// <param name="first">The place in the file of its first row.</param>
    /// <param name="column">Where to put them; null: the column has none.</param>
    public void Take(IArrowArray cells, long first, double[]? column)
    {
        if (column is null)
            return;
        var at = System.Array.BinarySearch(_places, first);
        for (at = at < 0 ? ~at : at; at < _places.Length && _places[at] < first + cells.Length; at++)
            column[_rows[at]] = Position(cells, (int)(_places[at] - first));
    }

    public RowSample Build() => new(_max, _isWhole, _hashes, _counts, [.. _columns]);

    private static double Position(IArrowArray cells, int i)
    {
        if (cells.IsNull(i))
            return double.NaN;
        var position = cells switch
        {
            Int64Array integers => integers.Values[i],
            DoubleArray numbers => numbers.Values[i],
            Date32Array days when Math.Abs((long)days.Values[i]) != int.MaxValue => days.Values[i],
            TimestampArray moments when moments.Values[i] is not (long.MaxValue or -long.MaxValue) => moments.Values[i],
            _ => double.NaN,
        };
        return double.IsFinite(position) ? position + 0.0 : double.NaN; // Both zeros are one, as in hashes.
    }
}
