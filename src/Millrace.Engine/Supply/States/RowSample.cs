namespace Millrace.Engine.Supply.States;

/// <summary>
/// The different rows that have the smallest 64-bit hashes, with how often each occurs. Merging gives what one reading
/// of all would have given.
/// </summary>
/// <param name="Max">Rows kept, the same for all that are merged; 0 where there are no two columns.</param>
/// <param name="IsWhole">All different rows are there.</param>
/// <param name="Hashes">Ascending.</param>
/// <param name="Columns">Of each column a cell for each row, as 64 bits; what they mean, who made them says.</param>
internal sealed record RowSample(int Max, bool IsWhole, ulong[] Hashes, long[] Counts, ulong[][] Columns)
{
    public RowSample Merge(RowSample other)
    {
        Check.That(Max == other.Max && Columns.Length == other.Columns.Length, "samples are of the same table");
        var merged = Sorted.Merge(Hashes, Counts, other.Hashes, other.Counts, Max);
        return new RowSample(
            Max, IsWhole && other.IsWhole && merged.IsWhole, merged.Keys, merged.Counts,
            [.. Columns.Zip(other.Columns, merged.Pick)]);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Max);
        writer.Write(IsWhole);
        Sorted.Write(writer, Hashes, Counts);
        writer.Write7BitEncodedInt(Columns.Length);
        foreach (var cell in Columns.SelectMany(c => c))
            writer.Write(cell);
    }

    public static RowSample Read(BinaryReader reader)
    {
        var (max, isWhole) = (reader.Read7BitEncodedInt(), reader.ReadBoolean());
        var (hashes, counts) = Sorted.Read(reader);
        var columns = new ulong[reader.Read7BitEncodedInt()][];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = new ulong[hashes.Length];
            for (var row = 0; row < hashes.Length; row++)
                columns[i][row] = reader.ReadUInt64();
        }
        return new RowSample(max, isWhole, hashes, counts, columns);
    }
}
