using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Transfers;

namespace Millrace.Node.Transfers;

/// <summary>
/// Transfers for the management API: asking for access with a signed purpose, following and completing it.
/// </summary>
public static class TransferManagement
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapPost("/transfers", StartAsync);
        participant.MapGet("/transfers", ListAsync);
        participant.MapGet("/transfers/{pid}", ShowAsync);
        participant.MapPost("/transfers/{pid}/acts", ActAsync);
        participant.MapPost("/transfers/{pid}/completion", CompleteAsync);
    }

    /// <summary>
    /// Asks the provider for access under an agreement; a purpose is signed with the participant's key.
    /// </summary>
    public static async Task<IResult> StartAsync(
        string participant, HttpRequest http, Database database, PeerDirectory peers, ParticipantKeys keys,
        LocalParticipants locals, TransferSteps steps, Ids ids, Clock clock, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http, ApiJson.Wire.TransferDraft, cancel);
        var found = await database.ReadAsync(
            s => Tables.Agreements.FindAsync(s, participant, draft.Agreement, cancel), cancel);
        var provider = found is { Value: { Role: Role.Consumer } agreement } ? agreement.Peer : draft.Provider;
        if (provider is null)
            return Problems.NotFound("agreement");
        var where = draft.Address is { } given ? new PeerRecord(provider, given, null) : null;
        if ((where ?? await peers.FindAsync(participant, provider, cancel)).Refused(out var refusal, out var peer))
            return Problems.Refused(refusal, StatusCodes.Status502BadGateway);
        var consumer = Check.NotNull(await locals.FindAsync(participant, cancel));
        if (Purpose(draft).Refused(out refusal, out var purpose))
            return Problems.Refused(refusal, StatusCodes.Status400BadRequest);
        if (purpose != TransferSteps.NoPurpose)
        {
            purpose = purpose with
            {
                Statement = SignedPurpose.Issue(
                    await keys.SigningAsync(participant, cancel), consumer.Did, provider, draft.Agreement,
                    purpose.Purpose, purpose.Project, clock.Now, ids.New()),
            };
        }
        var row = await database.WriteAsync(
            u => steps.StartAsync(
                u, consumer, draft.Agreement, peer, purpose == TransferSteps.NoPurpose ? null : purpose, draft.Format,
                cancel),
            cancel);
        return TypedResults.Json(Shown(row.Value), ApiJson.Wire.Transfer, statusCode: StatusCodes.Status201Created);
    }

    public static async Task<IResult> ListAsync(string participant, Database database, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            s => Tables.Transfers.ListAsync(s, participant, "", Limits.Default.PageMax, cancel), cancel);
        return TypedResults.Json([.. rows.Select(r => Shown(r.Value))], ApiJson.Wire.IReadOnlyListTransfer);
    }

    /// <param name="wait">Seconds to wait, at most 60, for the transfer to start or to end.</param>
    public static async Task<IResult> ShowAsync(
        string participant, string pid, int? wait, Database database, Signal signal, Clock clock,
        CancellationToken cancel)
    {
        var row = await signal.WaitAsync(
            participant, pid,
            () => database.ReadAsync(s => Tables.Transfers.FindAsync(s, participant, pid, cancel), cancel),
            r => r is null || r.Value.Process.State != TransferState.Requested, clock.Limits.Wait(wait), cancel);
        return row is null
            ? Problems.NotFound("transfer")
            : TypedResults.Json(Shown(row.Value), ApiJson.Wire.Transfer);
    }

    /// <summary>A step that a person takes.</summary>
    public static async Task<IResult> ActAsync(
        string participant, string pid, HttpRequest http, Database database, TransferActs acts,
        CancellationToken cancel)
    {
        var act = await Body.ReadAsync(http, ApiJson.Wire.TransferAct, cancel);
        return await database.WriteAsync<IResult>(
            async unit =>
            {
                if (await Tables.Transfers.FindAsync(unit, participant, pid, cancel) is not { } row)
                    return Problems.NotFound("transfer");
                return (await acts.TakeAsync(unit, row, act, cancel)).Refused(out var refusal, out var next)
                    ? Problems.Refused(refusal, StatusCodes.Status409Conflict)
                    : TypedResults.Json(Shown(next.Value), ApiJson.Wire.Transfer);
            },
            cancel);
    }

    /// <summary>Says that all data has been had; the token is of no use afterwards.</summary>
    public static async Task<IResult> CompleteAsync(
        string participant, string pid, Database database, TransferMoves moves, Ids ids, CancellationToken cancel) =>
        await database.WriteAsync<IResult>(
            async unit =>
            {
                if (await Tables.Transfers.FindAsync(unit, participant, pid, cancel) is not { } row)
                    return Problems.NotFound("transfer");
                var process = row.Value.Process;
                if (process.State == TransferState.Completed)
                    return TypedResults.Json(Shown(row.Value), ApiJson.Wire.Transfer);
                var message = new TransferCompleted(
                    ids.NewUrn(), process.ConsumerPid ?? "", process.ProviderPid ?? "");
                return (await moves.SendAsync(unit, row, message, cancel)).Refused(out var refusal, out var sent)
                    ? Problems.Refused(refusal, StatusCodes.Status409Conflict)
                    : TypedResults.Json(Shown(sent.Value), ApiJson.Wire.Transfer);
            },
            cancel);

    /// <summary>The purpose as the taxonomy names it; its statement is not signed yet.</summary>
    private static Decision<PurposeRecord> Purpose(TransferDraft draft)
    {
        if (draft.Purpose is null)
            return TransferSteps.NoPurpose;
        if (Purposes.Resolve(draft.Purpose) is not { } purpose)
            return new Refusal(
                "unknown-purpose",
                $"The purpose must be one of {string.Join(", ", Purposes.All.Select(p => p.Name))}.");
        return string.IsNullOrWhiteSpace(draft.Project)
            ? new Refusal("no-project", "A purpose needs the project it belongs to.")
            : new PurposeRecord(purpose.Iri, draft.Project, "");
    }

    private static Api.Transfer Shown(TransferRecord t) => new(
        t.Process.OwnPid, t.Process.Role == Role.Consumer ? "consumer" : "provider", t.Process.Peer,
        t.Process.AgreementId, t.Process.State.ToString().ToUpperInvariant(), t.Endpoint, Refusal(t));

    private static RefusalInfo? Refusal(TransferRecord t) => (t.Refusal, t.Process.Ending) switch
    {
        ({ } r, _) => new RefusalInfo(r.Code, r.Reason, r.Rule),
        (null, { } e) => new RefusalInfo(e.Code ?? "terminated", string.Join(' ', e.Reasons)),
        _ => null,
    };
}
