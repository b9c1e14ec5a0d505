using System.Text.Json.Nodes;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Delivery;

/// <summary>
/// Reads from their first part to their close. A read whose time or transfer is over takes no further part, but closes
/// only when what is on its way has ended: so its entry states what was really sent, and the usage agrees with it.
/// </summary>
public sealed class OpenReads(EvidenceLog evidence, Clock clock)
{
    /// <summary>Until when a part on its way is believed to be sent, if its sender keeps silent from now on.</summary>
    public DateTimeOffset UnderwayUntil => clock.Now + clock.Limits.SenderSilenceMax;

    /// <summary>Whether the time of a read is over, or it was ended and waits for its parts.</summary>
    public bool IsOver(ReadRecord read) => !read.Closed && (read.Ending || read.ExpiresAt <= clock.Now);

    /// <summary>A sign of life of a sender: the part that it sends is not to be given up.</summary>
    public async Task KeepAsync(Unit unit, string participant, string read, CancellationToken cancel)
    {
        var found = Check.NotNull(await Tables.Reads.FindAsync(unit, participant, read, cancel));
        if (found.Value is { Closed: false, Underway: > 0 })
            await Tables.Reads.SaveAsync(
                unit, found.With(found.Value with { UnderwayUntil = UnderwayUntil }), cancel);
    }

    /// <summary>
    /// Settles a part: what was reserved and not sent is given back. The read stays open unless it was ended, for the
    /// reader may not have got all that left; a whole view whose rows were counted is not gone on with.
    /// </summary>
    public async Task SettleAsync(
        Unit unit, string participant, string read, PartSettled part, CancellationToken cancel)
    {
        var found = Check.NotNull(await Tables.Reads.FindAsync(unit, participant, read, cancel));
        if (found.Value.Closed)
            return; // It was given up, and its entry states the reservation: the usage stays in agreement with it.
        var unsent = part.Reserved - part.Sent;
        var readsUnsent = found.Value.CountsFor(found.Value.Sent - unsent, unsent);
        var rowsUnsent = part.Rows is { } left ? found.Value.Rows - left : 0;
        if (unsent > 0 || rowsUnsent > 0)
        {
            var usage = Check.NotNull(await Tables.Usage.FindAsync(unit, participant, found.Value.Agreement, cancel));
            await Tables.Usage.SaveAsync(
                unit,
                usage.With(usage.Value with
                {
                    Reads = usage.Value.Reads - readsUnsent,
                    Rows = usage.Value.Rows - rowsUnsent - (readsUnsent * found.Value.Rows),
                    Bytes = usage.Value.Bytes - unsent,
                }),
                cancel);
        }
        var settled = found.With(found.Value with
        {
            Rows = found.Value.Rows - rowsUnsent,
            Sent = found.Value.Sent - unsent,
            Underway = found.Value.Underway - part.Reserved,
            Ending = found.Value.Ending || part.Rows is not null,
        });
        if (settled.Value is { Ending: true, Underway: 0 })
            await CloseAsync(unit, settled, cancel);
        else
            await Tables.Reads.SaveAsync(unit, settled, cancel);
    }

    /// <summary>Ends the reads of a transfer that has ended.</summary>
    public async Task EndAllAsync(Unit unit, string participant, string transfer, CancellationToken cancel)
    {
        var reads = await Tables.Reads.ListByAsync(unit, participant, "transfer", transfer, cancel);
        foreach (var open in reads.Where(r => !r.Value.Closed))
            await EndAsync(unit, open, cancel);
    }

    /// <summary>
    /// Ends a read: nothing more belongs to it. It closes at once, or with the last part on its way. A part whose
    /// sender died is given up, and all that was reserved for it counts.
    /// </summary>
    public async Task EndAsync(Unit unit, Stored<ReadRecord> read, CancellationToken cancel)
    {
        if (read.Value.Underway == 0 || read.Value.UnderwayUntil <= clock.Now)
            await CloseAsync(unit, read, cancel);
        else if (!read.Value.Ending)
            await Tables.Reads.SaveAsync(unit, read.With(read.Value with { Ending = true }), cancel);
    }

    private async Task CloseAsync(Unit unit, Stored<ReadRecord> read, CancellationToken cancel)
    {
        await Tables.Reads.SaveAsync(unit, read.With(read.Value with { Closed = true }), cancel);
        await evidence.AddAsync(
            unit, read.Participant, EntryType.ReadClosed,
            new JsonObject
            {
                ["read"] = read.Id,
                ["agreement"] = read.Value.Agreement,
                ["reads"] = read.Value.Counts(),
                ["rows"] = read.Value.Counts() * read.Value.Rows,
                ["bytes"] = read.Value.Sent,
                // The bytes among these of which nobody knows whether they left: the node died while it sent them.
                ["unsettled"] = read.Value.Underway,
                ["complete"] = read.Value.Underway == 0 && read.Value.Sent >= read.Value.Length,
            },
            cancel);
    }
}

/// <summary>What became of a part that was reserved.</summary>
/// <param name="Rows">Of a whole view: the rows that left; null: nobody knows, and all count.</param>
public sealed record PartSettled(long Reserved, long Sent, long? Rows);
