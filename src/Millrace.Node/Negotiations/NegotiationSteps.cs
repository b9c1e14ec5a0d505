using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Negotiation = Millrace.Protocol.Negotiations.Negotiation;

namespace Millrace.Node.Negotiations;

/// <summary>
/// What we do with a message of the peer: the answer to it and, where it is our turn, our next message.
/// </summary>
public sealed class NegotiationSteps(
    NegotiationMoves moves, WrittenRules rules, Promises promises, Ids ids, Clock clock)
{
    /// <summary>The code of a refusal that a peer has too many negotiations open.</summary>
    public const string TooMany = "too-many-open";

    internal Promises Promises => promises;

    /// <summary>Consumer: takes up a provider's offer; a person decides about it.</summary>
    public async Task<Decision<Stored<NegotiationRecord>>> OpenAsync(
        Unit unit, PeerCall call, ContractOffer offer, CancellationToken cancel)
    {
        var opened = $"{call.Peer} {offer.ProviderPid}";
        if (await Tables.Negotiations.FindByAsync(unit, call.Host.Id, "opened", opened, cancel) is { } before)
            return before; // A repeat: the same answer, no effect.
        if (await TooManyAsync(unit, call, cancel) is { } tooMany)
            return tooMany;
        return Negotiation.Open(offer, new Parties(call.Host.Did, call.Peer), ids.NewUrn())
            .Refused(out var refusal, out var process)
            ? refusal
            : await moves.SaveAsync(unit, moves.New(call.Host.Id, process, opened, false), offer, cancel);
    }

    /// <summary>Provider: takes up a consumer's request, and goes on as the offer's handling says.</summary>
    public async Task<Decision<Stored<NegotiationRecord>>> OpenAsync(
        Unit unit, PeerCall call, ContractRequest request, CancellationToken cancel)
    {
        var opened = $"{call.Peer} {request.ConsumerPid}";
        if (await Tables.Negotiations.FindByAsync(unit, call.Host.Id, "opened", opened, cancel) is { } before)
            return before; // A repeat: the same answer, no effect.
        if (await TooManyAsync(unit, call, cancel) is { } tooMany)
            return tooMany;
        if ((await OfferedAsync(unit, call, request.Offer, cancel)).Refused(out var refusal, out var offer) ||
            Negotiation.Open(request, new Parties(call.Host.Did, call.Peer), ids.NewUrn())
                .Refused(out refusal, out var process))
        {
            return refusal;
        }
        var row = moves.New(call.Host.Id, process, opened, offer.Handling == OfferHandling.Manual);
        if (offer.Handling == OfferHandling.Rule)
            return await FollowAsync(unit, row, offer, request, cancel);
        row = await moves.SaveAsync(unit, row, request, cancel);
        return offer.Handling == OfferHandling.Accept
            ? await moves.SendAsync(unit, row, Agreement(process), cancel)
            : row;
    }

    /// <summary>Each open one may wait for a person of ours: a peer must not be able to bury them.</summary>
    private async Task<Refusal?> TooManyAsync(Unit unit, PeerCall call, CancellationToken cancel)
    {
        var most = clock.Limits.OpenNegotiationsMax;
        return await Tables.Negotiations.CountByAsync(unit, call.Host.Id, "open_with", call.Peer, cancel) < most
            ? null
            : new Refusal(
                TooMany, $"You have {most} negotiations open here: finish or terminate some, then ask again.");
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
        if (!row.Value.Process.Receive(message).Refused(out var refusal, out var next) &&
            message is ContractAgreement { Agreement.Id: var id } &&
            await Tables.Agreements.FindAsync(unit, row.Participant, id, cancel) is not null)
        {
            refusal = new Refusal(
                "agreement-id-taken", "There is an agreement of this id already: choose another one.");
        }
        if (refusal is not null)
        {
            if (message.Id is not null)
                await Tables.Negotiations.SaveAsync(
                    unit, row.With(row.Value.With(answers.Refuse(message.Id, idsMax))), cancel);
            return refusal;
        }
        row = row.With(row.Value.With(answers.Accept(message.Id, idsMax)) with { Process = Check.NotNull(next) });
        if (message is ContractRequest && await WrittenRules.FindAsync(unit, row, cancel) is { } offer)
            return await FollowAsync(unit, row, offer, message, cancel);
        row = await moves.SaveAsync(unit, row, message, cancel);
        return !row.Value.Manual && Answer(next) is { } answer ? await moves.SendAsync(unit, row, answer, cancel) : row;
    }

    /// <summary>Provider: does what the offer's written rule says to the consumer's request.</summary>
    private async Task<Decision<Stored<NegotiationRecord>>> FollowAsync(
        Unit unit, Stored<NegotiationRecord> row, OfferRecord offer, NegotiationMessage request,
        CancellationToken cancel)
    {
        var process = row.Value.Process;
        var objection = await promises.ObjectionAsync(
            unit, row.Participant, process.Peer, row.Value.Dataset, process.LastOffer.Offer, cancel);
        var claims = await MemberRegister.ClaimsAsync(unit, row.Participant, process.Peer, cancel);
        row = await moves.SaveAsync(
            unit, row.With(rules.Decide(row.Value, offer, claims, objection?.Reason)), request, cancel);
        await rules.LogAsync(unit, row, cancel);
        var decision = row.Value.Decisions![^1];
        return decision.Act switch
        {
            RuleAct.Accept => await moves.SendAsync(unit, row, Agreement(process), cancel),
            RuleAct.Refuse => await moves.SendAsync(unit, row, Refused(process, decision.Reason), cancel),
            _ => row,
        };
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

    private static Refusal UnknownOffer =>
        new("unknown-offer", "There is no such offer: take one from the catalogue.");

    private NegotiationEnded Refused(Negotiation process, string? reason) => new(
        ids.NewUrn(), Check.NotNull(process.ConsumerPid), process.OwnPid, WrittenRules.RefusedCode,
        reason is null ? [] : [reason]);

    /// <summary>
    /// The offer of ours that the request names: of that product, and open to this consumer now. Other terms than the
    /// offer's are for a person or a written rule to decide.
    /// </summary>
    private async Task<Decision<OfferRecord>> OfferedAsync(
        Unit unit, PeerCall call, Policy asked, CancellationToken cancel)
    {
        var product = asked.Target is { } target
            ? await Tables.Products.FindAsync(unit, call.Host.Id, target, cancel)
            : null;
        if (product?.Value.Offers.FirstOrDefault(o => o.Policy.Id == asked.Id) is not { } offer)
            return UnknownOffer;
        if (offer.Visible is not null)
        {
            var claims = await MemberRegister.ClaimsAsync(unit, call.Host.Id, call.Peer, cancel);
            if (!offer.IsShownTo(call.Peer, claims, clock.Now))
                return UnknownOffer; // Who does not see it must not learn that it is there.
        }
        if (offer.Handling == OfferHandling.Accept && !Policy.SameTerms(offer.Policy, asked))
            return new Refusal("offer-changed", "The terms are not those of the offer: ask for the offer as it is.");
        return await promises.NeverAsync(unit, call.Host.Id, call.Peer, asked, cancel) is { } refusal ? refusal : offer;
    }
}
