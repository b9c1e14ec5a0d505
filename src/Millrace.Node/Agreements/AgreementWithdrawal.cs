using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Agreements;

/// <summary>
/// What follows from a withdrawal in the same unit of work: the transfers of the agreement end, their peers are told.
/// </summary>
public delegate Task AgreementEnding(
    Unit unit, string participant, AgreementRecord agreement, CancellationToken cancel);

/// <summary>Ends an agreement on a ground, as its provider.</summary>
public sealed class AgreementWithdrawal(
    Database database, EvidenceLog evidence, Clock clock, IEnumerable<AgreementEnding> endings)
{
    /// <summary>From the commit on, every read is refused; open streams end within a second.</summary>
    /// <returns>
    /// The agreement, or a refusal: <c>bad-ground</c>, <c>not-found</c>, <c>not-provider</c>, <c>withdrawn</c>.
    /// </returns>
    public async Task<Decision<Agreement>> RunAsync(
        string participant, string id, WithdrawalDraft draft, CancellationToken cancel)
    {
        if (!WithdrawalDraft.Grounds.Contains(draft.Ground))
            return new Refusal(
                "bad-ground", $"A withdrawal needs a ground: one of {string.Join(", ", WithdrawalDraft.Grounds)}.");
        return await database.WriteAsync<Decision<Agreement>>(
            async unit =>
            {
                if (await Tables.Agreements.FindAsync(unit, participant, id, cancel) is not { } found)
                    return new Refusal("not-found", "There is no agreement of that name here.");
                if (found.Value.Role != Role.Provider)
                    return new Refusal("not-provider", "Only the provider of an agreement can withdraw it.");
                if (found.Value.Withdrawal is not null)
                    return new Refusal("withdrawn", "This agreement has been withdrawn already.");
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
                return await AgreementEndpoints.ShownAsync(unit, withdrawn, clock, cancel);
            },
            cancel);
    }
}
