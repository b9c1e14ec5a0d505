using Apache.Arrow.Flight.Server;
using Grpc.Core;
using Millrace.Engine.Delivery;
using Millrace.Node.Delivery;

namespace Millrace.Node.Flight;

/// <summary>
/// Sends a view as a stream of record batches, each after the one before was taken. Its bytes are those of the view's
/// Arrow file: the same data count the same, whichever way they are read.
/// </summary>
public sealed class FlightSender(PartSender parts, Clock clock)
{
    /// <exception cref="RpcException">The contract refused, before the first batch or after some.</exception>
    public async Task SendAsync(
        FlightReader reader, GovernedFile view, ReadWish wish, FlightServerRecordBatchStreamWriter stream,
        ServerCallContext call)
    {
        var whole = new FilePart(0, view.Bytes);
        var asked = new PartAsked(
            reader.Participant, reader.Access.Transfer.Id, view, whole, wish, CountsRows: true);
        var decision = await parts.SendAsync(
            asked, part => StreamAsync(view, part, stream, call.GetHttpContext()), call.CancellationToken);
        if (decision.Refused(out var refusal, out var end))
            throw FlightErrors.Refused(refusal);
        if (end.Cut is { } cut)
            throw FlightErrors.Refused(cut);
    }

    private async Task StreamAsync(
        GovernedFile view, PartUnderway part, FlightServerRecordBatchStreamWriter stream, HttpContext http)
    {
        using var arrow = ArrowView.Open(view.Path);
        // A write that waits for a reader who does not read goes on at once, so that the end can be told.
        using var wake = part.Cut.Register(http.Response.BodyWriter.CancelPendingFlush);
        try
        {
            await TakenAsync(stream.SetupStream(await arrow.SchemaAsync(part.Cut)));
            await foreach (var piece in arrow.PiecesAsync(clock.Limits.FlightMessageBytes, part.Cut))
            {
                part.Cut.ThrowIfCancellationRequested();
                // Whatever becomes of the write, they may leave.
                part.HandOver(piece.Bytes, piece.Rows.Length);
                await TakenAsync(stream.WriteAsync(piece.Rows));
            }
            part.Cut.ThrowIfCancellationRequested();
            part.HandOver(view.Bytes - part.Sent, 0); // The footer.
        }
        catch (TimeoutException)
        {
            http.Abort(); // Who takes nothing would not take the reason either.
        }
        catch (Exception) when (part.Cut.IsCancellationRequested)
        {
            // Cut, or the reader has gone: what was handed over is what counts.
        }
    }

    private Task TakenAsync(Task write) => write.WaitAsync(clock.Limits.FlightStallMax, clock.Time);
}
