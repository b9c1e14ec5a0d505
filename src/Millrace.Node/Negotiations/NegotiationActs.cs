using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Negotiation = Millrace.Protocol.Negotiations.Negotiation;

namespace Millrace.Node.Negotiations;

/// <summary>The steps that a person takes in a negotiation, or a program for them.</summary>
public sealed class NegotiationActs(
    Database database, NegotiationMoves moves, NegotiationSteps steps, ForeignTerms foreign, Ids ids)
{
    /// <summary>What may be done now, by the names of <see cref="NegotiationAct.Act"/>.</summary>
    public static IReadOnlyList<string> Open(Negotiation process) => (process.Role, process.State) switch
    {
        (Role.Provider, NegotiationState.Requested) => ["agree", "offer", "terminate"],
        (Role.Provider, NegotiationState.Accepted) => ["agree", "terminate"],
        (Role.Provider, NegotiationState.Verified) => ["finalize", "terminate"],
        (Role.Consumer, NegotiationState.Offered) => ["accept", "counter", "terminate"],
        (Role.Consumer, NegotiationState.Agreed) => ["verify", "terminate"],
        (_, NegotiationState.Finalized or NegotiationState.Terminated) => [],
        _ => ["terminate"],
    };

    /// <summary>Takes a step in a unit of its own.</summary>
    /// <returns>The negotiation after it, or a refusal: <c>not-found</c> where there is no such negotiation.</returns>
    public Task<Decision<Api.Negotiation>> RunAsync(
        string participant, string pid, NegotiationAct act, CancellationToken cancel) =>
        database.WriteAsync<Decision<Api.Negotiation>>(
            async unit =>
            {
                if (await Tables.Negotiations.FindAsync(unit, participant, pid, cancel) is not { } row)
                    return new Refusal("not-found", "There is no negotiation of that name here.");
                return (await TakeAsync(unit, row, act, cancel)).Refused(out var refusal, out var next)
                    ? refusal
                    : NegotiationManagement.Shown(next.Value);
            },
            cancel);

    /// <summary>Takes a step: our message goes out in the same unit.</summary>
    /// <returns>The negotiation after it, or why it cannot be taken.</returns>
    public async Task<Decision<Stored<NegotiationRecord>>> TakeAsync(
        Unit unit, Stored<NegotiationRecord> row, NegotiationAct act, CancellationToken cancel)
    {
        var process = row.Value.Process;
        if (process.PeerPid is null)
            return new Refusal("peer-silent", "The other side has not answered yet: try again in a moment.");
        if (!Open(process).Contains(act.Act))
            return new Refusal("bad-act", NotOpen(process));
        if (act.Rounds is { } seen && seen != process.Offers.Count)
            return new Refusal("terms-changed", "Other terms lie on the table by now: look at them first.");
        if ((await MessageAsync(unit, row, act, cancel)).Refused(out var refusal, out var message))
            return refusal;
        return await moves.SendAsync(unit, row, message, cancel);
    }

    private async Task<Decision<NegotiationMessage>> MessageAsync(
        Unit unit, Stored<NegotiationRecord> row, NegotiationAct act, CancellationToken cancel)
    {
        var process = row.Value.Process;
        var peerPid = Check.NotNull(process.PeerPid);
        Policy? terms = null;
        if (act.Policy is { } json && OfferDrafts.Read(json).Refused(out var refusal, out terms))
            return refusal;
        terms = (terms ?? process.LastOffer.Offer) with
        {
            Kind = PolicyKind.Offer,
            Id = process.LastOffer.Offer.Id,
            Target = row.Value.Dataset,
            Assigner = process.LastOffer.Offer.Assigner,
        };
        switch (process.Role, act.Act)
        {
            case (Role.Provider, "offer"):
            case (Role.Provider, "agree"):
                // What is promised must be enforceable, whoever laid it on the table.
                if (await steps.Promises.ObjectionAsync(
                        unit, row.Participant, process.Peer, row.Value.Dataset, terms, cancel) is { } objection)
                {
                    return objection;
                }
                return act.Act == "agree"
                    ? steps.Agreement(process)
                    : new ContractOffer(ids.NewUrn(), peerPid, process.OwnPid, terms, null);
            case (Role.Provider, "finalize"):
                return steps.Finalized(process);
            case (Role.Consumer, "counter" or "accept"):
                if (ForeignTerms.Objection(terms, act.Acceptance) is { } unkept)
                    return unkept;
                await foreign.LogAsync(unit, row.Participant, row.Id, terms, act.Acceptance, cancel);
                if (act.Act == "accept")
                    return new OfferAccepted(ids.NewUrn(), process.OwnPid, peerPid);
                return new ContractRequest(ids.NewUrn(), process.OwnPid, peerPid, terms, null);
            case (Role.Consumer, "verify"):
                return steps.Verified(process);
            case (_, "terminate"):
                return new NegotiationEnded(
                    ids.NewUrn(), Check.NotNull(process.ConsumerPid), Check.NotNull(process.ProviderPid), act.Code,
                    act.Reason is { } reason ? [reason] : []);
            default:
                throw new InvalidOperationException($"{act.Act} is open to {process.Role}, but leads nowhere.");
        }
    }

    private static string NotOpen(Negotiation process) => process.IsFinal
        ? "The negotiation has ended: nothing more can be done in it."
        : $"There is no such step now. Open to the {process.Role.Name()}: {string.Join(", ", Open(process))}.";
}
