namespace Millrace.Engine.Supply.States;

/// <summary>Ascending keys and their counts as bytes: steps, and numbers as short as they are small.</summary>
internal static class Sorted
{
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
