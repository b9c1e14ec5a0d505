using System.IO.Hashing;
using Apache.Arrow;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// Makes a <see cref="RowSample"/>: cells of the chosen rows are picked out of the batches that pass while columns are
/// measured. No cell is read twice.
/// </summary>
internal sealed class RowSampler
{
    /// <summary>The most rows: a correlation of none comes out within 0.011, in two of three cases.</summary>
    public const int RowsMax = 1 << 13;

    /// <summary>Of a sample, at 8 bytes each, which bounds its size.</summary>
    private const int CellsMax = 1 << 18;

    /// <summary>The least, of tables with more than 2 000 columns: within 0.09.</summary>
    private const int RowsMin = 1 << 7;

    private static readonly ulong _nowhere = BitConverter.DoubleToUInt64Bits(double.NaN);

    private readonly int _max;
    private readonly ChosenRows _chosen;
    private readonly Func<IArrowArray, int, ulong> _read;
    private readonly ChosenPlaces _places;
    private readonly List<ulong[]> _columns = [];

    private RowSampler(ChosenRows chosen, int columns, Func<IArrowArray, int, ulong> read)
    {
        _max = RowsOf(columns);
        (_chosen, _read) = (chosen.First(_max), read);
        _places = new ChosenPlaces(_chosen);
    }

    /// <summary>How many rows are kept of so many columns.</summary>
    public static int RowsOf(int columns) => columns < 2 ? 0 : Math.Clamp(CellsMax / columns, RowsMin, RowsMax);

    /// <summary>Of places on a line: numbers, days, microseconds, as doubles.</summary>
    /// <param name="chosen">As many as <see cref="RowsOf"/> says, or more.</param>
    public static RowSampler OfPositions(ChosenRows chosen, int columns) => new(chosen, columns, Position);

    /// <summary>Of 64 bits that tell values of a column apart.</summary>
    /// <param name="chosen">As many as <see cref="RowsOf"/> says, or more.</param>
    public static RowSampler OfIdentities(ChosenRows chosen, int columns) => new(chosen, columns, Identity);

    /// <summary>The cells of a further column.</summary>
    public ulong[] NewColumn()
    {
        _columns.Add(new ulong[_chosen.Hashes.Length]);
        return _columns[^1];
    }

    /// <summary>Picks the cells of the sample out of a batch.</summary>
    /// <param name="first">The place in the file of its first row.</param>
    /// <param name="column">Where to put them; null: the column has none.</param>
    public void Take(IArrowArray cells, long first, ulong[]? column)
    {
        if (column is null)
            return;
        foreach (var (row, at) in _places.Within(first, cells.Length))
            column[row] = _read(cells, at);
    }

    public RowSample Build() => new(_max, _chosen.IsWhole, _chosen.Hashes, _chosen.Counts, [.. _columns]);

    private static ulong Position(IArrowArray cells, int i)
    {
        if (cells.IsNull(i))
            return _nowhere;
        var position = cells switch
        {
            Int64Array integers => integers.Values[i],
            DoubleArray numbers => numbers.Values[i],
            Date32Array days when Math.Abs((long)days.Values[i]) != int.MaxValue => days.Values[i],
            TimestampArray moments when moments.Values[i] is not (long.MaxValue or -long.MaxValue) => moments.Values[i],
            _ => double.NaN,
        };
        // Both zeros are one, as in hashes.
        return double.IsFinite(position) ? BitConverter.DoubleToUInt64Bits(position + 0.0) : _nowhere;
    }

    private static ulong Identity(IArrowArray cells, int i) => cells.IsNull(i) ? 0 : cells switch
    {
        Int64Array integers => (ulong)integers.Values[i],
        Date32Array days => (ulong)days.Values[i],
        TimestampArray moments => (ulong)moments.Values[i],
        Time64Array times => (ulong)times.Values[i],
        StringArray texts => XxHash3.HashToUInt64(texts.GetBytes(i)),
        _ => throw new InvalidOperationException($"Cells of {cells.GetType().Name} are part of no key."),
    };
}
