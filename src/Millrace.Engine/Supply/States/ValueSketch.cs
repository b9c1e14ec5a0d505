namespace Millrace.Engine.Supply.States;

/// <summary>
/// The different values of a column that have the smallest 64-bit hashes, with how often each occurs. Up to
/// <paramref name="Max"/> values that is all of them; beyond, an even choice of them (k minimum values), with counts
/// that are still exact. Merging gives what one reading of all would have given.
/// </summary>
/// <param name="Max">Values kept, the same for all that are merged.</param>
/// <param name="IsWhole">All different values are there.</param>
/// <param name="Hashes">Ascending.</param>
/// <param name="Texts">The beginnings of the values, UTF-8; empty where a hash can be turned back.</param>
internal sealed record ValueSketch(int Max, bool IsWhole, ulong[] Hashes, long[] Counts, byte[][] Texts)
{
    /// <summary>Different values; an estimate where not all are there, with a standard error of 1/√Max.</summary>
    public long Distinct => IsWhole
        ? Hashes.Length
        : (long)((Hashes.Length - 1) / (Hashes[^1] / Math.ScaleB(1, 64)));

    public ValueSketch Merge(ValueSketch other)
    {
        Check.That(Max == other.Max, "sketches of the same table keep equally many values");
        var merged = Sorted.Merge(Hashes, Counts, other.Hashes, other.Counts, Max);
        return new ValueSketch(
            Max, IsWhole && other.IsWhole && merged.IsWhole, merged.Keys, merged.Counts,
            Texts.Length + other.Texts.Length == 0 ? [] : merged.Pick(Texts, other.Texts));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Max);
        writer.Write(IsWhole);
        Sorted.Write(writer, Hashes, Counts);
        writer.Write7BitEncodedInt(Texts.Length);
        foreach (var text in Texts)
        {
            writer.Write7BitEncodedInt(text.Length);
            writer.Write(text);
        }
    }

    public static ValueSketch Read(BinaryReader reader)
    {
        var (max, isWhole) = (reader.Read7BitEncodedInt(), reader.ReadBoolean());
        var (hashes, counts) = Sorted.Read(reader);
        var texts = new byte[reader.Read7BitEncodedInt()][];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = reader.ReadBytes(reader.Read7BitEncodedInt());
        return new ValueSketch(max, isWhole, hashes, counts, texts);
    }

    /// <summary>Makes a sketch value by value.</summary>
    /// <param name="withTexts">Keeps the beginning of each value.</param>
    public sealed class Builder(int max, bool withTexts)
    {
        private CountTable _table = new(withTexts);
        private ulong _last = ulong.MaxValue; // No larger hash can be among the smallest any more.
        private bool _isWhole = true;

        public void Add(ulong hash, ReadOnlySpan<byte> text = default)
        {
            if (hash > _last)
                return;
            if (text.Length > TextBeginning.ShownBytesMax && !_table.Has(hash))
                text = TextBeginning.Shown(text);
            if (_table.Add(hash, 1, text) && _table.Count >= 2 * max)
                Cut();
        }

        public ValueSketch Build()
        {
            if (_table.Count > max)
                Cut();
            var (hashes, counts, texts) = _table.Sorted();
            return new ValueSketch(max, _isWhole, hashes, counts, texts);
        }

        private void Cut()
        {
            (_table, _last) = _table.Smallest(max);
            _isWhole = false;
        }
    }
}
