using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>The DID documents of the participants that this node hosts.</summary>
public sealed class OwnDocuments(LocalParticipants locals, ParticipantKeys keys, NodeAddress address)
{
    public async Task<DidDocument> OfAsync(ParticipantRecord participant, CancellationToken cancel)
    {
        Check.That(!Did.Parse(participant.Did).Refused(out _, out var did), "a participant's DID is well-formed");
        var key = await keys.SigningAsync(participant.Id, cancel);
        return DidDocument.Of(did, key, address.DspRoot(participant.Id), address.LogKey(participant.Id));
    }

    /// <summary>Null for everybody who is not hosted here.</summary>
    public async ValueTask<DidDocument?> FindAsync(string did, CancellationToken cancel) =>
        await locals.FindByDidAsync(did, cancel) is { } found ? await OfAsync(found, cancel) : null;
}
