using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.States;

/// <summary>The least or greatest value of a column.</summary>
/// <param name="Key">Its place in the order of <see cref="Order64"/>; 0 for texts and decimals.</param>
/// <param name="Text">UTF-8, of decimals, and of texts as much as is kept; null for others.</param>
internal sealed record Extreme(ulong Key, byte[]? Text)
{
    /// <summary>The one that is less (-1) or greater (1).</summary>
    public static Extreme? Pick(ColumnType type, Extreme? one, Extreme? other, int sign) =>
        one is null ? other
        : other is null ? one
        : Math.Sign(Compare(type, other, one)) == sign ? other : one;

    /// <summary>Decimals as DuckDB writes them, without zeros at the end.</summary>
    public static int CompareDecimals(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var (isBelow, isOtherBelow) = (one[0] == '-', other[0] == '-');
        if (isBelow != isOtherBelow)
            return isBelow ? -1 : 1;
        return isBelow ? ComparePositive(other[1..], one[1..]) : ComparePositive(one, other);
    }

    public static void Write(BinaryWriter writer, Extreme? extreme)
    {
        writer.Write((byte)(extreme is null ? 0 : extreme.Text is null ? 1 : 2));
        if (extreme is { Text: { } text })
        {
            writer.Write7BitEncodedInt(text.Length);
            writer.Write(text);
        }
        else if (extreme is not null)
        {
            writer.Write(extreme.Key);
        }
    }

    public static Extreme? Read(BinaryReader reader) => reader.ReadByte() switch
    {
        0 => null,
        1 => new Extreme(reader.ReadUInt64(), null),
        _ => new Extreme(0, reader.ReadBytes(reader.Read7BitEncodedInt())),
    };

    public static int Compare(ColumnType type, Extreme one, Extreme other) => type switch
    {
        ColumnType.Text => one.Text.AsSpan().SequenceCompareTo(other.Text),
        ColumnType.Decimal => CompareDecimals(one.Text, other.Text),
        _ => one.Key.CompareTo(other.Key),
    };

    private static int ComparePositive(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var digits = WholeDigits(one).CompareTo(WholeDigits(other));
        return digits != 0 ? digits : one.SequenceCompareTo(other);
    }

    private static int WholeDigits(ReadOnlySpan<byte> number) =>
        number.IndexOf((byte)'.') is >= 0 and var point ? point : number.Length;
}
