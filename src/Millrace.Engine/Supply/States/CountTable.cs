using System.Numerics;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// How often each of many 64-bit keys was seen. What is in it does not hang on the order of counting.
/// </summary>
/// <param name="withTexts">Keeps the text that came with a key for the first time.</param>
internal sealed class CountTable(bool withTexts = false)
{
    private const int SlotsMin = 64;
    private const ulong Spread = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio: neighbours fall far apart.

    private ulong[] _keys = new ulong[SlotsMin];
    private long[] _counts = new long[SlotsMin]; // 0: the slot is free.
    private byte[]?[] _texts = withTexts ? new byte[SlotsMin][] : [];
    private int _shift = 64 - BitOperations.Log2(SlotsMin);

    /// <summary>Different keys.</summary>
    public int Count { get; private set; }

    /// <summary>Counts a key <paramref name="times"/> times, which is at least once; true: it is new.</summary>
    public bool Add(ulong key, long times, ReadOnlySpan<byte> text = default)
    {
        var slot = SlotOf(key);
        var isNew = _counts[slot] == 0;
        _counts[slot] += times;
        if (!isNew)
            return false;
        _keys[slot] = key;
        if (withTexts)
            _texts[slot] = text.ToArray();
        if (++Count > _keys.Length / 2)
            Resize(_keys.Length * 2);
        return true;
    }

    /// <summary>A table of the smallest keys, and the largest of them; there must be as many.</summary>
    public (CountTable Table, ulong Last) Smallest(int count)
    {
        var keys = new ulong[Count];
        for (int slot = 0, i = 0; slot < _keys.Length; slot++)
        {
            if (_counts[slot] > 0)
                keys[i++] = _keys[slot];
        }
        Array.Sort(keys);
        var last = keys[count - 1];
        var table = new CountTable(withTexts);
        table.Resize(_keys.Length);
        for (var slot = 0; slot < _keys.Length; slot++)
        {
            if (_counts[slot] > 0 && _keys[slot] <= last)
                table.Put(_keys[slot], _counts[slot], withTexts ? _texts[slot] : null);
        }
        return (table, last);
    }

    /// <summary>All keys, ascending, with their counts and texts (empty without texts).</summary>
    public (ulong[] Keys, long[] Counts, byte[][] Texts) Sorted()
    {
        var keys = new ulong[Count];
        var slots = new int[Count];
        for (int slot = 0, i = 0; slot < _keys.Length; slot++)
        {
            if (_counts[slot] > 0)
                (keys[i], slots[i++]) = (_keys[slot], slot);
        }
        Array.Sort(keys, slots);
        return (
            keys, Array.ConvertAll(slots, s => _counts[s]),
            withTexts ? Array.ConvertAll(slots, s => _texts[s]!) : []);
    }

    private int SlotOf(ulong key)
    {
        var slot = (int)((key * Spread) >> _shift);
        while (_counts[slot] != 0 && _keys[slot] != key)
            slot = (slot + 1) & (_keys.Length - 1);
        return slot;
    }

    /// <param name="slots">A power of two.</param>
    private void Resize(int slots)
    {
        var (keys, counts, texts) = (_keys, _counts, _texts);
        (_keys, _counts, Count) = (new ulong[slots], new long[slots], 0);
        _texts = withTexts ? new byte[slots][] : [];
        _shift = 64 - BitOperations.Log2((uint)slots);
        for (var i = 0; i < keys.Length; i++)
        {
            if (counts[i] > 0)
                Put(keys[i], counts[i], withTexts ? texts[i] : null);
        }
    }

    /// <summary>A key that is not there yet.</summary>
    private void Put(ulong key, long count, byte[]? text)
    {
        var slot = SlotOf(key);
        (_keys[slot], _counts[slot]) = (key, count);
        if (withTexts)
            _texts[slot] = text;
        Count++;
    }
}
