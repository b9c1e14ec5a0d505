using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;

namespace Millrace.Node.Negotiations;

/// <summary>Negotiations for the management API: asking for an offer, and following what becomes of it.</summary>
public static class NegotiationManagement
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapPost("/negotiations", StartAsync);
        participant.MapGet("/negotiations", ListAsync);
        participant.MapGet("/negotiations/{pid}", ShowAsync);
    }

    /// <summary>Asks a provider for one of its offers, as its catalogue shows it now.</summary>
    public static async Task<IResult> StartAsync(
        string participant, HttpRequest http, Database database, PeerDirectory peers, PeerClient client,
        LocalParticipants locals, NegotiationSteps steps, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http, ApiJson.Wire.NegotiationDraft, cancel);
        if ((await peers.FindAsync(participant, draft.Provider, cancel)).Refused(out var refusal, out var peer))
            return Problems.Refused(refusal, StatusCodes.Status502BadGateway);
        if ((await client.DatasetAsync(participant, peer, draft.Dataset, cancel)).Refused(out refusal, out var dataset))
        {
            var answered = refusal.Code is not (MessageAnswer.Unreachable or "bad-answer");
            return Problems.Refused(refusal, answered ? 422 : StatusCodes.Status502BadGateway);
        }
        if (dataset.Offers.FirstOrDefault(o => o.Id == draft.Offer) is not { } offer)
            return Problems.Result(404, "unknown-offer", "The provider has no such offer for this data set.");
        var consumer = Check.NotNull(await locals.FindAsync(participant, cancel));
        var decision = await database.WriteAsync(
            u => steps.StartAsync(u, consumer, peer.Did, peer.Base, offer, dataset.Id, cancel), cancel);
        return decision.Refused(out refusal, out var row)
            ? Problems.Refused(refusal)
            : TypedResults.Json(
                Shown(row.Value), ApiJson.Wire.Negotiation, statusCode: StatusCodes.Status201Created);
    }

    public static async Task<IResult> ListAsync(string participant, Database database, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            s => Tables.Negotiations.ListAsync(s, participant, "", Limits.Default.PageMax, cancel), cancel);
        return TypedResults.Json([.. rows.Select(r => Shown(r.Value))], ApiJson.Wire.IReadOnlyListNegotiation);
    }

    /// <param name="wait">Seconds to wait, at most 60, for the negotiation to end.</param>
    public static async Task<IResult> ShowAsync(
        string participant, string pid, int? wait, Database database, Signal signal, Clock clock,
        CancellationToken cancel)
    {
        var row = await signal.WaitAsync(
            () => database.ReadAsync(s => Tables.Negotiations.FindAsync(s, participant, pid, cancel), cancel),
            r => r is null or { Value.Process.IsFinal: true }, clock.Limits.Wait(wait), cancel);
        return row is null
            ? Problems.NotFound("negotiation")
            : TypedResults.Json(Shown(row.Value), ApiJson.Wire.Negotiation);
    }

    private static Api.Negotiation Shown(NegotiationRecord n) => new(
        n.Process.OwnPid, n.Process.Role == Role.Consumer ? "consumer" : "provider", n.Process.Peer,
        n.Process.State.ToString().ToUpperInvariant(), n.Process.LastOffer.Offer.Id, n.Dataset,
        n.CreatedAt, n.UpdatedAt,
        n.Process.State == NegotiationState.Finalized ? n.Process.Agreement?.Id : null, Refusal(n));

    private static RefusalInfo? Refusal(NegotiationRecord n) => (n.Refusal, n.Process.Ending) switch
    {
        ({ } r, _) => new RefusalInfo(r.Code, r.Reason, r.Rule),
        (null, { } e) => new RefusalInfo(e.Code ?? "terminated", string.Join(' ', e.Reasons)),
        _ => null,
    };
}
