using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Negotiations;

/// <summary>Negotiations for the management API: asking for an offer, and following what becomes of it.</summary>
public static class NegotiationManagement
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapPost("/negotiations", StartAsync);
        participant.MapPost("/negotiations/offers", OfferAsync);
        participant.MapGet("/negotiations", ListAsync);
        participant.MapGet("/negotiations/{pid}/rounds", RoundsAsync);
        participant.MapPost("/negotiations/{pid}/acts", ActAsync);
        participant.MapGet("/negotiations/{pid}", ShowAsync);
    }

    /// <summary>Asks a provider for one of its offers, as its catalogue shows it now.</summary>
    public static async Task<IResult> StartAsync(
        string participant, HttpRequest http, Database database, PeerDirectory peers, PeerClient client,
        LocalParticipants locals, NegotiationSteps steps, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http, ApiJson.Wire.NegotiationDraft, cancel);
        var found = draft.Address is { } given
            ? new PeerRecord(draft.Provider, given, null)
            : await peers.FindAsync(participant, draft.Provider, cancel);
        if (found.Refused(out var refusal, out var peer))
            return Problems.Refused(refusal, StatusCodes.Status502BadGateway);
        if ((await TermsAsync(draft, participant, peer, client, cancel)).Refused(out refusal, out var asked))
        {
            return Problems.Refused(refusal, refusal.Code switch
            {
                "unknown-offer" => StatusCodes.Status404NotFound,
                MessageAnswer.Unreachable or "bad-answer" => StatusCodes.Status502BadGateway,
                _ => StatusCodes.Status422UnprocessableEntity,
            });
        }
        var consumer = Check.NotNull(await locals.FindAsync(participant, cancel));
        var decision = await database.WriteAsync(
            u => steps.StartAsync(
                u, consumer, peer.Did, peer.Base, asked.Offer, draft.Dataset, asked.Title, draft.Manual,
                draft.Acceptance, cancel),
            cancel);
        return decision.Refused(out refusal, out var row)
            ? Problems.Refused(refusal)
            : TypedResults.Json(
                Shown(row.Value), ApiJson.Wire.Negotiation, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Makes a consumer one of our offers, or other terms under its id.</summary>
    public static async Task<IResult> OfferAsync(
        string participant, HttpRequest http, Database database, PeerDirectory peers, LocalParticipants locals,
        NegotiationSteps steps, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http, ApiJson.Wire.OfferToDraft, cancel);
        var found = draft.Address is { } given
            ? new PeerRecord(draft.Consumer, given, null)
            : await peers.FindAsync(participant, draft.Consumer, cancel);
        if (found.Refused(out var refusal, out var peer))
            return Problems.Refused(refusal, StatusCodes.Status502BadGateway);
        var product = await database.ReadAsync(
            s => Tables.Products.FindAsync(s, participant, draft.Dataset, cancel), cancel);
        if (product?.Value.Offers.FirstOrDefault(o => o.Policy.Id == draft.Offer) is not { } offer)
            return Problems.NotFound("offer");
        var terms = offer.Policy;
        if (draft.Policy is { } other && OfferDrafts.Read(other).Refused(out refusal, out terms))
            return Problems.Refused(refusal, StatusCodes.Status400BadRequest);
        terms = terms with { Id = offer.Policy.Id, Assigner = offer.Policy.Assigner };
        var provider = Check.NotNull(await locals.FindAsync(participant, cancel));
        var decision = await database.WriteAsync(
            u => steps.OfferAsync(u, provider, peer.Did, peer.Base, terms, draft.Dataset, cancel), cancel);
        return decision.Refused(out refusal, out var row)
            ? Problems.Refused(refusal)
            : TypedResults.Json(
                Shown(row.Value), ApiJson.Wire.Negotiation, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>A step that a person takes.</summary>
    public static async Task<IResult> ActAsync(
        string participant, string pid, HttpRequest http, Database database, NegotiationActs acts,
        CancellationToken cancel)
    {
        var act = await Body.ReadAsync(http, ApiJson.Wire.NegotiationAct, cancel);
        return await database.WriteAsync<IResult>(
            async unit =>
            {
                if (await Tables.Negotiations.FindAsync(unit, participant, pid, cancel) is not { } row)
                    return Problems.NotFound("negotiation");
                return (await acts.TakeAsync(unit, row, act, cancel)).Refused(out var refusal, out var next)
                    ? Problems.Refused(refusal, StatusCodes.Status409Conflict)
                    : TypedResults.Json(Shown(next.Value), ApiJson.Wire.Negotiation);
            },
            cancel);
    }

    /// <summary>What lay on the table, round by round, with what each round changed.</summary>
    public static async Task<IResult> RoundsAsync(
        string participant, string pid, Database database, CancellationToken cancel) =>
        await database.ReadAsync(s => Tables.Negotiations.FindAsync(s, participant, pid, cancel), cancel) is { } row
            ? TypedResults.Json(NegotiationRounds.Of(row.Value.Process), ApiJson.Wire.IReadOnlyListNegotiationRound)
            : Problems.NotFound("negotiation");

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
            participant, pid,
            () => database.ReadAsync(s => Tables.Negotiations.FindAsync(s, participant, pid, cancel), cancel),
            r => r is null or { Value.Process.IsFinal: true }, clock.Limits.Wait(wait), cancel);
        return row is null
            ? Problems.NotFound("negotiation")
            : TypedResults.Json(Shown(row.Value), ApiJson.Wire.Negotiation);
    }

    /// <summary>The terms to ask for: those given, else the offer as the provider's catalogue shows it now.</summary>
    private static async Task<Decision<Asked>> TermsAsync(
        NegotiationDraft draft, string participant, PeerRecord peer, PeerClient client, CancellationToken cancel)
    {
        Policy? given = null;
        if (draft.Policy is { } json && OfferDrafts.Read(json).Refused(out var refusal, out given))
            return refusal;
        if (given is not null)
            return new Asked(given with { Id = draft.Offer, Assigner = given.Assigner ?? peer.Did }, null);
        if ((await client.DatasetAsync(participant, peer, draft.Dataset, cancel)).Refused(out refusal, out var dataset))
            return refusal;
        return dataset.Offers.FirstOrDefault(o => o.Id == draft.Offer) is { } offer
            ? new Asked(offer, dataset.Title)
            : new Refusal("unknown-offer", "The provider has no such offer for this data set.");
    }

    private static Api.Negotiation Shown(NegotiationRecord n) => new(
        n.Process.OwnPid, n.Process.Role == Role.Consumer ? "consumer" : "provider", n.Process.Peer,
        n.Process.State.ToString().ToUpperInvariant(), n.Process.LastOffer.Offer.Id, n.Dataset,
        n.CreatedAt, n.UpdatedAt,
        n.Process.State == NegotiationState.Finalized ? n.Process.Agreement?.Id : null, Refusal(n), n.Manual,
        NegotiationActs.Open(n.Process));

    private static RefusalInfo? Refusal(NegotiationRecord n) => (n.Refusal, n.Process.Ending) switch
    {
        ({ } r, _) => new RefusalInfo(r.Code, r.Reason, r.Rule),
        (null, { } e) => new RefusalInfo(e.Code ?? "terminated", string.Join(' ', e.Reasons)),
        _ => null,
    };

    /// <param name="Title">Of the product; null where no catalogue was asked.</param>
    private sealed record Asked(Policy Offer, string? Title);
}
