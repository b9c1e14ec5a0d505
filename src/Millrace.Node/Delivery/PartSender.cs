using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Delivery;

/// <summary>
/// Has a part of a view sent, whatever it travels by: reserves it before the first byte, asks the gate again every
/// second while it is on its way, and settles what left.
/// </summary>
public sealed partial class PartSender(
    Database database, Gate gate, OpenReads reads, Clock clock, ILogger<PartSender> logger)
{
    /// <param name="send">
    /// Sends it, says what it hands over, and stops when the part is cut. Not called where the gate refuses.
    /// </param>
    /// <returns>A refusal before the first byte, or how the sending ended.</returns>
    internal async Task<Decision<PartEnd>> SendAsync(
        PartAsked asked, Func<PartUnderway, Task> send, CancellationToken cancel)
    {
        var reserved = await database.WriteAsync(
            u => gate.ReserveAsync(
                u, asked.Participant, asked.Transfer, asked.View, asked.Part, asked.Wish, cancel),
            cancel);
        if (reserved.Refused(out var refusal, out var read))
            return refusal;

        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var part = new PartUnderway(read.Id, open.Token);
        var watch = WatchAsync(read, asked, open);
        Refusal? cut;
        try
        {
            await send(part);
        }
        finally
        {
            await open.CancelAsync();
            // What left must be settled even where the reader has gone.
            await database.WriteAsync(
                u => reads.SettleAsync(
                    u, asked.Participant, read.Id,
                    new PartSettled(asked.Part.Length, part.Sent, asked.CountsRows ? part.Rows : null),
                    CancellationToken.None),
                CancellationToken.None);
            cut = await watch;
            if (cut is not null)
                Cut(read.Id, cut.Code);
        }
        return new PartEnd(cut);
    }

    /// <summary>
    /// Asks the gate again and again; ends the stream when it refuses, or when asking fails. Says now and then that the
    /// stream is alive.
    /// </summary>
    private async Task<Refusal?> WatchAsync(Stored<ReadRecord> read, PartAsked asked, CancellationTokenSource open)
    {
        var keptAt = clock.Now;
        using var timer = new PeriodicTimer(clock.Limits.GateInterval, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(open.Token))
            {
                var access = await database.ReadAsync(
                    s => gate.LoadAsync(s, read.Participant, asked.Transfer, open.Token), open.Token);
                if (gate.Decide(access, UsageRecord.None, asked.Wish).Refused(out var refusal, out _))
                {
                    await database.WriteAsync(
                        u => gate.LogRefusalAsync(u, access, refusal, CancellationToken.None), CancellationToken.None);
                    await open.CancelAsync();
                    return refusal;
                }
                if (clock.Now - keptAt < clock.Limits.SenderSilenceMax / 4)
                    continue;
                await database.WriteAsync(
                    u => reads.KeepAsync(u, read.Participant, read.Id, open.Token), open.Token);
                keptAt = clock.Now;
            }
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception broken)
        {
            GateFailed(broken);
            await open.CancelAsync();
            return new Refusal("gate-failed", "The contract could not be checked.");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Read {Read} was cut: {Code}.")]
    private partial void Cut(string read, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "An open stream could not be checked, and was cut.")]
    private partial void GateFailed(Exception exception);
}

/// <summary>What is to be sent, under which transfer, as part of which read.</summary>
/// <param name="CountsRows">
/// Who sends a whole view knows which rows left: the others are given back, and the read is over. Else all count.
/// </param>
internal sealed record PartAsked(
    string Participant, string Transfer, GovernedFile View, FilePart Part, ReadWish Wish, bool CountsRows = false);

/// <summary>A reserved part on its way. Not thread-safe: one sender says what it hands over.</summary>
/// <param name="read">The id of the read that it belongs to.</param>
/// <param name="cut">Ends where the contract does not allow it any more, or the reader has gone.</param>
internal sealed class PartUnderway(string read, CancellationToken cut)
{
    public string Read => read;

    public CancellationToken Cut => cut;

    /// <summary>The bytes that were handed over: they may have left.</summary>
    public long Sent { get; private set; }

    /// <summary>The rows that were handed over, by a sender who counts them.</summary>
    public long Rows { get; private set; }

    public void HandOver(int bytes) => Sent += bytes;

    public void HandOver(long bytes, long rows) => (Sent, Rows) = (Sent + bytes, Rows + rows);
}

/// <summary>How the sending of a part ended.</summary>
/// <param name="Cut">The refusal that cut it; null: it was sent, or the reader has gone.</param>
internal sealed record PartEnd(Refusal? Cut);
