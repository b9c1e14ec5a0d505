using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;

namespace Millrace.Node.Negotiations;

/// <summary>What becomes of our negotiation messages at the peer.</summary>
public sealed class NegotiationOutcomes(NegotiationMoves moves, Questions questions) : IOutboxListener
{
    internal const string OutboxKind = "negotiation";

    public string Kind => OutboxKind;

    /// <summary>The answer to our first message names the peer's pid; later answers tell nothing new.</summary>
    public async Task DeliveredAsync(
        Unit unit, OutboxMessage message, ReadOnlyMemory<byte> answer, CancellationToken cancel)
    {
        // Only the answer to a first message, and to a question, tells something.
        if (message.Message is not (nameof(ContractRequest) or nameof(ContractOffer) or OutboxMessage.Question) ||
            await FindAsync(unit, message, cancel) is not { } row)
        {
            return;
        }
        if (message.IsQuestion)
        {
            var standing = Wire.Read<NegotiationStatus>(answer.Span).Refused(out _, out var theirs)
                ? Standing.Unsaid
                : row.Value.Process.Reconcile(theirs);
            await WeighAsync(unit, row, message, standing, cancel);
            return;
        }
        if (row.Value.Process.PeerPid is not null)
            return;
        if (Wire.Read<NegotiationStatus>(answer.Span).Refused(out var refusal, out var status) ||
            row.Value.Process.Acknowledge(status).Refused(out refusal, out var next))
        {
            await moves.EndAsync(
                unit, row, new Refusal("bad-answer", $"The peer's answer is not usable: {refusal.Reason}"), cancel);
            return;
        }
        await Tables.Negotiations.SaveAsync(unit, row.With(row.Value with { Process = next }), cancel);
    }

    /// <summary>
    /// A refused message ends the negotiation, unless the peer is where we are: then it refused what had crossed a
    /// message of its own. One that never got there ends it unasked.
    /// </summary>
    public async Task RefusedAsync(Unit unit, OutboxMessage message, Refusal refusal, CancellationToken cancel)
    {
        if (await FindAsync(unit, message, cancel) is not { } row)
            return;
        var process = row.Value.Process;
        if (message.IsQuestion)
            await WeighAsync(unit, row, message, Standing.Unsaid, cancel);
        else if (process.PeerPid is null || refusal.Code == MessageAnswer.Unreachable)
            await moves.EndAsync(unit, row, refusal, cancel);
        else if (process.State != NegotiationState.Terminated)
            await questions.AskAsync(
                unit, message, NegotiationRoutes.Of(process), new Doubt(row.Version, 0, refusal), cancel);
    }

    private async Task WeighAsync(
        Unit unit, Stored<NegotiationRecord> row, OutboxMessage question, Standing standing, CancellationToken cancel)
    {
        if (row.Value.Process.State != NegotiationState.Terminated &&
            await questions.WeighAsync(unit, question, standing, row.Version, cancel) is { } refusal)
        {
            await moves.EndAsync(unit, row, refusal, cancel);
        }
    }

    private static Task<Stored<NegotiationRecord>?> FindAsync(
        Unit unit, OutboxMessage message, CancellationToken cancel) =>
        Tables.Negotiations.FindAsync(unit, message.Participant, message.Process, cancel);
}
