using System.Numerics;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// How many values lie where: the bits of each number, in their order, without the last <paramref name="Shift"/> ones.
/// That is the least number of bits with which there are no more than <paramref name="Max"/> buckets, so that few
/// different values are told exactly, and merging gives what one reading of all would have given.
/// </summary>
/// <param name="Max">At least 2, so that the sign always stays.</param>
/// <param name="Keys">Ascending.</param>
internal sealed record Buckets(int Max, int Shift, ulong[] Keys, long[] Counts)
{
    public Buckets Merge(Buckets other)
    {
        Check.That(Max == other.Max, "buckets of the same table are equally many");
        var merged = new Builder(Max, Math.Max(Shift, other.Shift));
        foreach (var part in (Buckets[])[this, other])
        {
            for (var i = 0; i < part.Keys.Length; i++)
                merged.AddKey(part.Keys[i] << part.Shift, part.Counts[i]);
        }
        return merged.Build();
    }

    /// <summary>The number at a rank, from 0; inside of a bucket, numbers are taken as evenly spread.</summary>
    public double At(double rank, double min, double max)
    {
        var before = 0L;
        for (var i = 0; i < Keys.Length; before += Counts[i++])
        {
            if (rank >= before + Counts[i] && i < Keys.Length - 1)
                continue;
            var (from, to) = Within(i, min, max);
            return Math.Clamp(from + ((rank - before + 0.5) / Counts[i] * (to - from)), from, to);
        }
        throw new InvalidOperationException("There is no value.");
    }

    /// <summary>How many numbers are below each of ascending limits, by the same rule.</summary>
    public long[] Below(double[] limits, double min, double max)
    {
        var below = new long[limits.Length];
        var (i, before) = (0, 0L);
        for (var n = 0; n < limits.Length; n++)
        {
            while (i < Keys.Length && Within(i, min, max).To < limits[n])
                before += Counts[i++];
            below[n] = before;
            if (i == Keys.Length)
                continue;
            var (from, to) = Within(i, min, max);
            if (from < limits[n] && from < to)
                below[n] += (long)Math.Round((limits[n] - from) / (to - from) * Counts[i]);
        }
        return below;
    }

    /// <summary>The least and the greatest number that can be in a bucket.</summary>
    private (double From, double To) Within(int i, double min, double max)
    {
        var from = Order64.Double(Keys[i] << Shift);
        var to = Order64.Double((Keys[i] << Shift) | ((1ul << Shift) - 1));
        // So that what lies beyond the infinities, and is no number, gives way.
        return (from > min ? from : min, to < max ? to : max);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Max);
        writer.Write7BitEncodedInt(Shift);
        Sorted.Write(writer, Keys, Counts);
    }

    public static Buckets Read(BinaryReader reader)
    {
        var (max, shift) = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
        var (keys, counts) = Sorted.Read(reader);
        return new Buckets(max, shift, keys, counts);
    }

    /// <summary>Makes buckets number by number.</summary>
    public sealed class Builder(int max, int shift = 0)
    {
        private CountTable _table = new();
        private int _shift = shift;

        /// <param name="number">Finite.</param>
        public void Add(double number) => AddKey(Order64.Of(number), 1);

        public void AddKey(ulong key, long times)
        {
            if (_table.Add(key >> _shift, times) && _table.Count > max)
                Coarsen();
        }

        public Buckets Build()
        {
            var (keys, counts, _) = _table.Sorted();
            return new Buckets(max, _shift, keys, counts);
        }

        private void Coarsen()
        {
            var (keys, counts, _) = _table.Sorted();
            var more = BitsTooMany(keys);
            (_table, _shift) = (new CountTable(slots: _table.Slots), _shift + more);
            for (var i = 0; i < keys.Length; i++)
                _table.Add(keys[i] >> more, counts[i]);
        }

        /// <summary>The least number of last bits without which few enough keys are left.</summary>
        /// <param name="keys">Ascending.</param>
        private int BitsTooMany(ulong[] keys)
        {
            // Neighbours become one without the highest bit in which they differ.
            Span<int> apart = stackalloc int[64];
            for (var i = 1; i < keys.Length; i++)
                apart[BitOperations.Log2(keys[i] ^ keys[i - 1])]++;
            var (bits, left) = (0, keys.Length);
            while (left > max)
                left -= apart[bits++];
            return bits;
        }
    }
}
