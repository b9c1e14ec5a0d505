using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Agreements;

/// <summary>Preconditions of agreements: that they are met is what the provider records, and answers for.</summary>
public sealed class AgreementDuties(Database database, EvidenceLog evidence, Clock clock)
{
    /// <returns>
    /// The agreement, or a refusal: <c>not-found</c>, <c>not-provider</c>, <c>no-such-duty</c>, <c>done-already</c>.
    /// </returns>
    public Task<Decision<Agreement>> DoneAsync(
        string participant, string id, DutyDraft draft, CancellationToken cancel) =>
        database.WriteAsync<Decision<Agreement>>(
            async unit =>
            {
                if (await Tables.Agreements.FindAsync(unit, participant, id, cancel) is not { } found)
                    return new Refusal("not-found", "There is no agreement of that name here.");
                if (found.Value.Role != Role.Provider)
                    return new Refusal("not-provider", "Only the provider finds a precondition met.");
                if (!DutyPaths.Of(found.Value.Policy).Contains(draft.Duty))
                    return new Refusal(
                        "no-such-duty",
                        $"The agreement has these: {string.Join(", ", DutyPaths.Of(found.Value.Policy))}.");
                if (found.Value.DutiesDone.Contains(draft.Duty))
                    return new Refusal("done-already", "That was recorded before.");
                var done = new DutyRecord(draft.Duty, draft.Note, clock.Now);
                found = await Tables.Agreements.SaveAsync(
                    unit, found.With(found.Value with { Duties = [.. found.Value.Duties ?? [], done] }), cancel);
                await evidence.AddAsync(
                    unit, participant, EntryType.DutyDone,
                    new JsonObject { ["agreement"] = id, ["duty"] = draft.Duty, ["note"] = draft.Note }, cancel);
                return await AgreementEndpoints.ShownAsync(unit, found, clock, cancel);
            },
            cancel);
}
