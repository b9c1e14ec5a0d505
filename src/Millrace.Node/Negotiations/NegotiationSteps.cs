using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Negotiations;

/// <summary>
/// What we do with a message of the peer: the answer to it and, where it is our turn, our next message.
/// </summary>
public sealed class NegotiationSteps(NegotiationMoves moves, NodeAddress address, Ids ids, Clock clock)
{
    /// <summary>Consumer: asks for one of a provider's offers.</summary>
    /// <param name="offer">As the provider's catalogue shows it.</param>
    public async Task<Decision<Stored<NegotiationRecord>>> StartAsync(
        Unit unit, ParticipantRecord consumer, string provider, Uri providerBase, Policy offer, string dataset,
        CancellationToken cancel)
    {
        var pid = ids.NewUrn();
        var request = new ContractRequest(
            ids.NewUrn(), pid, null, offer with { Target = dataset }, address.DspBase(consumer.Id));
        if (Negotiation.Start(request, new Parties(consumer.Did, provider), providerBase)
            .Refused(out var refusal, out var process))
        {
            return refusal;
        }
        var row = await moves.SaveAsync(unit, Row(consumer.Id, process, null), request, cancel);
        await moves.QueueAsync(unit, row, request, cancel);
        return row;
    }

    /// <summary>Provider: takes up a consumer's request, and agrees at once where the offer allows it.</summary>
    public async Task<Decision<Stored<NegotiationRecord>>> OpenAsync(
        Unit unit, PeerCall call, ContractRequest request, CancellationToken cancel)
    {
        var opened = $"{call.Peer} {request.ConsumerPid}";
        if (await Tables.Negotiations.FindByAsync(unit, call.Host.Id, "opened", opened, cancel) is { } before)
            return before; // A repeat: the same answer, no effect.
        if ((await OfferedAsync(unit, call, request.Offer, cancel)).Refused(out var refusal, out var offer) ||
            Negotiation.Open(request, new Parties(call.Host.Did, call.Peer), ids.NewUrn())
                .Refused(out refusal, out var process))
        {
            return refusal;
        }
        var row = await moves.SaveAsync(unit, Row(call.Host.Id, process, opened), request, cancel);
        var agreement = offer with
        {
            Kind = PolicyKind.Agreement,
            Id = ids.NewUrn(),
            Target = request.Offer.Target,
            Assigner = call.Host.Did,
            Assignee = call.Peer,
            Timestamp = clock.Now,
        };
        return await moves.SendAsync(
            unit, row, new ContractAgreement(ids.NewUrn(), request.ConsumerPid, process.OwnPid, agreement), cancel);
    }

    /// <summary>A message about a negotiation that is under way.</summary>
    public async Task<Decision<Stored<NegotiationRecord>>> ReceiveAsync(
        Unit unit, PeerCall call, string pid, NegotiationMessage message, CancellationToken cancel)
    {
        var row = Check.NotNull(await Tables.Negotiations.FindAsync(unit, call.Host.Id, pid, cancel));
        if (message.Id is { } id && row.Value.Answered.Contains(id))
            return row; // A repeat: the same answer, no effect.
        if (row.Value.Process.Receive(message).Refused(out var refusal, out var next))
            return refusal;
        row = row.With(row.Value with { Process = next, Answered = Remember(row.Value.Answered, message.Id) });
        row = await moves.SaveAsync(unit, row, message, cancel);
        return Answer(next) is { } answer ? await moves.SendAsync(unit, row, answer, cancel) : row;
    }

    /// <summary>Our next message, where it is our turn and nothing is left to decide.</summary>
    private NegotiationMessage? Answer(Negotiation process) => (process.Role, process.State) switch
    {
        (Role.Consumer, NegotiationState.Agreed) =>
            new AgreementVerified(ids.NewUrn(), process.OwnPid, Check.NotNull(process.PeerPid)),
        (Role.Provider, NegotiationState.Verified) =>
            new NegotiationFinalized(ids.NewUrn(), Check.NotNull(process.PeerPid), process.OwnPid),
        _ => null,
    };

    /// <summary>
    /// The offer of ours that the request names: unchanged, of that product, and open to this consumer now.
    /// </summary>
    private async Task<Decision<Policy>> OfferedAsync(
        Unit unit, PeerCall call, Policy asked, CancellationToken cancel)
    {
        var product = asked.Target is { } target
            ? await Tables.Products.FindAsync(unit, call.Host.Id, target, cancel)
            : null;
        if (product?.Value.Offers.FirstOrDefault(o => o.Id == asked.Id) is not { } offer)
            return new Refusal("unknown-offer", "There is no such offer: take one from the catalogue.");
        if (!Policy.SameTerms(offer, asked))
            return new Refusal("offer-changed", "The terms are not those of the offer: ask for the offer as it is.");
        var use = new UseRequest { Stage = UseStage.Negotiation, Now = clock.Now, AgreedAt = clock.Now };
        return PolicyEvaluator.Evaluate(offer, use).Refused(out var refusal, out _) ? refusal : offer;
    }

    private Stored<NegotiationRecord> Row(string participant, Negotiation process, string? opened) =>
        new(participant, process.OwnPid, 0, new(process, opened, clock.Now, clock.Now, [], null));

    private IReadOnlyList<string> Remember(IReadOnlyList<string> answered, string? id) =>
        id is null ? answered : [.. answered.TakeLast(clock.Limits.AnsweredMessagesMax - 1), id];
}
