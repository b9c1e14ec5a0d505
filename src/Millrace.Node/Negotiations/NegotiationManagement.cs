using Millrace.Node.Api;
using Millrace.Node.Hosting;
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
        participant.MapPost("/negotiations/offers", OfferAsync);
        participant.MapGet("/negotiations", ListAsync);
        participant.MapGet("/negotiations/{pid}/rounds", RoundsAsync);
        participant.MapPost("/negotiations/{pid}/acts", ActAsync);
        participant.MapGet("/negotiations/{pid}", ShowAsync);
    }

    /// <summary>Asks a provider for one of its offers, as its catalogue shows it now.</summary>
    public static async Task<IResult> StartAsync(
        string participant, HttpRequest http, NegotiationStarts starts, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http, ApiJson.Wire.NegotiationDraft, cancel);
        if ((await starts.LocateAsync(participant, draft.Provider, draft.Address, cancel))
            .Refused(out var refusal, out var peer))
        {
            return Problems.Refused(refusal, StatusCodes.Status502BadGateway);
        }
        return (await starts.AskAsync(participant, peer, draft, cancel)).Refused(out refusal, out var opened)
            ? Problems.Refused(refusal, refusal.Code switch
            {
                "unknown-offer" => StatusCodes.Status404NotFound,
                MessageAnswer.Unreachable or "bad-answer" => StatusCodes.Status502BadGateway,
                _ => StatusCodes.Status422UnprocessableEntity,
            })
            : TypedResults.Json(opened, ApiJson.Wire.Negotiation, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Makes a consumer one of our offers, or other terms under its id.</summary>
    public static async Task<IResult> OfferAsync(
        string participant, HttpRequest http, NegotiationStarts starts, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http, ApiJson.Wire.OfferToDraft, cancel);
        if ((await starts.LocateAsync(participant, draft.Consumer, draft.Address, cancel))
            .Refused(out var refusal, out var peer))
        {
            return Problems.Refused(refusal, StatusCodes.Status502BadGateway);
        }
        return (await starts.OfferAsync(participant, peer, draft, cancel)).Refused(out refusal, out var opened)
            ? Problems.Refused(refusal, refusal.Code switch
            {
                "not-found" => StatusCodes.Status404NotFound,
                "bad-policy" => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status422UnprocessableEntity,
            })
            : TypedResults.Json(opened, ApiJson.Wire.Negotiation, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>A step that a person takes.</summary>
    public static async Task<IResult> ActAsync(
        string participant, string pid, HttpRequest http, NegotiationActs acts, CancellationToken cancel)
    {
        var act = await Body.ReadAsync(http, ApiJson.Wire.NegotiationAct, cancel);
        return (await acts.RunAsync(participant, pid, act, cancel)).Refused(out var refusal, out var taken)
            ? Problems.Refused(refusal, refusal.Code == "not-found" ? 404 : 409)
            : TypedResults.Json(taken, ApiJson.Wire.Negotiation);
    }

    /// <summary>What lay on the table, round by round, with what each round changed.</summary>
    public static async Task<IResult> RoundsAsync(
        string participant, string pid, Database database, CancellationToken cancel) =>
        await FindAsync(participant, pid, database, cancel) is { } found
            ? TypedResults.Json(NegotiationRounds.Of(found), ApiJson.Wire.IReadOnlyListNegotiationRound)
            : Problems.NotFound("negotiation");

    /// <summary>
    /// A page of the negotiations, the newest first; before the first page stand those that wait for us.
    /// </summary>
    /// <param name="before">The id of the last one that was seen; null: the first page.</param>
    public static async Task<IResult> ListAsync(
        string participant, string? before, Database database, CancellationToken cancel)
    {
        IReadOnlyList<Api.Negotiation> waiting = before is null
            ? await WaitingAsync(participant, Limits.Default.PageMax, database, cancel)
            : [];
        var newest = await NewestAsync(participant, before, Limits.Default.PageMax, database, cancel);
        return TypedResults.Json(
            [.. waiting.ExceptBy(newest.Select(n => n.Id), n => n.Id), .. newest],
            ApiJson.Wire.IReadOnlyListNegotiation);
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
            : TypedResults.Json(
                await TitledAsync(participant, row.Value, database, cancel), ApiJson.Wire.Negotiation);
    }

    /// <summary>A page of the negotiations, the newest first.</summary>
    /// <param name="before">The id of the last one that was seen; null: from the newest.</param>
    internal static Task<IReadOnlyList<Api.Negotiation>> NewestAsync(
        string participant, string? before, int limit, Database database, CancellationToken cancel) =>
        database.ReadAsync(
            async s =>
            {
                var rows = await Tables.Negotiations.NewestAsync(s, participant, before, limit, cancel);
                return await ProductTitles.AddAsync(s, participant, [.. rows.Select(r => r.Value)], cancel);
            },
            cancel);

    /// <summary>The queue: what stands still until a person of ours takes a step, the oldest first.</summary>
    internal static Task<IReadOnlyList<Api.Negotiation>> WaitingAsync(
        string participant, int limit, Database database, CancellationToken cancel) =>
        database.ReadAsync(
            async s =>
            {
                var rows = await Tables.Negotiations.ListByAsync(s, participant, "waits", "yes", limit, cancel);
                return await ProductTitles.AddAsync(s, participant, [.. rows.Select(r => r.Value)], cancel);
            },
            cancel);

    /// <summary>One negotiation, with what its product is called.</summary>
    internal static async Task<Api.Negotiation> TitledAsync(
        string participant, NegotiationRecord found, Database database, CancellationToken cancel) =>
        (await database.ReadAsync(s => ProductTitles.AddAsync(s, participant, [found], cancel), cancel))[0];

    /// <summary>The length of the whole queue.</summary>
    internal static Task<long> CountWaitingAsync(string participant, Database database, CancellationToken cancel) =>
        database.ReadAsync(s => Tables.Negotiations.CountByAsync(s, participant, "waits", "yes", cancel), cancel);

    internal static async Task<NegotiationRecord?> FindAsync(
        string participant, string pid, Database database, CancellationToken cancel) =>
        (await database.ReadAsync(s => Tables.Negotiations.FindAsync(s, participant, pid, cancel), cancel))?.Value;

    internal static Api.Negotiation Shown(NegotiationRecord n) => new(
        n.Process.OwnPid, n.Process.Role.Name(), n.Process.Peer, n.Process.State.ToString().ToUpperInvariant(),
        n.Process.LastOffer.Offer.Id, n.Dataset, n.CreatedAt, n.UpdatedAt,
        n.Process.State == NegotiationState.Finalized ? n.Process.Agreement?.Id : null, Refusal(n), n.Manual,
        NegotiationActs.Open(n.Process), n.Waits, n.Process.Turn?.Name());

    private static RefusalInfo? Refusal(NegotiationRecord n) => (n.Refusal, n.Process.Ending) switch
    {
        ({ } r, _) => new RefusalInfo(r.Code, r.Reason, r.Rule, n.Process.Ending?.By.Name()),
        (null, { } e) => new RefusalInfo(e.Code ?? "terminated", string.Join(' ', e.Reasons), By: e.By.Name()),
        _ => null,
    };
}
