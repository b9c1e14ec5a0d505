using System.Text;
using System.Text.Json.Nodes;
using Millrace.Node.Evidence;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Transfers;

namespace Millrace.Node.Transfers;

/// <summary>
/// What follows in the same unit of work from the end of a transfer at its provider: its reads close.
/// </summary>
public delegate Task TransferEnding(Unit unit, string participant, string transfer, CancellationToken cancel);

/// <summary>
/// Records what a transfer becomes: row, evidence entry and outgoing message in the caller's unit of work. Our own
/// message changes our state when it is decided, so the peer is at most one message behind.
/// </summary>
public sealed class TransferMoves(
    EvidenceLog evidence, Outbox outbox, IEnumerable<TransferEnding> endings, Signal signal, Ids ids, Clock clock)
{
    /// <summary>Saves a move, and logs it. The token of a data address is never part of either.</summary>
    public async Task<Stored<TransferRecord>> SaveAsync(
        Unit unit, Stored<TransferRecord> row, TransferMessage message, CancellationToken cancel)
    {
        var process = row.Value.Process;
        process = process with { DataAddress = process.DataAddress is { } a ? a with { Properties = [] } : null };
        var saved = await Tables.Transfers.SaveAsync(
            unit, row.With(row.Value with { Process = process, UpdatedAt = clock.Now }), cancel);
        await evidence.AddAsync(
            unit, row.Participant, EntryType.TransferMoved,
            new JsonObject
            {
                ["transfer"] = process.OwnPid,
                ["agreement"] = process.AgreementId,
                ["peer"] = process.Peer,
                ["role"] = process.Role.ToString(),
                ["message"] = message.GetType().Name,
                ["state"] = process.State.ToString(),
                ["purpose"] = row.Value.Purpose?.Purpose,
                ["signedPurpose"] = message is TransferRequest request ? request.SignedPurpose : null,
            },
            cancel);
        if (row.Value.Refusal is { Code: WithdrawalRecord.Code } withdrawn && process.Role == Role.Consumer)
            await LearnAsync(unit, row.Participant, process, withdrawn, cancel);
        if (process is { IsFinal: true, Role: Role.Provider })
        {
            foreach (var ending in endings)
                await ending(unit, row.Participant, row.Id, cancel);
        }
        unit.AfterCommit(() => signal.Raise(row.Participant, row.Id));
        return saved;
    }

    /// <summary>
    /// Consumer: the end of a transfer, or the refusal of one, is how it hears that its agreement was withdrawn.
    /// </summary>
    private async Task LearnAsync(
        Unit unit, string participant, Transfer process, Refusal withdrawn, CancellationToken cancel)
    {
        if (await Tables.Agreements.FindAsync(unit, participant, process.AgreementId, cancel) is
            { Value: { Withdrawal: null, Role: Role.Consumer } agreement } found && agreement.Peer == process.Peer)
        {
            var told = new WithdrawalRecord(null, withdrawn.Reason, clock.Now);
            await Tables.Agreements.SaveAsync(unit, found.With(agreement with { Withdrawal = told }), cancel);
            await evidence.AddAsync(
                unit, participant, EntryType.AgreementWithdrawn,
                new JsonObject { ["agreement"] = found.Id, ["ground"] = null, ["note"] = withdrawn.Reason }, cancel);
        }
    }

    /// <summary>Makes our own move: the message goes into the outbox in the same unit.</summary>
    public async Task<Decision<Stored<TransferRecord>>> SendAsync(
        Unit unit, Stored<TransferRecord> row, TransferMessage message, CancellationToken cancel)
    {
        if (row.Value.Process.Send(message).Refused(out var refusal, out var next))
            return refusal;
        var saved = await SaveAsync(unit, row.With(row.Value with { Process = next }), message, cancel);
        await QueueAsync(unit, saved, message, cancel);
        return saved;
    }

    /// <summary>
    /// Ends a transfer, and tells the peer where it can be told. So ends one that we had completed, where the peer
    /// refused that: both sides must say the same.
    /// </summary>
    public async Task EndAsync(Unit unit, Stored<TransferRecord> row, Refusal refusal, CancellationToken cancel)
    {
        var process = row.Value.Process;
        if (process.State == TransferState.Terminated)
            return; // Our ending crossed one of the peer's: that it refuses ours changes nothing.
        var (ended, message, tells) = process.End(ids.NewUrn(), refusal);
        row = await SaveAsync(unit, row.With(row.Value with { Process = ended, Refusal = refusal }), message, cancel);
        if (tells)
            await QueueAsync(unit, row, message, cancel);
    }

    /// <summary>Ends all transfers of an agreement that was withdrawn.</summary>
    public async Task EndAllAsync(
        Unit unit, string participant, AgreementRecord agreement, CancellationToken cancel)
    {
        var transfers = await Tables.Transfers.ListByAsync(unit, participant, "agreement", agreement.Id, cancel);
        foreach (var running in transfers.Where(t => !t.Value.Process.IsFinal))
            await EndAsync(unit, running, Check.NotNull(agreement.Withdrawal).Refusal(), cancel);
    }

    /// <summary>Puts a message into the outbox; it leaves once the unit is durable.</summary>
    public async Task QueueAsync(
        Unit unit, Stored<TransferRecord> row, TransferMessage message, CancellationToken cancel)
    {
        var process = row.Value.Process;
        await outbox.AddAsync(
            unit,
            new OutboxMessage(
                row.Participant, ids.New(), row.Id, TransferOutcomes.OutboxKind, message.GetType().Name, process.Peer,
                TransferRoutes.To(process, message), Encoding.UTF8.GetString(Wire.Write(message)), 0, clock.Now),
            cancel);
    }
}
