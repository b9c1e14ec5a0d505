using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Transfers;

namespace Millrace.Node.Transfers;

/// <summary>
/// Transfer processes over HTTP, both roles below one base (DSP 2025-1, transfer process, HTTPS binding).
/// </summary>
public static class TransferEndpoints
{
    public static void Map(IEndpointRouteBuilder dsp)
    {
        dsp.MapGet("/transfers/{pid}", ShowAsync);
        var writing = dsp.MapGroup("").WithMetadata(new PeerCall.WritesInCall());
        writing.MapPost("/transfers/request", OpenAsync);
        writing.MapPost("/transfers/{pid}/start", ReceiveAsync<TransferStarted>);
        writing.MapPost("/transfers/{pid}/suspension", ReceiveAsync<TransferSuspended>);
        writing.MapPost("/transfers/{pid}/completion", ReceiveAsync<TransferCompleted>);
        writing.MapPost("/transfers/{pid}/termination", ReceiveAsync<TransferEnded>);
    }

    /// <summary>A consumer asks for access under an agreement.</summary>
    public static async Task<IResult> OpenAsync(
        PeerCall call, HttpRequest http, TransferSteps steps, GuardedHttp peers, Ids ids,
        Clock clock, CancellationToken cancel)
    {
        var read = await PeerMessage.ReadAsync<TransferRequest>(http, clock, cancel);
        if (read.Refused(out var refusal, out var request))
            return Refused(refusal, null, null, ids);
        if (peers.Permit(request.CallbackAddress).Refused(out refusal, out _))
            return Refused(refusal, request.ConsumerPid, null, ids); // We would never call there.
        var purpose = await steps.PurposeAsync(call, request, cancel);
        return await call.WriteAsync(
            async unit => (await steps.OpenAsync(unit, call, request, purpose, cancel)).Refused(out var no, out var row)
                ? Refused(no, request.ConsumerPid, null, ids)
                : Status(row.Value, TransferState.Requested, StatusCodes.Status201Created),
            cancel);
    }

    /// <summary>The state of a transfer, for its two sides only.</summary>
    public static async Task<IResult> ShowAsync(
        PeerCall call, string pid, Database database, CancellationToken cancel) =>
        await database.ReadAsync(s => FindAsync(s, call, pid, cancel), cancel) is { } row
            ? Status(row.Value, row.Value.Process.State)
            : TypedResults.NotFound();

    /// <summary>A message about a transfer that both sides know.</summary>
    public static async Task<IResult> ReceiveAsync<TMessage>(
        PeerCall call, string pid, HttpRequest http, TransferSteps steps, Ids ids, Clock clock,
        CancellationToken cancel)
        where TMessage : TransferMessage
    {
        var read = await PeerMessage.ReadAsync<TMessage>(http, clock, cancel);
        return await call.WriteAsync(
            async unit =>
            {
                if (await FindAsync(unit, call, pid, cancel) is not { } known)
                    return TypedResults.NotFound(); // A stranger must not learn that the transfer exists.
                var process = known.Value.Process;
                if (read.Refused(out var refusal, out var message))
                    return Refused(refusal, process.ConsumerPid, process.ProviderPid, ids);
                return (await steps.ReceiveAsync(unit, call, known, message, cancel)).Refused(out refusal, out var row)
                    ? Refused(refusal, process.ConsumerPid, process.ProviderPid, ids)
                    : Status(row.Value, row.Value.Process.State);
            },
            cancel);
    }

    private static async Task<Stored<TransferRecord>?> FindAsync(
        Session session, PeerCall call, string pid, CancellationToken cancel) =>
        await Tables.Transfers.FindAsync(session, call.Host.Id, pid, cancel) is { } found &&
        found.Value.Process.Peer == call.Peer
            ? found
            : null;

    private static MessageResult Status(TransferRecord row, TransferState state, int status = 200) =>
        new(new TransferStatus(null, row.Process.ConsumerPid ?? "", row.Process.ProviderPid ?? "", state), status);

    /// <summary>The schema demands both pids even where there is none yet: a fresh one stands for it.</summary>
    private static MessageResult Refused(Refusal refusal, string? consumerPid, string? providerPid, Ids ids) =>
        new(
            new TransferRefused(
                null, consumerPid ?? ids.NewUrn(), providerPid ?? ids.NewUrn(), refusal.Code, [refusal.Sentence()]),
            refusal.Code switch
            {
                "too-large" => StatusCodes.Status413PayloadTooLarge,
                // Who signed could not be looked up now: a 4xx would end the consumer's process for good.
                DidResolver.Unreachable or DidResolver.Busy => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status400BadRequest,
            });
}
