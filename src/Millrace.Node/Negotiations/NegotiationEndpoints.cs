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
        dsp.MapPost("/negotiations/request", OpenAsync);
        dsp.MapPost("/negotiations/offers", OpenByOfferAsync);
        dsp.MapGet("/negotiations/{pid}", ShowAsync);
        dsp.MapPost("/negotiations/{pid}/request", ReceiveAsync<ContractRequest>);
        dsp.MapPost("/negotiations/{pid}/offers", ReceiveAsync<ContractOffer>);
        dsp.MapPost("/negotiations/{pid}/agreement", ReceiveAsync<ContractAgreement>);
        dsp.MapPost("/negotiations/{pid}/agreement/verification", ReceiveAsync<AgreementVerified>);
        dsp.MapPost("/negotiations/{pid}/events", ReceiveAsync<NegotiationEvent>);
        dsp.MapPost("/negotiations/{pid}/termination", ReceiveAsync<NegotiationEnded>);
    }

    /// <summary>A consumer opens a negotiation about one of our offers.</summary>
    public static async Task<IResult> OpenAsync(
        PeerCall call, HttpRequest http, Database database, NegotiationSteps steps, GuardedHttp peers, Ids ids,
        Clock clock, CancellationToken cancel)
    {
        if ((await PeerMessage.ReadAsync<ContractRequest>(http, clock, cancel)).Refused(out var bad, out var request))
            return Refused(bad, null, null, ids);
        if (request.CallbackAddress is { } callback && peers.Permit(callback).Refused(out bad, out _))
            return Refused(bad, request.ConsumerPid, null, ids); // We would never call there.
        var decision = await database.WriteAsync(u => steps.OpenAsync(u, call, request, cancel), cancel);
        return decision.Refused(out var refusal, out var row)
            ? Refused(refusal, request.ConsumerPid, null, ids)
            : Status(row.Value, NegotiationState.Requested, StatusCodes.Status201Created);
    }

    /// <summary>A provider makes us an offer.</summary>
    public static async Task<IResult> OpenByOfferAsync(
        PeerCall call, HttpRequest http, Database database, NegotiationSteps steps, Ids ids, Clock clock,
        CancellationToken cancel)
    {
        if ((await PeerMessage.ReadAsync<ContractOffer>(http, clock, cancel)).Refused(out var bad, out var offer))
            return Refused(bad, null, null, ids);
        var decision = await database.WriteAsync(u => steps.OpenAsync(u, call, offer, cancel), cancel);
        return decision.Refused(out var refusal, out var row)
            ? Refused(refusal, null, offer.ProviderPid, ids)
            : Status(row.Value, NegotiationState.Offered, StatusCodes.Status201Created);
    }

    /// <summary>The state of a negotiation, for its two sides only.</summary>
    public static async Task<IResult> ShowAsync(
        PeerCall call, string pid, Database database, CancellationToken cancel) =>
        await database.ReadAsync(s => FindAsync(s, call, pid, cancel), cancel) is { } row
            ? Status(row.Value, row.Value.Process.State)
            : TypedResults.NotFound();

    /// <summary>A message about a negotiation that both sides know.</summary>
    public static async Task<IResult> ReceiveAsync<TMessage>(
        PeerCall call, string pid, HttpRequest http, Database database, NegotiationSteps steps, Ids ids, Clock clock,
        CancellationToken cancel)
        where TMessage : NegotiationMessage
    {
        if (await database.ReadAsync(s => FindAsync(s, call, pid, cancel), cancel) is not { } known)
            return TypedResults.NotFound(); // A stranger must not learn that the negotiation exists.
        var process = known.Value.Process;
        if ((await PeerMessage.ReadAsync<TMessage>(http, clock, cancel)).Refused(out var bad, out var message))
            return Refused(bad, process.ConsumerPid, process.ProviderPid, ids);
        var decision = await database.WriteAsync(u => steps.ReceiveAsync(u, call, pid, message, cancel), cancel);
        return decision.Refused(out var refusal, out var row)
            ? Refused(refusal, process.ConsumerPid, process.ProviderPid, ids)
            : Status(row.Value, row.Value.Process.State);
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
            refusal.Code == "too-large" ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest);
}
