using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Agreements;

/// <summary>Agreements of a participant, on either side, and their withdrawal by the provider.</summary>
public static class AgreementEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/agreements", ListAsync);
        participant.MapGet("/agreements/{id}", ShowAsync);
        participant.MapPost("/agreements/{id}/withdrawal", WithdrawAsync);
        participant.MapPost("/agreements/{id}/duties", DoneAsync);
    }

    /// <inheritdoc cref="NewestAsync"/>
    public static async Task<IResult> ListAsync(
        string participant, string? before, Database database, Clock clock, CancellationToken cancel) =>
        TypedResults.Json(
            await NewestAsync(participant, before, Limits.Default.PageMax, database, clock, cancel),
            ApiJson.Wire.IReadOnlyListAgreement);

    public static async Task<IResult> ShowAsync(
        string participant, string id, Database database, Clock clock, CancellationToken cancel) =>
        await ReadAsync(participant, id, database, clock, cancel) is { } agreement
            ? TypedResults.Json(agreement, ApiJson.Wire.Agreement)
            : Problems.NotFound("agreement");

    /// <summary>
    /// Ends an agreement on a ground: from the commit on, every read is refused; open streams end within a second.
    /// </summary>
    public static async Task<IResult> WithdrawAsync(
        string participant, string id, HttpRequest request, AgreementWithdrawal withdrawal, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.WithdrawalDraft, cancel);
        return (await withdrawal.RunAsync(participant, id, draft, cancel)).Refused(out var refusal, out var agreement)
            ? Problems.Refused(refusal, refusal.Code switch { "bad-ground" => 400, "not-found" => 404, _ => 409 })
            : TypedResults.Json(agreement, ApiJson.Wire.Agreement);
    }

    /// <summary>
    /// Records, as provider, that a precondition is met: what waited for it alone may be read from now on.
    /// </summary>
    public static async Task<IResult> DoneAsync(
        string participant, string id, HttpRequest request, AgreementDuties duties, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.DutyDraft, cancel);
        return (await duties.DoneAsync(participant, id, draft, cancel)).Refused(out var refusal, out var agreement)
            ? Problems.Refused(refusal, refusal.Code switch { "no-such-duty" => 400, "not-found" => 404, _ => 409 })
            : TypedResults.Json(agreement, ApiJson.Wire.Agreement);
    }

    /// <summary>A page of the agreements, the newest first.</summary>
    /// <param name="before">The id of the last one that was seen; null: from the newest.</param>
    public static Task<IReadOnlyList<Agreement>> NewestAsync(
        string participant, string? before, int limit, Database database, Clock clock, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<Agreement>>(
            async session =>
            {
                var rows = await Tables.Agreements.NewestByAsync(
                    session, participant, "agreed", before, limit, cancel);
                var used = (await Tables.Usage.ListAsync(session, participant, [.. rows.Select(r => r.Id)], cancel))
                    .ToDictionary(u => u.Id, u => u.Value);
                return [.. rows.Select(r => Present(r.Value, used.GetValueOrDefault(r.Id), clock.Now))];
            },
            cancel);

    /// <summary>One agreement with what was used under it, or null.</summary>
    public static Task<Agreement?> ReadAsync(
        string participant, string id, Database database, Clock clock, CancellationToken cancel) =>
        database.ReadAsync(
            async session => await Tables.Agreements.FindAsync(session, participant, id, cancel) is { } found
                ? await ShownAsync(session, found, clock, cancel)
                : null,
            cancel);

    internal static async Task<Agreement> ShownAsync(
        Session session, Stored<AgreementRecord> row, Clock clock, CancellationToken cancel)
    {
        var usage = await Tables.Usage.FindAsync(session, row.Participant, row.Id, cancel);
        return Present(row.Value, usage?.Value, clock.Now);
    }

    /// <param name="usage">Null: nothing was used yet.</param>
    private static Agreement Present(AgreementRecord agreement, UsageRecord? usage, DateTimeOffset now)
    {
        var used = usage ?? UsageRecord.None;
        var end = PolicyEnd.Of(agreement.Policy, agreement.AgreedAt);
        var state = agreement.Withdrawal is not null ? "withdrawn" : end <= now ? "expired" : "active";
        return new Agreement(
            agreement.Id, agreement.Role.Name(), agreement.Peer, agreement.Product,
            agreement.Title, agreement.AgreedAt, state,
            Shown.Policy(agreement.Policy), Shown.Terms(agreement.Policy, agreement.MasksBesides),
            used.Reads, used.Rows, used.Bytes,
            agreement.Withdrawal is { } w ? new Withdrawal(w.At, w.Ground, w.Note) : null,
            agreement.Duties is { } duties ? [.. duties.Select(d => new DutyDone(d.Path, d.Note, d.At))] : null,
            (agreement.Query?.Signature ?? agreement.Signature) is { } query ? Shown.Query(query) : null,
            // What may be read until a moment, that moment included, ends a tick later, which nobody wants to see.
            end?.AddTicks(-(end.Value.Ticks % TimeSpan.TicksPerMillisecond)));
    }
}
