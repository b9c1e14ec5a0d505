using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Negotiations;

/// <summary>The first step of a negotiation, as a person or a program of ours takes it.</summary>
public sealed class NegotiationStarts(
    Database database, PeerDirectory peers, PeerClient client, LocalParticipants locals,
    NegotiationOpenings openings)
{
    /// <summary>Where the other side is.</summary>
    /// <param name="address">The base address of its protocol endpoints; null: as its DID says.</param>
    public async Task<Decision<PeerRecord>> LocateAsync(
        string participant, string peer, Uri? address, CancellationToken cancel) =>
        address is null ? await peers.FindAsync(participant, peer, cancel) : new PeerRecord(peer, address, null);

    /// <summary>Consumer: asks for an offer, as the provider's catalogue shows it now unless terms are given.</summary>
    public async Task<Decision<Api.Negotiation>> AskAsync(
        string participant, PeerRecord provider, NegotiationDraft draft, CancellationToken cancel)
    {
        if ((await TermsAsync(draft, participant, provider, cancel)).Refused(out var refusal, out var asked))
            return refusal;
        var consumer = Check.NotNull(await locals.FindAsync(participant, cancel));
        var decision = await database.WriteAsync(
            u => openings.StartAsync(
                u, consumer, provider.Did, provider.Base, asked.Offer, draft.Dataset, asked.Facts, draft.Manual,
                draft.Acceptance, cancel),
            cancel);
        return decision.Refused(out refusal, out var row) ? refusal : NegotiationManagement.Shown(row.Value);
    }

    /// <summary>Provider: makes a consumer one of our offers, or other terms under its id.</summary>
    /// <returns>The negotiation, or a refusal: <c>not-found</c> where there is no such offer.</returns>
    public async Task<Decision<Api.Negotiation>> OfferAsync(
        string participant, PeerRecord consumer, OfferToDraft draft, CancellationToken cancel)
    {
        var product = await database.ReadAsync(
            s => Tables.Products.FindAsync(s, participant, draft.Dataset, cancel), cancel);
        if (product?.Value.Offers.FirstOrDefault(o => o.Policy.Id == draft.Offer) is not { } offer)
            return new Refusal("not-found", "There is no offer of that name here.");
        var terms = offer.Policy;
        if (draft.Policy is { } other && OfferDrafts.Read(other).Refused(out var refusal, out terms))
            return refusal;
        terms = terms with { Id = offer.Policy.Id, Assigner = offer.Policy.Assigner };
        var provider = Check.NotNull(await locals.FindAsync(participant, cancel));
        var decision = await database.WriteAsync(
            u => openings.OfferAsync(u, provider, consumer.Did, consumer.Base, terms, draft.Dataset, cancel), cancel);
        return decision.Refused(out refusal, out var row) ? refusal : NegotiationManagement.Shown(row.Value);
    }

    private async Task<Decision<Asked>> TermsAsync(
        NegotiationDraft draft, string participant, PeerRecord peer, CancellationToken cancel)
    {
        Policy? given = null;
        if (draft.Policy is { } json && OfferDrafts.Read(json).Refused(out var refusal, out given))
            return refusal;
        if (given is not null)
            return new Asked(given with { Id = draft.Offer, Assigner = given.Assigner ?? peer.Did }, null);
        if ((await client.DatasetAsync(participant, peer, draft.Dataset, cancel)).Refused(out refusal, out var dataset))
            return refusal;
        return dataset.Offers.FirstOrDefault(o => o.Id == draft.Offer) is { } offer
            ? new Asked(offer, new CatalogueFacts(dataset.Title, dataset.Query, dataset.Masks))
            : new Refusal("unknown-offer", "The provider has no such offer for this data set.");
    }

    /// <param name="Facts">Of the product; null where no catalogue was asked.</param>
    private sealed record Asked(Policy Offer, CatalogueFacts? Facts);
}
