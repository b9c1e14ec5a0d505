using System.Security.Cryptography;

namespace Millrace.Log;

/// <summary>
/// How a Merkle tree hashes: RFC 6962 §2.1, with SHA-256. Leaves and inner nodes begin with different bytes, so that
/// no entry can pass for a node.
/// </summary>
public static class MerkleTree
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Hashes of a full tile: tlog-tiles.</summary>
    public const int TileWidth = 256;

    /// <summary>The root of a tree without entries; a new array each time.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary>The hash of an entry.</summary>
    public static byte[] HashLeaf(ReadOnlySpan<byte> entry) => SHA256.HashData([0, .. entry]);

    /// <summary>The hash of an inner node.</summary>
    /// <exception cref="ArgumentException">A hash does not have <see cref="HashSize"/> bytes.</exception>
    public static byte[] HashChildren(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != HashSize || right.Length != HashSize)
            throw new ArgumentException($"A hash has {HashSize} bytes.");
        var root = new byte[HashSize];
        HashPair([.. left, .. right], root);
        return root;
    }

    /// <summary>The root over hashes that lie one behind the other, at least one and at most a tile of them.</summary>
    internal static byte[] Root(ReadOnlySpan<byte> hashes)
    {
        Span<byte> level = stackalloc byte[TileWidth * HashSize];
        hashes.CopyTo(level);
        // Pair by pair, in place; a last one without a partner rises as it is, which splits as RFC 6962 does.
        for (var count = hashes.Length / HashSize; count > 1; count = (count + 1) / 2)
        {
            for (var i = 0; i < count / 2; i++)
                HashPair(level.Slice(2 * i * HashSize, 2 * HashSize), level.Slice(i * HashSize, HashSize));
            if (count % 2 == 1)
                level.Slice((count - 1) * HashSize, HashSize).CopyTo(level[(count / 2 * HashSize)..]);
        }
        return level[..HashSize].ToArray();
    }

    private static void HashPair(ReadOnlySpan<byte> children, Span<byte> parent)
    {
        Span<byte> node = stackalloc byte[1 + 2 * HashSize];
        node[0] = 1;
        children.CopyTo(node[1..]);
        SHA256.HashData(node, parent);
    }
}
