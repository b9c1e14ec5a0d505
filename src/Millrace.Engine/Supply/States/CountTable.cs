using System.Numerics;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// How often each of many 64-bit keys was seen. What is in it does not hang on the order of counting.
/// </summary>
/// <param name="withTexts">Keeps the text that came with a key for the first time: at most 255 bytes.</param>
/// <param name="slots">To begin with: a power of two, twice as many as keys that are to come.</param>
internal sealed class CountTable(bool withTexts = false, int slots = CountTable.SlotsMin)
{
    private const int SlotsMin = 64;
    private const ulong Spread = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio: neighbours fall far apart.

    // Together, for most slots are not in the processor's cache: one way to memory instead of two.
    private Slot[] _slots = new Slot[slots];
    private readonly ShortTexts _texts = new();
    private int[] _placesOfTexts = withTexts ? new int[slots] : []; // By slot.
    private int _shift = 64 - BitOperations.Log2((uint)slots);

    /// <summary>Different keys.</summary>
    public int Count { get; private set; }

    /// <summary>Room for keys, of which at most half is taken.</summary>
    public int Slots => _slots.Length;

    /// <summary>Counts a key <paramref name="times"/> times, which is at least once; true: it is new.</summary>
    public bool Add(ulong key, long times, ReadOnlySpan<byte> text = default)
    {
        var place = PlaceOf(key);
        ref var slot = ref _slots[place];
        var isNew = slot.Count == 0;
        slot.Count += times;
        if (!isNew)
            return false;
        slot.Key = key;
        if (withTexts)
            _placesOfTexts[place] = _texts.Add(text);
        if (++Count > _slots.Length / 2)
            Resize(_slots.Length * 2);
        return true;
    }

    public bool Has(ulong key) => _slots[PlaceOf(key)].Count > 0;

    /// <summary>A table of the smallest keys, and the largest of them; there must be as many.</summary>
    public (CountTable Table, ulong Last) Smallest(int count)
    {
        var last = Radix.Select(Taken().Keys, count - 1);
        var table = new CountTable(withTexts, _slots.Length);
        for (var place = 0; place < _slots.Length; place++)
        {
            if (_slots[place] is { Count: > 0 } slot && slot.Key <= last)
                table.Put(slot, withTexts ? table._texts.Add(_texts.At(_placesOfTexts[place])) : 0);
        }
        return (table, last);
    }

    /// <summary>All keys, ascending, with their counts and texts (empty without texts).</summary>
    public (ulong[] Keys, long[] Counts, byte[][] Texts) Sorted()
    {
        var (keys, places) = Taken();
        Radix.Sort(keys, places);
        return (
            keys, Array.ConvertAll(places, p => _slots[p].Count),
            withTexts ? Array.ConvertAll(places, p => _texts.At(_placesOfTexts[p]).ToArray()) : []);
    }

    /// <summary>All keys, and where they are.</summary>
    private (ulong[] Keys, int[] Places) Taken()
    {
        var (keys, places) = (new ulong[Count], new int[Count]);
        for (int place = 0, i = 0; place < _slots.Length; place++)
        {
            if (_slots[place].Count > 0)
                (keys[i], places[i++]) = (_slots[place].Key, place);
        }
        return (keys, places);
    }

    private int PlaceOf(ulong key)
    {
        var place = (int)((key * Spread) >> _shift);
        while (_slots[place].Count != 0 && _slots[place].Key != key)
            place = (place + 1) & (_slots.Length - 1);
        return place;
    }

    /// <param name="length">A power of two.</param>
    private void Resize(int length)
    {
        var (slots, texts) = (_slots, _placesOfTexts);
        (_slots, Count) = (new Slot[length], 0);
        _placesOfTexts = withTexts ? new int[length] : [];
        _shift = 64 - BitOperations.Log2((uint)length);
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].Count > 0)
                Put(slots[i], withTexts ? texts[i] : 0);
        }
    }

    /// <summary>A key that is not there yet.</summary>
    private void Put(Slot slot, int text)
    {
        var place = PlaceOf(slot.Key);
        _slots[place] = slot;
        if (withTexts)
            _placesOfTexts[place] = text;
        Count++;
    }

    private struct Slot
    {
        public ulong Key;
        public long Count; // 0: the slot is free.
    }
}
