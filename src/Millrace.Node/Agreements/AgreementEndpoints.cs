using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Agreements;

/// <summary>
/// What follows from a withdrawal in the same unit of work: the transfers of the agreement end, their peers are told.
/// </summary>
public delegate Task AgreementEnding(
    Unit unit, string participant, AgreementRecord agreement, CancellationToken cancel);

/// <summary>Agreements of a participant, on either side, and their withdrawal by the provider.</summary>
public static class AgreementEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/agreements", ListAsync);
        participant.MapGet("/agreements/{id}", ShowAsync);
        participant.MapPost("/agreements/{id}/withdrawal", WithdrawAsync);
    }

    public static async Task<IResult> ListAsync(string participant, Database database, CancellationToken cancel)
    {
        var agreements = await database.ReadAsync(
            async session =>
            {
                var shown = new List<Agreement>();
                foreach (var row in await Tables.Agreements.ListAsync(
                    session, participant, "", Limits.Default.PageMax, cancel))
                {
                    shown.Add(await ShownAsync(session, row, cancel));
                }
                return shown;
            },
            cancel);
        return TypedResults.Json(agreements, ApiJson.Wire.IReadOnlyListAgreement);
    }

    public static Task<IResult> ShowAsync(string participant, string id, Database database, CancellationToken cancel) =>
        database.ReadAsync<IResult>(
            async session => await Tables.Agreements.FindAsync(session, participant, id, cancel) is { } found
                ? TypedResults.Json(await ShownAsync(session, found, cancel), ApiJson.Wire.Agreement)
                : Problems.NotFound("agreement"),
            cancel);

    /// <summary>
    /// Ends an agreement on a ground: from the commit on, every read is refused; open streams end within a second.
    /// </summary>
    public static async Task<IResult> WithdrawAsync(
        string participant, string id, HttpRequest request, Database database, EvidenceLog evidence, Clock clock,
        IEnumerable<AgreementEnding> endings, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.WithdrawalDraft, cancel);
        if (!WithdrawalDraft.Grounds.Contains(draft.Ground))
            return Problems.Result(
                400, "bad-ground", $"A withdrawal needs a ground: one of {string.Join(", ", WithdrawalDraft.Grounds)}.");
        return await database.WriteAsync<IResult>(
            async unit =>
            {
                if (await Tables.Agreements.FindAsync(unit, participant, id, cancel) is not { } found)
                    return Problems.NotFound("agreement");
                if (found.Value.Role != Role.Provider)
                    return Problems.Result(409, "not-provider", "Only the provider of an agreement can withdraw it.");
                if (found.Value.Withdrawal is not null)
                    return Problems.Result(409, "withdrawn", "This agreement has been withdrawn already.");
                var withdrawn = found.With(found.Value with
                {
                    Withdrawal = new WithdrawalRecord(draft.Ground, draft.Note, clock.Now),
                });
                await Tables.Agreements.SaveAsync(unit, withdrawn, cancel);
                await evidence.AddAsync(
                    unit, participant, EntryType.AgreementWithdrawn,
                    new JsonObject { ["agreement"] = id, ["ground"] = draft.Ground, ["note"] = draft.Note }, cancel);
                foreach (var ending in endings)
                    await ending(unit, participant, withdrawn.Value, cancel);
                return TypedResults.Json(await ShownAsync(unit, withdrawn, cancel), ApiJson.Wire.Agreement);
            },
            cancel);
    }

    private static async Task<Agreement> ShownAsync(
        Session session, Stored<AgreementRecord> row, CancellationToken cancel)
    {
        var usage = await Tables.Usage.FindAsync(session, row.Participant, row.Id, cancel);
        var (agreement, used) = (row.Value, usage?.Value ?? UsageRecord.None);
        return new Agreement(
            agreement.Id, agreement.Role == Role.Consumer ? "consumer" : "provider", agreement.Peer, agreement.Product,
            agreement.Title, agreement.AgreedAt, agreement.Withdrawal is null ? "active" : "withdrawn",
            Shown.Policy(agreement.Policy), Shown.Terms(agreement.Policy), used.Reads, used.Rows, used.Bytes,
            agreement.Withdrawal is { } w ? new Withdrawal(w.Ground, w.At) : null);
    }
}
