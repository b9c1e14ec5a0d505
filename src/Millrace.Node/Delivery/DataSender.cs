using Microsoft.Net.Http.Headers;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Delivery;

/// <summary>
/// Sends a reserved part and settles it. While it runs, the gate is asked again every second: a withdrawal cuts the
/// stream, so that the reader sees a broken transfer and never a short one that looks whole.
/// </summary>
public sealed partial class DataSender(
    Database database, Gate gate, OpenReads reads, Clock clock, ILogger<DataSender> logger)
{
    /// <returns>A refusal before the first byte; null once the part was sent, or the stream was cut.</returns>
    internal async Task<Refusal?> SendAsync(
        HttpContext http, string participant, string transfer, GovernedFile view, RangeAsked asked, ReadWish wish,
        CancellationToken cancel)
    {
        using var file = File.OpenHandle(view.Path, options: FileOptions.Asynchronous);
        var reserved = await database.WriteAsync(
            u => gate.ReserveAsync(u, participant, transfer, view, asked.Part, wish, cancel), cancel);
        if (reserved.Refused(out var refusal, out var read))
            return refusal;

        Describe(http.Response, view, asked, read.Id);
        var sent = 0L;
        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watch = WatchAsync(read, transfer, wish, open);
        try
        {
            await asked.Part.SendAsync(file, http.Response.BodyWriter, bytes => sent += bytes, open.Token);
        }
        finally
        {
            await open.CancelAsync();
            // What left must be settled even where the reader has gone.
            await database.WriteAsync(
                u => reads.SettleAsync(u, participant, read.Id, asked.Part.Length, sent, CancellationToken.None),
                CancellationToken.None);
            if (await watch is { } cut)
                Cut(read.Id, cut.Code);
            if (sent < asked.Part.Length)
                http.Abort();
        }
        return null;
    }

    private static void Describe(HttpResponse response, GovernedFile view, RangeAsked asked, string read)
    {
        response.StatusCode = asked.IsPartial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentType = ViewFormats.MediaType(view.Format);
        response.ContentLength = asked.Part.Length;
        response.Headers[ViewAnswer.ReadHeader] = read;
        if (asked.IsPartial)
        {
            var (from, to) = (asked.Part.From, asked.Part.From + asked.Part.Length - 1);
            response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(from, to, view.Bytes);
        }
    }

    /// <summary>
    /// Asks the gate again and again; ends the stream when it refuses, or when asking fails. Says now and then that the
    /// stream is alive.
    /// </summary>
    private async Task<Refusal?> WatchAsync(
        Stored<ReadRecord> read, string transfer, ReadWish wish, CancellationTokenSource open)
    {
        var keptAt = clock.Now;
        using var timer = new PeriodicTimer(clock.Limits.GateInterval, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(open.Token))
            {
                var access = await database.ReadAsync(
                    s => gate.LoadAsync(s, read.Participant, transfer, open.Token), open.Token);
                if (gate.Decide(access, UsageRecord.None, wish).Refused(out var refusal, out _))
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
