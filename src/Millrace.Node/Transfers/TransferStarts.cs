using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Transfers;

/// <summary>Asking, as consumer, for access under an agreement.</summary>
public sealed class TransferStarts(
    Database database, PeerDirectory peers, LocalParticipants locals, PurposeSigning purposes, TransferSteps steps)
{
    /// <summary>Whom to ask, and where: the provider of the agreement, else the one that the draft names.</summary>
    /// <returns>The peer, or a refusal: <c>not-found</c> where there is no such agreement.</returns>
    public async Task<Decision<PeerRecord>> LocateAsync(
        string participant, TransferDraft draft, CancellationToken cancel)
    {
        var found = await database.ReadAsync(
            s => Tables.Agreements.FindAsync(s, participant, draft.Agreement, cancel), cancel);
        var provider = found is { Value: { Role: Role.Consumer } agreement } ? agreement.Peer : draft.Provider;
        if (provider is null)
            return new Refusal("not-found", "There is no agreement of that name here.");
        return draft.Address is { } given
            ? new PeerRecord(provider, given, null)
            : await peers.FindAsync(participant, provider, cancel);
    }

    /// <summary>Sends the request; a purpose is signed with the participant's key.</summary>
    public async Task<Decision<Transfer>> AskAsync(
        string participant, PeerRecord provider, TransferDraft draft, CancellationToken cancel)
    {
        var consumer = Check.NotNull(await locals.FindAsync(participant, cancel));
        if ((await purposes.SignAsync(consumer, provider.Did, draft, cancel)).Refused(out var refusal, out var purpose))
            return refusal;
        var row = await database.WriteAsync(
            u => steps.StartAsync(
                u, consumer, draft.Agreement, provider, purpose == TransferSteps.NoPurpose ? null : purpose,
                draft.Format, cancel),
            cancel);
        return TransferManagement.Shown(row.Value);
    }
}
