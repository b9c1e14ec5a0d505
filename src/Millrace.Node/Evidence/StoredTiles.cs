using Millrace.Log;
using Millrace.Node.Storage;

namespace Millrace.Node.Evidence;

/// <summary>The tiles of a participant's log, read from the database.</summary>
internal sealed class StoredTiles(Session session, string participant) : ITiles
{
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(TileAddress address, int width, CancellationToken cancel)
    {
        var hashes = await LogTable.ReadTileAsync(session, participant, address, cancel);
        return hashes[..(width * MerkleTree.HashSize)]; // The stored tile may have grown since.
    }
}
