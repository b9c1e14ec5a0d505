using System.Text.Json.Nodes;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>A refresh of a product.</summary>
/// <param name="Claim">The id under which it was claimed; null: a person asked for it, and no turn is taken.</param>
public sealed record RefreshTurn(string Participant, string Product, string? Claim);

/// <summary>
/// Whose turn it is to be refreshed by the clock. A turn is claimed in the database, so that of several nodes one runs
/// it; a claim that is not renewed is void, so that a turn that a crash cut off is run again.
/// </summary>
public sealed class RefreshTurns(Database database, EvidenceLog evidence, Ids ids, Clock clock)
{
    private const int CandidatesMax = 16;

    /// <summary>Sets when a product is refreshed. A turn that runs meanwhile publishes nothing.</summary>
    /// <param name="schedule">Null: never.</param>
    public async Task SetAsync(
        Unit unit, string participant, string product, RefreshSchedule? schedule, CancellationToken cancel)
    {
        var found = await Tables.Refreshes.FindAsync(unit, participant, product, cancel);
        var next = new RefreshRecord(schedule, schedule is null ? null : Timetable.Next(schedule, clock.Now))
        {
            Last = found?.Value.Last,
        };
        await Tables.Refreshes.SaveAsync(unit, found?.With(next) ?? new(participant, product, 0, next), cancel);
        var entry = new JsonObject
        {
            ["product"] = product,
            ["every"] = schedule?.Every is { } every ? Timetable.Text(every) : null,
            ["at"] = Timetable.Text(schedule?.At),
            ["zone"] = schedule?.Zone,
        };
        await evidence.AddAsync(unit, participant, EntryType.RefreshScheduled, entry, cancel);
    }

    /// <summary>Claims the turn that has waited longest, or none: null.</summary>
    public async Task<RefreshTurn?> TakeAsync(CancellationToken cancel)
    {
        var due = await database.ReadAsync(
            s => s.QueryAsync(
                "SELECT participant, id FROM refresh WHERE due <= @now ORDER BY due LIMIT @limit",
                [("now", RefreshRecord.Key(clock.Now)), ("limit", CandidatesMax)],
                row => (Participant: row.GetString(0), Id: row.GetString(1)), cancel),
            cancel);
        foreach (var (participant, id) in due)
        {
            var turn = await database.WriteAsync(
                async unit =>
                {
                    if (await Tables.Refreshes.FindAsync(unit, participant, id, cancel) is not { } row
                        || !(row.Value.Due <= clock.Now))
                    {
                        return null; // Another one took it.
                    }
                    var claim = ids.New();
                    var claimed = row.Value with { Claim = claim, ClaimedUntil = Until };
                    await Tables.Refreshes.SaveAsync(unit, row.With(claimed), cancel);
                    return new RefreshTurn(participant, id, claim);
                },
                cancel);
            if (turn is not null)
                return turn;
        }
        return null;
    }

    /// <returns>Whether the claim still holds.</returns>
    public Task<bool> RenewAsync(RefreshTurn turn, CancellationToken cancel) => database.WriteAsync(
        async unit =>
        {
            if (await FindAsync(unit, turn, cancel) is not { } row)
                return false;
            await Tables.Refreshes.SaveAsync(unit, row.With(row.Value with { ClaimedUntil = Until }), cancel);
            return true;
        },
        cancel);

    /// <summary>Ends a turn that went well.</summary>
    /// <returns>A refusal if the claim was lost: what came of the turn must not be saved.</returns>
    public async Task<Refusal?> SucceedAsync(
        Unit unit, RefreshTurn turn, int version, bool isNew, CancellationToken cancel)
    {
        if (await FindAsync(unit, turn, cancel) is not { Value: var before } row)
            return turn.Claim is null
                ? null
                : new Refusal("overtaken", "The schedule was changed, or another node took over, meanwhile.");
        var after = Released(before, turn) with
        {
            Next = before.Schedule is { } schedule ? Timetable.Next(schedule, clock.Now) : null,
            Last = new RefreshOutcome(clock.Now, version, isNew),
            Failures = 0,
        };
        await Tables.Refreshes.SaveAsync(unit, row.With(after), cancel);
        if (before.Failures > 0)
            await evidence.AddAsync(
                unit, turn.Participant, EntryType.RefreshRecovered,
                new JsonObject { ["product"] = turn.Product, ["failures"] = before.Failures }, cancel);
        return null;
    }

    /// <summary>Ends a turn that failed; the log is told only of what is new.</summary>
    /// <param name="mayHeal">Whether time alone may mend it.</param>
    public Task FailAsync(RefreshTurn turn, Refusal why, bool mayHeal, CancellationToken cancel) => database.WriteAsync(
        async unit =>
        {
            if (await FindAsync(unit, turn, cancel) is not { Value: { Schedule: { } schedule } before } row)
                return;
            var after = Released(before, turn) with
            {
                Next = Timetable.Again(schedule, before.Failures + 1, mayHeal, clock.Now, clock.Limits),
                Last = new RefreshOutcome(clock.Now, before.Last?.Version, Code: why.Code, Reason: why.Reason),
                Failures = before.Failures + 1,
            };
            await Tables.Refreshes.SaveAsync(unit, row.With(after), cancel);
            if (before.Last?.Code != why.Code)
                await evidence.AddAsync(
                    unit, turn.Participant, EntryType.RefreshFailing,
                    new JsonObject { ["product"] = turn.Product, ["code"] = why.Code }, cancel);
        },
        cancel);

    private DateTimeOffset Until => clock.Now + clock.Limits.RefreshSilenceMax;

    private static RefreshRecord Released(RefreshRecord record, RefreshTurn turn) =>
        turn.Claim is null ? record : record with { Claim = null, ClaimedUntil = null };

    /// <summary>The row, if the turn still holds its claim on it.</summary>
    private static async Task<Stored<RefreshRecord>?> FindAsync(
        Session session, RefreshTurn turn, CancellationToken cancel) =>
        await Tables.Refreshes.FindAsync(session, turn.Participant, turn.Product, cancel) is { } row
        && (turn.Claim is null || row.Value.Claim == turn.Claim)
            ? row
            : null;
}
