using Millrace.Log;

namespace Millrace.Tests.Log;

/// <summary>Tiles in memory, as a database would hold them: the newest state of each.</summary>
internal sealed class StoredTiles : ITiles
{
    public Dictionary<TileAddress, byte[]> Tiles { get; } = [];

    public TreeEdge Edge { get; private set; } = TreeEdge.Empty;

    public static StoredTiles Of(int size) => new StoredTiles().Append(NaiveTree.Leaves(size));

    public StoredTiles Append(IReadOnlyList<byte[]> leaves)
    {
        (Edge, var changed) = Edge.Append(leaves);
        foreach (var tile in changed)
            Tiles[tile.Address] = tile.Hashes.ToArray();
        return this;
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(TileAddress address, int width, CancellationToken cancel) =>
        new(Tiles[address].AsMemory());
}
