namespace Millrace.Engine.Supply.States;

/// <summary>Numbers as unsigned integers that have the same order; and a mixing of these that can be undone.</summary>
internal static class Order64
{
    private const ulong Sign = 1ul << 63;
    private const ulong First = 0xD6E8FEB86659FD93, Second = 0xA0761D6478BD642F; // Odd, so that they have inverses.

    private static readonly ulong _firstInverse = Inverse(First), _secondInverse = Inverse(Second);

    public static ulong Of(long number) => (ulong)number ^ Sign;

    public static long Integer(ulong key) => (long)(key ^ Sign);

    /// <summary>Both zeros are one, and so are all values that are not numbers.</summary>
    public static ulong Of(double number)
    {
        var bits = (ulong)BitConverter.DoubleToInt64Bits(
            number == 0 ? 0 : double.IsNaN(number) ? double.NaN : number);
        return (bits & Sign) == 0 ? bits | Sign : ~bits;
    }

    public static double Double(ulong key) =>
        BitConverter.Int64BitsToDouble((long)((key & Sign) == 0 ? ~key : key ^ Sign));

    /// <summary>A hash of a key, of which <see cref="Unmix"/> makes the key again: no two keys have the same.</summary>
    public static ulong Mix(ulong key)
    {
        key = (key ^ (key >> 32)) * First;
        key = (key ^ (key >> 32)) * Second;
        return key ^ (key >> 32);
    }

    public static ulong Unmix(ulong hash)
    {
        hash = (hash ^ (hash >> 32)) * _secondInverse;
        hash = (hash ^ (hash >> 32)) * _firstInverse;
        return hash ^ (hash >> 32);
    }

    // Newton's iteration doubles the number of right bits, of which an odd number has three as its own inverse.
    private static ulong Inverse(ulong odd)
    {
        var inverse = odd;
        for (var bits = 3; bits < 64; bits *= 2)
            inverse *= 2 - (odd * inverse);
        return inverse;
    }
}
