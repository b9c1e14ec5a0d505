using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Transfers;

namespace Millrace.Node.Transfers;

/// <summary>What becomes of our transfer messages at the peer.</summary>
public sealed class TransferOutcomes(TransferMoves moves, Questions questions) : IOutboxListener
{
    internal const string OutboxKind = "transfer";

    public string Kind => OutboxKind;

    /// <summary>
    /// The answer to our request names the provider's pid; a later one may name a state that is not ours.
    /// </summary>
    public async Task DeliveredAsync(
        Unit unit, OutboxMessage message, ReadOnlyMemory<byte> answer, CancellationToken cancel)
    {
        if (await FindAsync(unit, message, cancel) is not { } row)
            return;
        var process = row.Value.Process;
        var read = Wire.Read<TransferStatus>(answer.Span);
        if (process.PeerPid is null)
        {
            await LearnAsync(unit, row, read, cancel);
            return;
        }
        var isSaid = !read.Refused(out _, out var status); // Only who is asked for the state must say it.
        if (message.IsQuestion)
            await WeighAsync(unit, row, message, isSaid ? process.Reconcile(status!) : Standing.Unsaid, cancel);
        else if (isSaid && process.Reconcile(status!) != Standing.Same && message.Message != nameof(TransferRequest))
            await AskAsync(
                unit, row, message,
                new Refusal(Doubt.StateDiffers, $"The peer is in {status!.State}, we are in {process.State}."), cancel);
    }

    /// <summary>
    /// A refused message ends the transfer, unless the peer is where we are: then it refused what had crossed a message
    /// of its own. One that never got there ends it unasked.
    /// </summary>
    public async Task RefusedAsync(Unit unit, OutboxMessage message, Refusal refusal, CancellationToken cancel)
    {
        if (await FindAsync(unit, message, cancel) is not { } row)
            return;
        if (message.IsQuestion)
            await WeighAsync(unit, row, message, Standing.Unsaid, cancel);
        else if (row.Value.Process.PeerPid is null || refusal.Code == MessageAnswer.Unreachable)
            await moves.EndAsync(unit, row, refusal, cancel);
        else
            await AskAsync(unit, row, message, refusal, cancel);
    }

    private async Task LearnAsync(
        Unit unit, Stored<TransferRecord> row, Decision<TransferStatus> read, CancellationToken cancel)
    {
        if (read.Refused(out var refusal, out var status) ||
            row.Value.Process.Acknowledge(status).Refused(out refusal, out var next))
        {
            await moves.EndAsync(
                unit, row, new Refusal("bad-answer", $"The peer's answer is not usable: {refusal.Reason}"), cancel);
            return;
        }
        await Tables.Transfers.SaveAsync(unit, row.With(row.Value with { Process = next }), cancel);
    }

    private async Task AskAsync(
        Unit unit, Stored<TransferRecord> row, OutboxMessage message, Refusal refusal, CancellationToken cancel)
    {
        if (row.Value.Process.State != TransferState.Terminated)
            await questions.AskAsync(
                unit, message, TransferRoutes.Of(row.Value.Process), new Doubt(row.Version, 0, refusal), cancel);
    }

    private async Task WeighAsync(
        Unit unit, Stored<TransferRecord> row, OutboxMessage question, Standing standing, CancellationToken cancel)
    {
        if (row.Value.Process.State != TransferState.Terminated &&
            await questions.WeighAsync(unit, question, standing, row.Version, cancel) is { } refusal)
        {
            await moves.EndAsync(unit, row, refusal, cancel);
        }
    }

    private static Task<Stored<TransferRecord>?> FindAsync(
        Unit unit, OutboxMessage message, CancellationToken cancel) =>
        Tables.Transfers.FindAsync(unit, message.Participant, message.Process, cancel);
}
