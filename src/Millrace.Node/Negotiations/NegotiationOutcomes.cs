using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;

namespace Millrace.Node.Negotiations;

/// <summary>What becomes of our negotiation messages at the peer.</summary>
public sealed class NegotiationOutcomes(NegotiationMoves moves) : IOutboxListener
{
    internal const string OutboxKind = "negotiation";

    public string Kind => OutboxKind;

    /// <summary>The answer to our first message names the peer's pid; later answers tell nothing new.</summary>
    public async Task DeliveredAsync(
        Unit unit, OutboxMessage message, ReadOnlyMemory<byte> answer, CancellationToken cancel)
    {
        if (message.Message is not (nameof(ContractRequest) or nameof(ContractOffer)) ||
            await FindAsync(unit, message, cancel) is not { Value.Process.PeerPid: null } row)
        {
            return;
        }
        if (Wire.Read<NegotiationStatus>(answer.Span).Refused(out var refusal, out var status) ||
            row.Value.Process.Acknowledge(status).Refused(out refusal, out var next))
        {
            await moves.EndAsync(
                unit, row, new Refusal("bad-answer", $"The peer's answer is not usable: {refusal.Reason}"), cancel);
            return;
        }
        await Tables.Negotiations.SaveAsync(unit, row.With(row.Value with { Process = next }), cancel);
    }

    /// <summary>A refused message ends the negotiation: the peer has not followed our move and never will.</summary>
    public async Task RefusedAsync(Unit unit, OutboxMessage message, Refusal refusal, CancellationToken cancel)
    {
        if (await FindAsync(unit, message, cancel) is { } row)
            await moves.EndAsync(unit, row, refusal, cancel);
    }

    private static Task<Stored<NegotiationRecord>?> FindAsync(
        Unit unit, OutboxMessage message, CancellationToken cancel) =>
        Tables.Negotiations.FindAsync(unit, message.Participant, message.Process, cancel);
}
