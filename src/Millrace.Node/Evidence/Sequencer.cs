using System.Collections.Concurrent;
using System.Threading.Channels;
using Millrace.Log;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Evidence;

/// <summary>
/// Gives committed entries their places: reads what has none yet, appends it to the tree, signs the new checkpoint. All
/// of it in one unit, so that places, tiles and checkpoint never disagree. Over a shared database the row of the log
/// decides which node's turn counts.
/// </summary>
public sealed partial class Sequencer(
    Database database, LogKeys keys, Signal signal, Clock clock, ILogger<Sequencer> logger) : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _woken = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, byte> _waiting = new();
    private readonly ConcurrentDictionary<string, TreeEdge> _edges = new();

    /// <summary>Integrates the new entries of a participant soon.</summary>
    public void Wake(string participant)
    {
        if (_waiting.TryAdd(participant, 0))
            _woken.Writer.TryWrite(participant);
    }

    /// <returns>How many entries got their place.</returns>
    public async Task<int> IntegrateAsync(string participant, CancellationToken cancel)
    {
        var key = await keys.SignerAsync(participant, cancel);
        var (count, edge) = await database.WriteAsync(u => IntegrateAsync(u, participant, key, cancel), cancel);
        if (edge is not null)
        {
            _edges[participant] = edge; // Only after the commit.
            // Who follows the log waits for places, not for the commit of what they record.
            signal.Raise(participant, Signal.Log);
        }
        return count;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SweepAsync(stoppingToken), IntegrateAllAsync(stoppingToken));

    /// <summary>
    /// Finds what nobody wakes for: entries that a crash left, here or at another node over the database, or whose
    /// integration failed.
    /// </summary>
    private async Task SweepAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SweepInterval, clock.Time);
        do
        {
            try
            {
                foreach (var participant in await PendingAsync(stopping))
                    Wake(participant);
            }
            catch (Exception broken) when (!stopping.IsCancellationRequested)
            {
                SweepFailed(broken);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task IntegrateAllAsync(CancellationToken stopping)
    {
        await foreach (var participant in _woken.Reader.ReadAllAsync(stopping))
        {
            _waiting.TryRemove(participant, out _);
            try
            {
                while (await IntegrateAsync(participant, stopping) == clock.Limits.EntriesPerCheckpointMax)
                {
                }
            }
            catch (Exception broken) when (!stopping.IsCancellationRequested)
            {
                Failed(broken, participant);
            }
        }
    }

    private async Task<(int Count, TreeEdge? Edge)> IntegrateAsync(
        Unit unit, string participant, NoteSigner key, CancellationToken cancel)
    {
        var entries = await LogTable.PendingAsync(unit, participant, clock.Limits.EntriesPerCheckpointMax, cancel);
        if (entries.Count == 0)
            return (0, null);
        var size = await LogTable.SizeAsync(unit, participant, cancel);
        if (!_edges.TryGetValue(participant, out var edge) || edge.Size != size)
            edge = await RestoreAsync(unit, participant, size, key, cancel);
        var (next, tiles) = edge.Append([.. entries.Select(e => MerkleTree.HashLeaf(e.Body))]);
        for (var i = 0; i < entries.Count; i++)
            await LogTable.PlaceAsync(unit, participant, entries[i].Id, size + i, cancel);
        foreach (var tile in tiles)
            await LogTable.SaveTileAsync(unit, participant, tile, cancel);
        var checkpoint = SignedNote.Sign(new Checkpoint(key.Name, next.Size, next.Root()).Format(), key);
        await LogTable.SaveHeadAsync(unit, participant, size, next.Size, checkpoint, cancel);
        return (entries.Count, next);
    }

    /// <summary>The edge as it is stored, which must be the one that was signed.</summary>
    private static async Task<TreeEdge> RestoreAsync(
        Unit unit, string participant, long size, NoteSigner key, CancellationToken cancel)
    {
        var edge = await LogTable.EdgeAsync(unit, participant, size, cancel);
        if (edge.Size > 0 && await LogTable.CheckpointAsync(unit, participant, cancel) is { } signed)
        {
            var head = Checkpoint.Open(signed, key.Verifier);
            if (head.Size != size)
                throw new ConflictException("log", participant); // Another node has gone on since the size was read.
            Check.That(
                head.Root.AsSpan().SequenceEqual(edge.Root()), $"the tree of {participant} is the one that was signed");
        }
        return edge;
    }

    private Task<List<string>> PendingAsync(CancellationToken cancel) => database.ReadAsync(
        s => s.QueryAsync(
            "SELECT DISTINCT participant FROM entry WHERE position IS NULL", [], row => row.GetString(0), cancel),
        cancel);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log could not be searched for entries without a place.")]
    private partial void SweepFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "New entries of {Participant} could not be integrated.")]
    private partial void Failed(Exception exception, string participant);
}
