namespace Millrace.Engine.Supply.States;

/// <summary>Ascending keys and their counts.</summary>
internal static class Sorted
{
    /// <summary>The smallest keys of two lists together.</summary>
    public static MergedKeys Merge(
        ulong[] one, long[] countsOfOne, ulong[] other, long[] countsOfOther, int max)
    {
        var taken = new List<(int One, int Other)>(Math.Min(max, one.Length + other.Length));
        var (i, j) = (0, 0);
        while (taken.Count < max && (i < one.Length || j < other.Length))
        {
            var isInOne = j == other.Length || (i < one.Length && one[i] <= other[j]);
            var isInOther = i == one.Length || (j < other.Length && other[j] <= one[i]);
            taken.Add((isInOne ? i++ : -1, isInOther ? j++ : -1));
        }
        return new MergedKeys(
            [.. taken.Select(t => t.One >= 0 ? one[t.One] : other[t.Other])],
            [.. taken.Select(t => (t.One >= 0 ? countsOfOne[t.One] : 0) + (t.Other >= 0 ? countsOfOther[t.Other] : 0))],
            i == one.Length && j == other.Length, taken);
    }

    /// <summary>As bytes: steps, and numbers as short as they are small.</summary>
    public static void Write(BinaryWriter writer, ulong[] keys, long[] counts)
    {
        writer.Write7BitEncodedInt(keys.Length);
        var before = 0ul;
        for (var i = 0; i < keys.Length; i++)
        {
            writer.Write7BitEncodedInt64((long)(keys[i] - before));
            writer.Write7BitEncodedInt64(counts[i]);
            before = keys[i];
        }
    }

    public static (ulong[] Keys, long[] Counts) Read(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        var (keys, counts) = (new ulong[length], new long[length]);
        var before = 0ul;
        for (var i = 0; i < length; i++)
        {
            keys[i] = before += (ulong)reader.Read7BitEncodedInt64();
            counts[i] = reader.Read7BitEncodedInt64();
        }
        return (keys, counts);
    }
}

/// <summary>The smallest keys of two lists together, with the sums of their counts.</summary>
/// <param name="IsWhole">No key of either list is left out.</param>
/// <param name="Taken">Each key by its place in the one and in the other list; -1 where it is not there.</param>
internal sealed record MergedKeys(
    ulong[] Keys, long[] Counts, bool IsWhole, IReadOnlyList<(int One, int Other)> Taken)
{
    /// <summary>What goes with each key, from the list that has it.</summary>
    public T[] Pick<T>(T[] one, T[] other) => [.. Taken.Select(t => t.One >= 0 ? one[t.One] : other[t.Other])];
}
