using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Negotiation = Millrace.Protocol.Negotiations.Negotiation;

namespace Millrace.Node.Negotiations;

/// <summary>
/// What we do with a message of the peer: the answer to it and, where it is our turn, our next message.
/// </summary>
public sealed class NegotiationSteps(
    NegotiationMoves moves, ForeignTerms foreign, NodeAddress address, Ids ids, Clock clock)
{
    /// <summary>Consumer: asks for one of a provider's offers.</summary>
    /// <param name="offer">As the provider's catalogue shows it, or with other terms under its id.</param>
    /// <param name="title">Of the product, where its catalogue was asked.</param>
    /// <param name="manual">Our further steps wait for a person.</param>
    /// <param name="acceptance">For terms that this node cannot keep by itself.</param>
    public async Task<Decision<Stored<NegotiationRecord>>> StartAsync(
        Unit unit, ParticipantRecord consumer, string provider, Uri providerBase, Policy offer, string dataset,
        string? title, bool manual, TermAcceptance? acceptance, CancellationToken cancel)
    {
        if (ForeignTerms.Objection(offer, acceptance) is { } objection)
            return objection;
        var pid = ids.NewUrn();
        var request = new ContractRequest(
            ids.NewUrn(), pid, null, offer with { Target = dataset }, address.DspBase(consumer.Id));
        if (Negotiation.Start(request, new Parties(consumer.Did, provider), providerBase)
            .Refused(out var refusal, out var process))
        {
            return refusal;
        }
        var first = Row(consumer.Id, process, null, manual);
        var row = await moves.SaveAsync(unit, first.With(first.Value with { Title = title }), request, cancel);
        await foreign.LogAsync(unit, consumer.Id, row.Id, offer, acceptance, cancel);
        await moves.QueueAsync(unit, row, request, cancel);
        return row;
    }

    /// <summary>Provider: makes a consumer an offer.</summary>
    public async Task<Decision<Stored<NegotiationRecord>>> OfferAsync(
        Unit unit, ParticipantRecord provider, string consumer, Uri consumerBase, Policy offer, string dataset,
        CancellationToken cancel)
    {
        if (await ObjectionAsync(unit, provider.Id, consumer, dataset, offer, cancel) is { } objection)
            return objection;
        var message = new ContractOffer(
            ids.NewUrn(), null, ids.NewUrn(), offer with { Target = dataset }, address.DspBase(provider.Id));
        if (Negotiation.Start(message, new Parties(provider.Did, consumer), consumerBase)
            .Refused(out var refusal, out var process))
        {
            return refusal;
        }
        var row = await moves.SaveAsync(unit, Row(provider.Id, process, null, false), message, cancel);
        await moves.QueueAsync(unit, row, message, cancel);
        return row;
    }

    /// <summary>Consumer: takes up a provider's offer; a person decides about it.</summary>
    public async Task<Decision<Stored<NegotiationRecord>>> OpenAsync(
        Unit unit, PeerCall call, ContractOffer offer, CancellationToken cancel)
    {
        var opened = $"{call.Peer} {offer.ProviderPid}";
        if (await Tables.Negotiations.FindByAsync(unit, call.Host.Id, "opened", opened, cancel) is { } before)
            return before; // A repeat: the same answer, no effect.
        return Negotiation.Open(offer, new Parties(call.Host.Did, call.Peer), ids.NewUrn())
            .Refused(out var refusal, out var process)
            ? refusal
            : await moves.SaveAsync(unit, Row(call.Host.Id, process, opened, true), offer, cancel);
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
        var manual = offer.Handling == OfferHandling.Ask;
        var row = await moves.SaveAsync(unit, Row(call.Host.Id, process, opened, manual), request, cancel);
        return manual ? row : await moves.SendAsync(unit, row, Agreement(process), cancel);
    }

    /// <summary>A message about a negotiation that is under way.</summary>
    public async Task<Decision<Stored<NegotiationRecord>>> ReceiveAsync(
        Unit unit, Stored<NegotiationRecord> row, NegotiationMessage message, CancellationToken cancel)
    {
        var (answers, idsMax) = (row.Value.Answers, clock.Limits.AnsweredMessagesMax);
        if (answers.HasAccepted(message.Id))
            return row; // A repeat: the same answer, no effect.
        if (answers.Again(message.Id) is { } again)
            return again;
        if (row.Value.Process.Receive(message).Refused(out var refusal, out var next))
        {
            if (message.Id is not null)
                await Tables.Negotiations.SaveAsync(
                    unit, row.With(row.Value.With(answers.Refuse(message.Id, idsMax))), cancel);
            return refusal;
        }
        row = row.With(row.Value.With(answers.Accept(message.Id, idsMax)) with { Process = next });
        row = await moves.SaveAsync(unit, row, message, cancel);
        return !row.Value.Manual && Answer(next) is { } answer ? await moves.SendAsync(unit, row, answer, cancel) : row;
    }

    /// <summary>Our next message, where it is our turn and nothing is left to decide.</summary>
    private NegotiationMessage? Answer(Negotiation process) => (process.Role, process.State) switch
    {
        (Role.Provider, NegotiationState.Accepted) => Agreement(process), // The consumer accepted what we offered.
        (Role.Consumer, NegotiationState.Agreed) => Verified(process),
        (Role.Provider, NegotiationState.Verified) => Finalized(process),
        _ => null,
    };

    /// <summary>Provider: the agreement to what is on the table.</summary>
    internal ContractAgreement Agreement(Negotiation process) => new(
        ids.NewUrn(), Check.NotNull(process.ConsumerPid), process.OwnPid, process.LastOffer.Offer with
        {
            Kind = PolicyKind.Agreement,
            Id = ids.NewUrn(),
            Assigner = process.Parties.Self,
            Assignee = process.Peer,
            Timestamp = clock.Now,
        });

    internal AgreementVerified Verified(Negotiation process) =>
        new(ids.NewUrn(), process.OwnPid, Check.NotNull(process.PeerPid));

    internal NegotiationFinalized Finalized(Negotiation process) =>
        new(ids.NewUrn(), Check.NotNull(process.PeerPid), process.OwnPid);

    /// <summary>What keeps us from promising a consumer these terms for a product of ours; null: nothing.</summary>
    internal async Task<Refusal?> ObjectionAsync(
        Unit unit, string provider, string consumer, string dataset, Policy terms, CancellationToken cancel)
    {
        if (await Tables.Products.FindAsync(unit, provider, dataset, cancel) is not { } product)
            return new Refusal("unknown-product", $"There is no product {dataset}.");
        return PolicyCheck.Check(terms, product.Value.Schema, product.Value.Hidden) is [var refusal, ..]
            ? refusal
            : await NeverAsync(unit, provider, consumer, terms, cancel);
    }

    /// <summary>Why a consumer could never use anything under these terms; null: it could.</summary>
    private async Task<Refusal?> NeverAsync(
        Unit unit, string provider, string consumer, Policy terms, CancellationToken cancel)
    {
        var use = new UseRequest
        {
            Stage = UseStage.Negotiation,
            Now = clock.Now,
            AgreedAt = clock.Now,
            Claims = await MemberRegister.ClaimsAsync(unit, provider, consumer, terms, cancel),
        };
        return PolicyEvaluator.Evaluate(terms, use).Refused(out var refusal, out _) ? refusal : null;
    }

    /// <summary>
    /// The offer of ours that the request names: of that product, and open to this consumer now. Other terms than the
    /// offer's are for a person to decide.
    /// </summary>
    private async Task<Decision<OfferRecord>> OfferedAsync(
        Unit unit, PeerCall call, Policy asked, CancellationToken cancel)
    {
        var product = asked.Target is { } target
            ? await Tables.Products.FindAsync(unit, call.Host.Id, target, cancel)
            : null;
        if (product?.Value.Offers.FirstOrDefault(o => o.Policy.Id == asked.Id) is not { } offer)
            return new Refusal("unknown-offer", "There is no such offer: take one from the catalogue.");
        if (offer.Handling == OfferHandling.Accept && !Policy.SameTerms(offer.Policy, asked))
            return new Refusal("offer-changed", "The terms are not those of the offer: ask for the offer as it is.");
        return await NeverAsync(unit, call.Host.Id, call.Peer, asked, cancel) is { } refusal ? refusal : offer;
    }

    private Stored<NegotiationRecord> Row(string participant, Negotiation process, string? opened, bool manual) =>
        new(participant, process.OwnPid, 0, new(process, opened, manual, clock.Now, clock.Now, [], null));
}
