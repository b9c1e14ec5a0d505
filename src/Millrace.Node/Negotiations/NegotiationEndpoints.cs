using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;

namespace Millrace.Node.Negotiations;

/// <summary>
/// Contract negotiation over HTTP, both roles below one base (DSP 2025-1, contract negotiation, HTTPS binding). Their
/// paths meet in three places; there the row of the pid knows the role.
/// </summary>
public static class NegotiationEndpoints
{
    public static void Map(IEndpointRouteBuilder dsp)
    {
        dsp.MapGet("/negotiations/{pid}", ShowAsync);
        var writing = dsp.MapGroup("").WithMetadata(new PeerCall.WritesInCall());
        writing.MapPost("/negotiations/request", OpenAsync);
        writing.MapPost("/negotiations/offers", OpenByOfferAsync);
        writing.MapPost("/negotiations/{pid}/request", ReceiveAsync<ContractRequest>);
        writing.MapPost("/negotiations/{pid}/offers", ReceiveAsync<ContractOffer>);
        writing.MapPost("/negotiations/{pid}/agreement", ReceiveAsync<ContractAgreement>);
        writing.MapPost("/negotiations/{pid}/agreement/verification", ReceiveAsync<AgreementVerified>);
        writing.MapPost("/negotiations/{pid}/events", ReceiveAsync<NegotiationEvent>);
        writing.MapPost("/negotiations/{pid}/termination", ReceiveAsync<NegotiationEnded>);
    }

    /// <summary>A consumer opens a negotiation about one of our offers.</summary>
    public static async Task<IResult> OpenAsync(
        PeerCall call, HttpRequest http, NegotiationSteps steps, GuardedHttp peers, Ids ids,
        Clock clock, CancellationToken cancel)
    {
        if ((await PeerMessage.ReadAsync<ContractRequest>(http, clock, cancel)).Refused(out var bad, out var request))
            return Refused(bad, null, null, ids);
        if (request.CallbackAddress is { } callback && peers.Permit(callback).Refused(out bad, out _))
            return Refused(bad, request.ConsumerPid, null, ids); // We would never call there.
        return await call.WriteAsync(
            async unit => (await steps.OpenAsync(unit, call, request, cancel)).Refused(out var refusal, out var row)
                ? Refused(refusal, request.ConsumerPid, null, ids)
                : Status(row.Value, NegotiationState.Requested, StatusCodes.Status201Created),
            cancel);
    }

    /// <summary>A provider makes us an offer.</summary>
    public static async Task<IResult> OpenByOfferAsync(
        PeerCall call, HttpRequest http, NegotiationSteps steps, Ids ids, Clock clock,
        CancellationToken cancel)
    {
        if ((await PeerMessage.ReadAsync<ContractOffer>(http, clock, cancel)).Refused(out var bad, out var offer))
            return Refused(bad, null, null, ids);
        return await call.WriteAsync(
            async unit => (await steps.OpenAsync(unit, call, offer, cancel)).Refused(out var refusal, out var row)
                ? Refused(refusal, null, offer.ProviderPid, ids)
                : Status(row.Value, NegotiationState.Offered, StatusCodes.Status201Created),
            cancel);
    }

    /// <summary>The state of a negotiation, for its two sides only.</summary>
    public static async Task<IResult> ShowAsync(
        PeerCall call, string pid, Database database, CancellationToken cancel) =>
        await database.ReadAsync(s => FindAsync(s, call, pid, cancel), cancel) is { } row
            ? Status(row.Value, row.Value.Process.State)
            : TypedResults.NotFound();

    /// <summary>A message about a negotiation that both sides know.</summary>
    public static async Task<IResult> ReceiveAsync<TMessage>(
        PeerCall call, string pid, HttpRequest http, NegotiationSteps steps, Ids ids, Clock clock,
        CancellationToken cancel)
        where TMessage : NegotiationMessage
    {
        var read = await PeerMessage.ReadAsync<TMessage>(http, clock, cancel);
        return await call.WriteAsync(
            async unit =>
            {
                if (await FindAsync(unit, call, pid, cancel) is not { } known)
                    return TypedResults.NotFound(); // A stranger must not learn that the negotiation exists.
                var process = known.Value.Process;
                if (read.Refused(out var refusal, out var message))
                    return Refused(refusal, process.ConsumerPid, process.ProviderPid, ids);
                return (await steps.ReceiveAsync(unit, known, message, cancel)).Refused(out refusal, out var row)
                    ? Refused(refusal, process.ConsumerPid, process.ProviderPid, ids)
                    : Status(row.Value, row.Value.Process.State);
            },
            cancel);
    }

    private static async Task<Stored<NegotiationRecord>?> FindAsync(
        Session session, PeerCall call, string pid, CancellationToken cancel) =>
        await Tables.Negotiations.FindAsync(session, call.Host.Id, pid, cancel) is { } found &&
        found.Value.Process.Peer == call.Peer
            ? found
            : null;

    private static MessageResult Status(NegotiationRecord row, NegotiationState state, int status = 200) =>
        new(
            new NegotiationStatus(null, row.Process.ConsumerPid ?? "", row.Process.ProviderPid ?? "", state), status);

    /// <summary>The schema demands both pids even where there is none yet: a fresh one stands for it.</summary>
    private static MessageResult Refused(Refusal refusal, string? consumerPid, string? providerPid, Ids ids) =>
        new(
            new NegotiationRefused(
                null, consumerPid ?? ids.NewUrn(), providerPid ?? ids.NewUrn(), refusal.Code, [refusal.Sentence()]),
            refusal.Code switch
            {
                "too-large" => StatusCodes.Status413PayloadTooLarge,
                NegotiationSteps.TooMany => StatusCodes.Status429TooManyRequests, // Later it may be taken up.
                _ => StatusCodes.Status400BadRequest,
            });
}
