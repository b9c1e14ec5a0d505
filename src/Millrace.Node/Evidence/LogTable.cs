using Millrace.Log;
using Millrace.Node.Storage;

namespace Millrace.Node.Evidence;

/// <summary>The rows of a log: entries, tiles, and the head with its signed checkpoint.</summary>
internal static class LogTable
{
    public static Task<List<(string Id, byte[] Body)>> PendingAsync(
        Session session, string participant, int limit, CancellationToken cancel) =>
        session.QueryAsync(
            """
            SELECT id, body FROM entry WHERE participant = @participant AND position IS NULL ORDER BY id LIMIT @limit
            """,
            [("participant", participant), ("limit", limit)],
            row => (row.GetString(0), row.GetFieldValue<byte[]>(1)), cancel);

    /// <summary>Entries that have a place, from <paramref name="from"/> on, in order.</summary>
    public static Task<List<EntryRow>> EntriesAsync(
        Session session, string participant, long from, int limit, CancellationToken cancel) =>
        session.QueryAsync(
            """
            SELECT position, id, time, type, body FROM entry
            WHERE participant = @participant AND position >= @from ORDER BY position LIMIT @limit
            """,
            [("participant", participant), ("from", from), ("limit", limit)],
            row => new EntryRow(
                row.GetInt64(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
                row.GetString(3), row.GetFieldValue<byte[]>(4)),
            cancel);

    /// <summary>The body of an entry, in the tree already or not yet; null: there is none of that id.</summary>
    public static Task<byte[]?> FindAsync(
        Session session, string participant, string id, CancellationToken cancel) =>
        session.FindAsync(
            "SELECT body FROM entry WHERE participant = @participant AND id = @id",
            [("participant", participant), ("id", id)], row => row.GetFieldValue<byte[]>(0), cancel);

    public static Task<long> SizeAsync(Session session, string participant, CancellationToken cancel) =>
        session.CountAsync(
            "SELECT size FROM log WHERE participant = @participant", [("participant", participant)], cancel);

    /// <summary>The newest signed checkpoint, or null for a log without entries.</summary>
    public static Task<string?> CheckpointAsync(Session session, string participant, CancellationToken cancel) =>
        session.FindAsync(
            "SELECT checkpoint FROM log WHERE participant = @participant", [("participant", participant)],
            row => row.GetString(0), cancel);

    /// <summary>Gives an entry its place, once and for ever.</summary>
    /// <exception cref="ConflictException">Another node gave it one.</exception>
    public static Task PlaceAsync(
        Unit unit, string participant, string id, long position, CancellationToken cancel) =>
        unit.WriteAsync(
            """
            UPDATE entry SET position = @position
            WHERE participant = @participant AND id = @id AND position IS NULL
            """,
            [("participant", participant), ("id", id), ("position", position)], ("entry", id), cancel);

    public static Task SaveTileAsync(Unit unit, string participant, Tile tile, CancellationToken cancel) =>
        unit.WriteAsync(
            """
            INSERT INTO tile (participant, level, number, hashes) VALUES (@participant, @level, @number, @hashes)
            ON CONFLICT (participant, level, number) DO UPDATE SET hashes = excluded.hashes
            """,
            [
                ("participant", participant), ("level", tile.Address.Level), ("number", tile.Address.Number),
                ("hashes", tile.Hashes.ToArray()),
            ],
            null, cancel);

    /// <exception cref="ConflictException">Another node moved the head.</exception>
    public static Task SaveHeadAsync(
        Unit unit, string participant, long size, long newSize, string checkpoint, CancellationToken cancel) =>
        unit.WriteAsync(
            """
            INSERT INTO log (participant, size, checkpoint) VALUES (@participant, @newSize, @checkpoint)
            ON CONFLICT (participant) DO UPDATE SET size = excluded.size, checkpoint = excluded.checkpoint
            WHERE log.size = @size
            """,
            [("participant", participant), ("size", size), ("newSize", newSize), ("checkpoint", checkpoint)],
            ("log", participant), cancel);

    public static async Task<TreeEdge> EdgeAsync(
        Session session, string participant, long size, CancellationToken cancel)
    {
        var tiles = new Dictionary<TileAddress, ReadOnlyMemory<byte>>();
        for (var (level, width) = (0, size); width > 0; level++, width >>= 8)
        {
            if (width % 256 == 0)
                continue;
            var address = new TileAddress(level, width / 256);
            tiles[address] = await ReadTileAsync(session, participant, address, cancel);
        }
        return TreeEdge.Restore(size, address => tiles[address]);
    }

    public static async Task<ReadOnlyMemory<byte>> ReadTileAsync(
        Session session, string participant, TileAddress address, CancellationToken cancel) =>
        await session.FindAsync(
            "SELECT hashes FROM tile WHERE participant = @participant AND level = @level AND number = @number",
            [("participant", participant), ("level", address.Level), ("number", address.Number)],
            row => row.GetFieldValue<byte[]>(0), cancel)
        ?? throw new InvalidOperationException($"The log of {participant} has no tile {address}.");
}

/// <summary>An entry with its place in the log.</summary>
internal sealed record EntryRow(long Index, string Id, DateTimeOffset Time, string Type, byte[] Body);
