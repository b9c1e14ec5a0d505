using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// What is known of a column of some rows; merged with that of the rows that follow it is what is known of both.
/// </summary>
/// <param name="Values">Cells that are not null.</param>
/// <param name="Sound">Values that have a place in an order: neither NaN nor an infinity.</param>
/// <param name="Least">Of the sound values; null without one, and for binary columns.</param>
/// <param name="LengthMin">Of texts, in code points.</param>
/// <param name="Values64">Null for binary columns.</param>
/// <param name="Buckets">Of positions (numbers, days, microseconds); null for other types.</param>
/// <param name="Sums">Of numbers; null for other types.</param>
/// <param name="FirstNulls">The first rows without a value, counted from 1.</param>
/// <param name="FirstDefects">The first rows with a defect.</param>
internal sealed record ColumnState(
    Column Column, long Values, long Sound, long Defects, Extreme? Least, Extreme? Greatest, long LengthMin,
    long LengthMax, ValueSketch? Values64, Buckets? Buckets, ExactSums? Sums, IReadOnlyList<long> FirstNulls,
    IReadOnlyList<long> FirstDefects)
{
    public static bool IsPlaced(ColumnType type) =>
        ColumnFigures.IsNumeric(type) || type is ColumnType.Date or ColumnType.Timestamp;

    /// <summary>Whether values are kept as texts, since no 64 bits can hold them.</summary>
    public static bool IsText(ColumnType type) => type is ColumnType.Text or ColumnType.Decimal;

    /// <param name="rows">How many stand before those of the other.</param>
    public ColumnState Merge(ColumnState other, long rows)
    {
        Check.That(Column == other.Column, "states of the same columns are merged");
        return new ColumnState(
            Column, Values + other.Values, Sound + other.Sound, Defects + other.Defects,
            Extreme.Pick(Column.Type, Least, other.Least, -1), Extreme.Pick(Column.Type, Greatest, other.Greatest, 1),
            Values == 0 ? other.LengthMin : other.Values == 0 ? LengthMin : Math.Min(LengthMin, other.LengthMin),
            Math.Max(LengthMax, other.LengthMax), Values64?.Merge(other.Values64!), Buckets?.Merge(other.Buckets!),
            Sums?.Merge(other.Sums!), Followed(FirstNulls, other.FirstNulls, rows),
            Followed(FirstDefects, other.FirstDefects, rows));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Column.Name);
        writer.Write(Column.Type.ToString());
        foreach (var number in (long[])[Values, Sound, Defects, LengthMin, LengthMax])
            writer.Write7BitEncodedInt64(number);
        Extreme.Write(writer, Least);
        Extreme.Write(writer, Greatest);
        Values64?.Write(writer);
        Buckets?.Write(writer);
        Sums?.Write(writer);
        WriteRows(writer, FirstNulls);
        WriteRows(writer, FirstDefects);
    }

    public static ColumnState Read(BinaryReader reader)
    {
        var column = new Column(reader.ReadString(), Enum.Parse<ColumnType>(reader.ReadString()));
        var numbers = new long[5];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = reader.Read7BitEncodedInt64();
        return new ColumnState(
            column, numbers[0], numbers[1], numbers[2], Extreme.Read(reader), Extreme.Read(reader), numbers[3],
            numbers[4], column.Type == ColumnType.Binary ? null : ValueSketch.Read(reader),
            IsPlaced(column.Type) ? Buckets.Read(reader) : null,
            ColumnFigures.IsNumeric(column.Type) ? ExactSums.Read(reader) : null, ReadRows(reader), ReadRows(reader));
    }

    private static IReadOnlyList<long> Followed(IReadOnlyList<long> first, IReadOnlyList<long> then, long rows) =>
        [.. first, .. then.Select(row => row + rows).Take(TableEvidence.RowsMax - first.Count)];

    private static void WriteRows(BinaryWriter writer, IReadOnlyList<long> rows)
    {
        writer.Write7BitEncodedInt(rows.Count);
        foreach (var row in rows)
            writer.Write7BitEncodedInt64(row);
    }

    private static long[] ReadRows(BinaryReader reader)
    {
        var rows = new long[reader.Read7BitEncodedInt()];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = reader.Read7BitEncodedInt64();
        return rows;
    }
}
