using System.IO.Hashing;
using Apache.Arrow;
using Millrace.Protocol.Policies;
using Column = Millrace.Protocol.Policies.Column;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// Makes a <see cref="ValueSample"/>: cells of the chosen rows are picked out of the batches that pass.
/// </summary>
internal sealed class ValueSampler
{
    private readonly int _max;
    private readonly ChosenRows _chosen;
    private readonly ChosenPlaces _places;
    private readonly List<Sampled> _columns = [];

    /// <param name="chosen">As many as <see cref="ValueSample.RowsOf"/> says, or more.</param>
    public ValueSampler(ChosenRows chosen, int columns)
    {
        _max = ValueSample.RowsOf(columns);
        _chosen = chosen.First(_max);
        _places = new ChosenPlaces(_chosen);
    }

    /// <summary>A further column, which takes its cells.</summary>
    public Sampled NewColumn(Column column)
    {
        _columns.Add(new Sampled(column, _places, new ulong[_chosen.Hashes.Length]));
        return _columns[^1];
    }

    public ValueSample Build() => new(
        new RowSample(_max, _chosen.IsWhole, _chosen.Hashes, _chosen.Counts, [.. _columns.Select(c => c.Cells)]),
        [.. _columns.Select(c => c.Texts)]);

    internal sealed class Sampled(Column column, ChosenPlaces places, ulong[] cells)
    {
        public ulong[] Cells => cells;

        public SortedDictionary<ulong, byte[]>? Texts { get; } = ColumnState.IsText(column.Type) ? [] : null;

        /// <param name="first">The place in the file of the batch's first row.</param>
        public void Take(IArrowArray batch, long first)
        {
            foreach (var (row, at) in places.Within(first, batch.Length))
            {
                if (!batch.IsNull(at))
                    cells[row] = Key(batch, at);
            }
        }

        private ulong Key(IArrowArray batch, int at) => batch switch
        {
            Int64Array integers => Order64.Of(integers.Values[at]),
            DoubleArray numbers => Order64.Of(numbers.Values[at]),
            Date32Array days => Order64.Of(days.Values[at]),
            TimestampArray moments => Order64.Of(moments.Values[at]),
            Time64Array times => Order64.Of(times.Values[at]),
            StringArray texts => Key(texts.GetBytes(at)),
            _ => throw new InvalidOperationException($"Cells of {batch.GetType().Name} are not asked for."),
        };

        private ulong Key(ReadOnlySpan<byte> text)
        {
            if (column.Type == ColumnType.Decimal)
                text = ColumnGauge.Canonical(text);
            var hash = XxHash3.HashToUInt64(text);
            if (!Texts!.ContainsKey(hash))
                Texts.Add(hash, TextBeginning.Shown(text));
            return hash;
        }
    }
}
