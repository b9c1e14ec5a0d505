namespace Millrace.Log;

/// <summary>Where the tiles of a log are read: a database, a folder, a peer.</summary>
public interface ITiles
{
    /// <summary>Reads a tile.</summary>
    /// <param name="width">How many hashes are needed: a tile that has grown since may be cut or given whole.</param>
    /// <returns>At least <paramref name="width"/> hashes; fewer are refused by the reader.</returns>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(TileAddress address, int width, CancellationToken cancel);
}
