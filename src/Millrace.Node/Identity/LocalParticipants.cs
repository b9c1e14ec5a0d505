using System.Collections.Concurrent;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Identity;

/// <summary>The participants that this node hosts. They are never removed, so what was found is remembered.</summary>
public sealed class LocalParticipants(Database database)
{
    private readonly ConcurrentDictionary<string, ParticipantRecord> _known = new();

    /// <summary>The participant of this id, or null.</summary>
    public async ValueTask<ParticipantRecord?> FindAsync(string id, CancellationToken cancel)
    {
        if (_known.TryGetValue(id, out var known))
            return known;
        var row = await database.ReadAsync(s => Tables.Participants.FindAsync(s, id, id, cancel), cancel);
        return row is null ? null : _known.GetOrAdd(id, row.Value);
    }

    /// <summary>The participant of this DID, or null if another node hosts it.</summary>
    public async ValueTask<ParticipantRecord?> FindByDidAsync(string did, CancellationToken cancel)
    {
        var id = did[(did.LastIndexOf(':') + 1)..];
        return await FindAsync(id, cancel) is { } found && found.Did == did ? found : null;
    }

    /// <summary>
    /// All of them, in the order of their ids: the one query that crosses participants, for the node's operator.
    /// </summary>
    public async Task<IReadOnlyList<ParticipantRecord>> ListAsync(CancellationToken cancel)
    {
        var ids = await database.ReadAsync(
            s => s.QueryAsync("SELECT id FROM participant ORDER BY id", [], row => row.GetString(0), cancel), cancel);
        var all = new List<ParticipantRecord>(ids.Count);
        foreach (var id in ids)
        {
            if (await FindAsync(id, cancel) is { } participant)
                all.Add(participant);
        }
        return all;
    }
}
