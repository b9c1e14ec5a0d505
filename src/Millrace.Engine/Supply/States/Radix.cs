using System.Numerics;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// Sorts many keys byte by byte, from the last one: tables of counts are sorted whenever they are cut, and comparing
/// took most of that time.
/// </summary>
internal static class Radix
{
    private const int Bytes = 8, Digits = 256;

    private const int SelectBits = 12;

    /// <summary>Fewer are compared: eight passes and their counters would take longer.</summary>
    private const int KeysMin = 256;

    /// <summary>Sorts keys in ascending order, and what goes with each.</summary>
    public static void Sort(ulong[] keys, int[] items)
    {
        if (keys.Length < KeysMin)
        {
            Array.Sort(keys, items);
            return;
        }
        var counts = Counts(keys);
        var (from, fromItems) = (keys, items);
        var (to, toItems) = (new ulong[keys.Length], new int[keys.Length]);
        for (var place = 0; place < Bytes; place++)
        {
            var starts = counts.AsSpan(place * Digits, Digits);
            if (starts[Digit(keys[0], place)] == keys.Length)
                continue; // All have the same there.
            for (int digit = 0, start = 0; digit < Digits; digit++)
                (starts[digit], start) = (start, start + starts[digit]);
            for (var i = 0; i < from.Length; i++)
            {
                var at = starts[Digit(from[i], place)]++;
                (to[at], toItems[at]) = (from[i], fromItems[i]);
            }
            (from, to, fromItems, toItems) = (to, from, toItems, fromItems);
        }
        if (from == keys)
            return;
        from.CopyTo(keys, 0);
        fromItems.CopyTo(items, 0);
    }

    /// <summary>The key at a rank, from 0, in ascending order.</summary>
    public static ulong Select(ulong[] keys, int rank)
    {
        var shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(keys.Max()) - SelectBits);
        var counts = new int[1 << SelectBits];
        foreach (var key in keys)
            counts[key >> shift]++;
        var (digit, before) = (0, 0);
        while (before + counts[digit] <= rank)
            before += counts[digit++];
        ulong[] near = [.. keys.Where(k => k >> shift == (ulong)digit)];
        Array.Sort(near);
        return near[rank - before];
    }

    /// <summary>How many keys have each digit at each place.</summary>
    private static int[] Counts(ulong[] keys)
    {
        var counts = new int[Bytes * Digits];
        foreach (var key in keys)
        {
            for (var place = 0; place < Bytes; place++)
                counts[(place * Digits) + Digit(key, place)]++;
        }
        return counts;
    }

    private static int Digit(ulong key, int place) => (byte)(key >> (8 * place));
}
