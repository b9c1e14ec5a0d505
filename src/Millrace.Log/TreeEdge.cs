using System.Collections.Immutable;

namespace Millrace.Log;

/// <summary>
/// The right edge of a tree: the partial tile of each level, which is all that appending needs. Immutable: an append
/// that is not committed is forgotten by keeping the edge from before.
/// </summary>
public sealed class TreeEdge
{
    // One per level, lowest first; a level may be empty. At most 255 hashes each, for a full tile rises as one hash.
    private readonly ImmutableArray<ImmutableArray<byte>> _levels;

    private TreeEdge(long size, ImmutableArray<ImmutableArray<byte>> levels) => (Size, _levels) = (size, levels);

    /// <summary>The edge of a log without entries.</summary>
    public static TreeEdge Empty { get; } = new(0, []);

    /// <summary>Entries in the tree.</summary>
    public long Size { get; }

    /// <summary>Reads the edge of a stored tree. Compare its <see cref="Root"/> with the signed one.</summary>
    /// <param name="size">Entries in the tree.</param>
    /// <param name="read">Reads the partial tiles; a tile that has grown since may be given whole.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    /// <exception cref="InvalidDataException">A tile has fewer hashes than the size demands.</exception>
    public static TreeEdge Restore(long size, Func<TileAddress, ReadOnlyMemory<byte>> read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var levels = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        for (var (level, above) = (0, size); above > 0; level++, above /= MerkleTree.TileWidth)
        {
            var address = new TileAddress(level, above / MerkleTree.TileWidth);
            var width = address.WidthIn(size);
            levels.Add(width == 0 ? [] : [.. TileReader.Cut(read(address), address, width).Span]);
        }
        return new(size, levels.ToImmutable());
    }

    /// <summary>The root of the tree: RFC 6962 §2.1.</summary>
    public byte[] Root()
    {
        byte[]? root = null;
        foreach (var level in _levels)
        {
            // What lies below is the incomplete right neighbour of this level's hashes.
            if (root is not null)
                root = MerkleTree.Root([.. level, .. root]);
            else if (!level.IsEmpty)
                root = MerkleTree.Root(level.AsSpan());
        }
        return root ?? MerkleTree.EmptyRoot;
    }

    /// <summary>Adds entries at the right.</summary>
    /// <param name="leafHashes">Their hashes, in order: <see cref="MerkleTree.HashLeaf"/>.</param>
    /// <returns>The new edge, and the tiles to store before the new root is signed.</returns>
    /// <exception cref="ArgumentException">A hash does not have 32 bytes.</exception>
    public Integration Append(IReadOnlyList<byte[]> leafHashes)
    {
        if (leafHashes.Any(h => h.Length != MerkleTree.HashSize))
            throw new ArgumentException($"A hash has {MerkleTree.HashSize} bytes.", nameof(leafHashes));
        var size = checked(Size + leafHashes.Count);
        var levels = _levels.ToBuilder();
        var changed = new List<Tile>();
        var rising = leafHashes;
        for (var level = 0; rising.Count > 0; level++)
        {
            if (level == levels.Count)
                levels.Add([]);
            var first = (Size >> 8 * level) / MerkleTree.TileWidth;
            var tiles = Tiles(level, first, Join(levels[level], rising));
            changed.AddRange(tiles);
            var full = tiles.Where(t => t.Width == MerkleTree.TileWidth).ToList();
            levels[level] = full.Count == tiles.Count ? [] : [.. tiles[^1].Hashes.Span];
            rising = [.. full.Select(t => MerkleTree.Root(t.Hashes.Span))]; // Only full tiles hash upward.
        }
        return new(new(size, levels.ToImmutable()), changed);
    }

    private static byte[] Join(ImmutableArray<byte> level, IReadOnlyList<byte[]> rising)
    {
        var joined = new byte[level.Length + rising.Count * MerkleTree.HashSize];
        level.CopyTo(joined);
        for (var i = 0; i < rising.Count; i++)
            rising[i].CopyTo(joined, level.Length + i * MerkleTree.HashSize);
        return joined;
    }

    private static List<Tile> Tiles(int level, long first, byte[] hashes)
    {
        const int bytes = MerkleTree.TileWidth * MerkleTree.HashSize;
        var tiles = new List<Tile>();
        for (var at = 0; at < hashes.Length; at += bytes)
        {
            var address = new TileAddress(level, first + tiles.Count);
            tiles.Add(new(address, hashes.AsMemory(at, Math.Min(bytes, hashes.Length - at))));
        }
        return tiles;
    }
}

/// <summary>What an append changed.</summary>
/// <param name="Next">The edge to go on from.</param>
/// <param name="Changed">New and grown tiles, each once, lowest level first.</param>
public sealed record Integration(TreeEdge Next, IReadOnlyList<Tile> Changed);
