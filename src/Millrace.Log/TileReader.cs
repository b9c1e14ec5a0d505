namespace Millrace.Log;

/// <summary>Roots of ranges of a stored tree, for one proof. Each tile is read once.</summary>
internal sealed class TileReader(ITiles tiles, long size, CancellationToken cancel)
{
    private readonly Dictionary<TileAddress, ReadOnlyMemory<byte>> _read = [];

    /// <exception cref="InvalidDataException">The tile is shorter than the tree demands.</exception>
    public static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> hashes, TileAddress address, int width) =>
        hashes.Length >= width * MerkleTree.HashSize
            ? hashes[..(width * MerkleTree.HashSize)]
            : throw new InvalidDataException($"The tile {address.Path(width)} has only {hashes.Length} bytes.");

    /// <summary>The root over the entries from <c>start</c> up to, without, <c>end</c>.</summary>
    public async ValueTask<byte[]> RootAsync(long start, long end)
    {
        var count = end - start;
        if (long.IsPow2(count))
            return await PerfectRootAsync(start, (int)long.Log2(count));
        var split = start + MerklePath.Split(count);
        var left = await RootAsync(start, split);
        var right = await RootAsync(split, end);
        return MerkleTree.HashChildren(left, right);
    }

    /// <summary>The root over 2^height entries: the root of a part of one tile.</summary>
    private async ValueTask<byte[]> PerfectRootAsync(long start, int height)
    {
        var level = height / 8;
        var first = start >> 8 * level;
        var address = new TileAddress(level, first / MerkleTree.TileWidth);
        var hashes = await ReadAsync(address);
        var at = (int)(first % MerkleTree.TileWidth) * MerkleTree.HashSize;
        return MerkleTree.Root(hashes.Span.Slice(at, (1 << height % 8) * MerkleTree.HashSize));
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(TileAddress address)
    {
        if (_read.TryGetValue(address, out var known))
            return known;
        var width = address.WidthIn(size);
        return _read[address] = Cut(await tiles.ReadAsync(address, width, cancel), address, width);
    }
}
