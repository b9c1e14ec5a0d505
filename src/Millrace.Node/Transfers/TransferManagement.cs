using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
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
        string participant, HttpRequest http, TransferStarts starts, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http, ApiJson.Wire.TransferDraft, cancel);
        if ((await starts.LocateAsync(participant, draft, cancel)).Refused(out var refusal, out var provider))
        {
            return Problems.Refused(
                refusal,
                refusal.Code == "not-found" ? StatusCodes.Status404NotFound : StatusCodes.Status502BadGateway);
        }
        return (await starts.AskAsync(participant, provider, draft, cancel)).Refused(out refusal, out var asked)
            ? Problems.Refused(refusal, StatusCodes.Status400BadRequest)
            : TypedResults.Json(asked, ApiJson.Wire.Transfer, statusCode: StatusCodes.Status201Created);
    }

    /// <inheritdoc cref="NewestAsync"/>
    public static async Task<IResult> ListAsync(
        string participant, string? before, Database database, CancellationToken cancel) =>
        TypedResults.Json(
            await NewestAsync(participant, before, Limits.Default.PageMax, database, cancel),
            ApiJson.Wire.IReadOnlyListTransfer);

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
            : TypedResults.Json(
                await database.ReadAsync(s => TitledAsync(s, row, cancel), cancel), ApiJson.Wire.Transfer);
    }

    /// <summary>A step that a person takes.</summary>
    public static async Task<IResult> ActAsync(
        string participant, string pid, HttpRequest http, TransferActs acts, CancellationToken cancel)
    {
        var act = await Body.ReadAsync(http, ApiJson.Wire.TransferAct, cancel);
        return (await acts.RunAsync(participant, pid, act, cancel)).Refused(out var refusal, out var taken)
            ? Problems.Refused(refusal, refusal.Code == "not-found" ? 404 : 409)
            : TypedResults.Json(taken, ApiJson.Wire.Transfer);
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

    /// <summary>A page of the transfers, the newest first.</summary>
    /// <param name="before">The id of the last one that was seen; null: from the newest.</param>
    internal static Task<IReadOnlyList<Api.Transfer>> NewestAsync(
        string participant, string? before, int limit, Database database, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<Api.Transfer>>(
            async session =>
            {
                var rows = await Tables.Transfers.NewestAsync(session, participant, before, limit, cancel);
                string[] under = [.. rows.Select(r => r.Value.Process.AgreementId).Distinct()];
                var titles = (await Tables.Agreements.ListAsync(session, participant, under, cancel))
                    .ToDictionary(a => a.Id, a => a.Value.Title);
                return
                [
                    .. rows.Select(r => Shown(r.Value) with
                    {
                        Title = titles.GetValueOrDefault(r.Value.Process.AgreementId),
                    }),
                ];
            },
            cancel);

    internal static Task<Api.Transfer?> ReadAsync(
        string participant, string pid, Database database, CancellationToken cancel) =>
        database.ReadAsync(
            async session => await Tables.Transfers.FindAsync(session, participant, pid, cancel) is { } row
                ? await TitledAsync(session, row, cancel)
                : null,
            cancel);

    private static async Task<Api.Transfer> TitledAsync(
        Session session, Stored<TransferRecord> row, CancellationToken cancel)
    {
        var agreement = await Tables.Agreements.FindAsync(
            session, row.Participant, row.Value.Process.AgreementId, cancel);
        return Shown(row.Value) with { Title = agreement?.Value.Title };
    }

    internal static Api.Transfer Shown(TransferRecord t) => new(
        t.Process.OwnPid, t.Process.Role.Name(), t.Process.Peer,
        t.Process.AgreementId, t.Process.State.ToString().ToUpperInvariant(), t.Endpoint,
        t.Refusal is { } r
            ? new RefusalInfo(r.Code, r.Reason, r.Rule, t.Process.Ending?.By.Name())
            : Notice(t.Process.Ending, "terminated"),
        Notice(t.Process.Suspension, "suspended"), t.CreatedAt, t.UpdatedAt, t.Purpose?.Purpose, t.Purpose?.Project,
        TransferActs.Open(t.Process), t.Flight);

    private static RefusalInfo? Notice(Notice? notice, string code) =>
        notice is null
            ? null
            : new RefusalInfo(notice.Code ?? code, string.Join(' ', notice.Reasons), By: notice.By.Name());
}
