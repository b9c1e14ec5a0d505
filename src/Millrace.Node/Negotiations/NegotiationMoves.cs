using System.Text;
using System.Text.Json.Nodes;
using Millrace.Node.Evidence;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Negotiations;

/// <summary>
/// Records what a negotiation becomes: row, evidence entry and outgoing message in the caller's unit of work. Our own
/// message changes our state when it is decided, not when it arrives, so the peer is at most one message behind.
/// </summary>
public sealed class NegotiationMoves(EvidenceLog evidence, Outbox outbox, Signal signal, Ids ids, Clock clock)
{
    /// <summary>A negotiation that begins; it is not saved yet.</summary>
    /// <param name="opened">Who opened it with which pid, where the peer did.</param>
    public Stored<NegotiationRecord> New(string participant, Negotiation process, string? opened, bool manual) =>
        new(participant, process.OwnPid, 0, new(process, opened, manual, clock.Now, clock.Now, [], null));

    /// <summary>Saves a move, and logs it.</summary>
    /// <param name="message">What moved it, received or sent.</param>
    public async Task<Stored<NegotiationRecord>> SaveAsync(
        Unit unit, Stored<NegotiationRecord> row, NegotiationMessage message, CancellationToken cancel)
    {
        var process = row.Value.Process;
        var saved = await Tables.Negotiations.SaveAsync(
            unit, row.With(row.Value with { UpdatedAt = clock.Now }), cancel);
        await evidence.AddAsync(
            unit, row.Participant, EntryType.NegotiationMoved,
            new JsonObject
            {
                ["negotiation"] = process.OwnPid,
                ["peer"] = process.Peer,
                ["role"] = process.Role.ToString(),
                ["message"] = message.GetType().Name,
                ["state"] = process.State.ToString(),
                ["product"] = row.Value.Dataset,
                ["terms"] = PolicyHash.Of(process.LastOffer.Offer),
            },
            cancel);
        if (message is NegotiationFinalized)
            await SaveAgreementAsync(unit, row.Participant, row.Value, cancel);
        unit.AfterCommit(() => signal.Raise(row.Participant, row.Id));
        return saved;
    }

    /// <summary>Makes our own move: the message goes into the outbox in the same unit.</summary>
    /// <returns>A refusal where it is not our turn for such a message; nothing was written then.</returns>
    public async Task<Decision<Stored<NegotiationRecord>>> SendAsync(
        Unit unit, Stored<NegotiationRecord> row, NegotiationMessage message, CancellationToken cancel)
    {
        if (row.Value.Process.Send(message).Refused(out var refusal, out var next))
            return refusal;
        var saved = await SaveAsync(unit, row.With(row.Value with { Process = next }), message, cancel);
        await QueueAsync(unit, saved, message, cancel);
        return saved;
    }

    /// <summary>
    /// Ends a negotiation that both sides cannot go on with, and tells the peer where it can be told. An agreement that
    /// it did not want to confirm is void.
    /// </summary>
    public async Task EndAsync(Unit unit, Stored<NegotiationRecord> row, Refusal refusal, CancellationToken cancel)
    {
        var process = row.Value.Process;
        if (process.State == NegotiationState.Terminated)
            return; // Our ending crossed one of the peer's: that it refuses ours changes nothing.
        var (ended, message, tells) = process.End(ids.NewUrn(), refusal);
        if (process.State == NegotiationState.Finalized)
            await VoidAgreementAsync(unit, row.Participant, process, refusal, cancel);
        row = await SaveAsync(unit, row.With(row.Value with { Process = ended, Refusal = refusal }), message, cancel);
        if (tells)
            await QueueAsync(unit, row, message, cancel);
    }

    /// <summary>Puts a message into the outbox; it leaves once the unit is durable.</summary>
    public async Task QueueAsync(
        Unit unit, Stored<NegotiationRecord> row, NegotiationMessage message, CancellationToken cancel)
    {
        var process = row.Value.Process;
        await outbox.AddAsync(
            unit,
            new OutboxMessage(
                row.Participant, ids.New(), row.Id, NegotiationOutcomes.OutboxKind, message.GetType().Name,
                process.Peer, NegotiationRoutes.To(process, message), Encoding.UTF8.GetString(Wire.Write(message)), 0,
                clock.Now),
            cancel);
    }

    /// <summary>A finalised negotiation is an agreement; the provider freezes what the product is today.</summary>
    private async Task SaveAgreementAsync(
        Unit unit, string participant, NegotiationRecord negotiation, CancellationToken cancel)
    {
        var process = negotiation.Process;
        var policy = Check.NotNull(process.Agreement);
        var productId = Check.NotNull(policy.Target);
        var product = process.Role == Role.Provider
            ? Check.NotNull(await Tables.Products.FindAsync(unit, participant, productId, cancel)).Value
            : null;
        var found = product is null && negotiation.Title is null
            ? await FoundAsync(unit, participant, process.Peer, productId, cancel)
            : null;
        var title = product?.Title ?? negotiation.Title ?? found?.Title ?? productId;
        var agreement = new AgreementRecord(
            policy.Id, process.Role, process.Peer, productId, title, policy,
            policy.Timestamp ?? clock.Now, process.OwnPid, false, product?.Schema,
            product?.Hidden, null, Query: product?.Query, Signature: negotiation.Query ?? found?.Query,
            Masks: negotiation.Masks ?? found?.Masks);
        await Tables.Agreements.SaveAsync(unit, new(participant, agreement.Id, 0, agreement), cancel);
        await evidence.AddAsync(
            unit, participant, EntryType.AgreementFinalized,
            new JsonObject
            {
                ["agreement"] = agreement.Id,
                ["negotiation"] = process.OwnPid,
                ["peer"] = process.Peer,
                ["product"] = productId,
                ["terms"] = PolicyHash.Of(policy),
            },
            cancel);
    }

    /// <summary>A product in the provider's catalogue as last read; null where it was not.</summary>
    private static async Task<FoundDatasetRecord?> FoundAsync(
        Unit unit, string participant, string provider, string product, CancellationToken cancel) =>
        (await Tables.FoundDatasets.FindAsync(
            unit, participant, FoundDatasetRecord.IdOf(provider, product), cancel))?.Value;

    private async Task VoidAgreementAsync(
        Unit unit, string participant, Negotiation process, Refusal refusal, CancellationToken cancel)
    {
        var id = Check.NotNull(process.Agreement).Id;
        if (await Tables.Agreements.FindAsync(unit, participant, id, cancel) is not { Value.Withdrawal: null } found)
            return;
        var withdrawal = new WithdrawalRecord("mutual", refusal.Reason, clock.Now);
        await Tables.Agreements.SaveAsync(unit, found.With(found.Value with { Withdrawal = withdrawal }), cancel);
        await evidence.AddAsync(
            unit, participant, EntryType.AgreementWithdrawn,
            new JsonObject { ["agreement"] = id, ["ground"] = "mutual", ["note"] = refusal.Reason }, cancel);
    }
}
