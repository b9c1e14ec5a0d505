using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Negotiation = Millrace.Protocol.Negotiations.Negotiation;

namespace Millrace.Node.Negotiations;

/// <summary>Negotiations that we open: our first message, in either role.</summary>
public sealed class NegotiationOpenings(
    NegotiationMoves moves, Promises promises, ForeignTerms foreign, NodeAddress address, Ids ids)
{
    /// <summary>Consumer: asks for one of a provider's offers.</summary>
    /// <param name="offer">As the provider's catalogue shows it, or with other terms under its id.</param>
    /// <param name="facts">Of the product, where its catalogue was asked.</param>
    /// <param name="manual">Our further steps wait for a person.</param>
    /// <param name="acceptance">For terms that this node cannot keep by itself.</param>
    public async Task<Decision<Stored<NegotiationRecord>>> StartAsync(
        Unit unit, ParticipantRecord consumer, string provider, Uri providerBase, Policy offer, string dataset,
        CatalogueFacts? facts, bool manual, TermAcceptance? acceptance, CancellationToken cancel)
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
        var first = moves.New(consumer.Id, process, null, manual);
        first = first.With(
            first.Value with { Title = facts?.Title, Query = facts?.Query, Masks = facts?.Masks });
        var row = await moves.SaveAsync(unit, first, request, cancel);
        await foreign.LogAsync(unit, consumer.Id, row.Id, offer, acceptance, cancel);
        await moves.QueueAsync(unit, row, request, cancel);
        return row;
    }

    /// <summary>Provider: makes a consumer an offer.</summary>
    public async Task<Decision<Stored<NegotiationRecord>>> OfferAsync(
        Unit unit, ParticipantRecord provider, string consumer, Uri consumerBase, Policy offer, string dataset,
        CancellationToken cancel)
    {
        if (await promises.ObjectionAsync(unit, provider.Id, consumer, dataset, offer, cancel) is { } objection)
            return objection;
        var message = new ContractOffer(
            ids.NewUrn(), null, ids.NewUrn(), offer with { Target = dataset }, address.DspBase(provider.Id));
        if (Negotiation.Start(message, new Parties(provider.Did, consumer), consumerBase)
            .Refused(out var refusal, out var process))
        {
            return refusal;
        }
        var row = await moves.SaveAsync(unit, moves.New(provider.Id, process, null, false), message, cancel);
        await moves.QueueAsync(unit, row, message, cancel);
        return row;
    }
}
