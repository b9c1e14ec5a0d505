using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Millrace.Engine.Supply.Joins;

/// <summary>
/// What is added to each count of shared values before anything is said of it, so that one value more or less hardly
/// shows. It follows from the values compared and a secret: who asks again gets the same.
/// </summary>
internal sealed class JoinNoise
{
    /// <summary>
    /// Of the two-sided exponential (Laplace) distribution, in values. One value changes the odds of what is told by no
    /// more than the exponential of its inverse.
    /// </summary>
    public const double Scale = 2;

    private readonly byte[] _key;

    public JoinNoise(ReadOnlySpan<byte> secret, KeySet one, KeySet other)
    {
        ReadOnlySpan<byte> both = [.. one.Digest, .. other.Digest];
        _key = HMACSHA256.HashData(secret, both);
    }

    /// <param name="count">Which of the counts of these two sets.</param>
    public double Of(byte count)
    {
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(HMACSHA256.HashData(_key, new byte[] { count }));
        var uniform = ((bits >> 11) + 0.5) / (1L << 53); // Between 0 and 1, and neither of them.
        return uniform < 0.5 ? Scale * Math.Log(2 * uniform) : -Scale * Math.Log(2 * (1 - uniform));
    }
}
