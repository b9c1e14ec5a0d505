using System.Security.Cryptography;
using System.Text;

namespace Millrace.Tests.Log;

/// <summary>RFC 6962 §2.1 as it is written down, recursion and all: slow, and independent of what it checks.</summary>
internal static class NaiveTree
{
    public static byte[] Entry(int index) => Encoding.UTF8.GetBytes($"entry {index}");

    public static byte[][] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => SHA256.HashData([0, .. Entry(i)]))];

    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0)
            return SHA256.HashData([]);
        if (leaves.Length == 1)
            return leaves[0];
        var k = 1;
        while (k * 2 < leaves.Length)
            k *= 2;
        return SHA256.HashData([1, .. Root(leaves[..k]), .. Root(leaves[k..])]);
    }
}
