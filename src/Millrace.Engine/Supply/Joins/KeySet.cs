using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Millrace.Engine.Supply.Joins;

/// <summary>The different values of a column in a domain, by their hashes: all of them, or an even choice.</summary>
/// <param name="Hashes">Ascending; all there are below <paramref name="Bound"/>.</param>
/// <param name="Bound"><see cref="ulong.MaxValue"/>: all.</param>
/// <param name="IsKey">Nearly no value is there twice.</param>
/// <param name="Numbers">The values themselves, ascending, where they are whole numbers; else empty.</param>
/// <param name="Texts">Of texts, how many there could be as short as these, written in the same characters.</param>
internal sealed record KeySet(
    JoinDomain Domain, ulong[] Hashes, ulong Bound, bool IsKey, long[] Numbers, double Texts = double.PositiveInfinity)
{
    private byte[]? _digest;

    /// <summary>SHA-256 of the hashes, made once: a set is compared with many.</summary>
    public ReadOnlySpan<byte> Digest => _digest ??= SHA256.HashData(MemoryMarshal.AsBytes(Hashes.AsSpan()));

    /// <summary>The share of all different values that is here.</summary>
    public double Share => Bound / Math.ScaleB(1, 64);

    /// <summary>How many of the hashes lie below a bound.</summary>
    public int Below(ulong bound)
    {
        var at = Array.BinarySearch(Hashes, bound);
        return at < 0 ? ~at : at;
    }

    /// <summary>How many of the hashes below a bound another set has too.</summary>
    public int Shared(KeySet other, ulong bound)
    {
        var (shared, i, j) = (0, 0, 0);
        var (mine, theirs) = (Below(bound), other.Below(bound));
        while (i < mine && j < theirs)
        {
            var order = Hashes[i].CompareTo(other.Hashes[j]);
            if (order == 0) shared++;
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return shared;
    }
}
