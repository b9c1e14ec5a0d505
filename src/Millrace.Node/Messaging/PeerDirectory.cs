using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;

namespace Millrace.Node.Messaging;

/// <summary>Where other participants are: found through their DID documents, remembered per participant.</summary>
public sealed class PeerDirectory(Database database, DidResolver dids, GuardedHttp http, Clock clock)
{
    /// <summary>The peers that a participant knows.</summary>
    public Task<List<Stored<PeerRecord>>> ListAsync(string participant, CancellationToken cancel) =>
        database.ReadAsync(
            s => Tables.Peers.ListAsync(s, participant, "", clock.Limits.PageMax, cancel), cancel);

    /// <summary>Finds a peer by its DID, its address or that of its catalogue, and remembers it.</summary>
    public async Task<Decision<PeerRecord>> AddAsync(string participant, string address, CancellationToken cancel)
    {
        var asked = Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? Did.FromUrl(NodeAddress.OwnerOf(url))
            : Did.Parse(address);
        if (asked.Refused(out var refusal, out var did) ||
            (await LocateAsync(did.Value, cancel)).Refused(out refusal, out var peer))
        {
            return refusal;
        }
        await RememberAsync(participant, peer, cancel);
        return peer;
    }

    /// <summary>The base address of a peer's protocol endpoints: as remembered, else found.</summary>
    public async Task<Decision<PeerRecord>> FindAsync(string participant, string did, CancellationToken cancel) =>
        await database.ReadAsync(s => Tables.Peers.FindAsync(s, participant, did, cancel), cancel) is { } known
            ? known.Value
            : await AddAsync(participant, did, cancel);

    /// <returns>The peer that is known no more; null: it was not.</returns>
    public Task<PeerRecord?> RemoveAsync(string participant, string did, CancellationToken cancel) =>
        database.WriteAsync(
            async unit =>
            {
                var known = await Tables.Peers.FindAsync(unit, participant, did, cancel);
                if (known is not null)
                    await Tables.Peers.DeleteAsync(unit, participant, [did], cancel);
                return known?.Value;
            },
            cancel);

    public Task RememberAsync(string participant, PeerRecord peer, CancellationToken cancel) =>
        database.WriteAsync(
            async unit =>
            {
                var known = await Tables.Peers.FindAsync(unit, participant, peer.Did, cancel);
                if (known?.Value != peer)
                    await Tables.Peers.SaveAsync(
                        unit, known?.With(peer) ?? new(participant, peer.Did, 0, peer), cancel);
            },
            cancel);

    /// <summary>DID document → root of the data service → version document → base.</summary>
    private async Task<Decision<PeerRecord>> LocateAsync(string did, CancellationToken cancel)
    {
        if ((await dids.ResolveAsync(did, cancel)).Refused(out var refusal, out var document))
            return refusal;
        if (document.Endpoint(DidDocument.DataService) is not { } versions)
            return new Refusal("no-data-service", $"{did} names no data service in its DID document.");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, versions);
            var answer = await http.ExchangeAsync(request, clock.Limits.MessageBytesMax, cancel);
            if (!answer.IsSuccess || VersionDocument.Read(answer.Body.Span).Refused(out _, out var read) ||
                read.Ours is not { } ours)
            {
                return new Refusal("no-version", $"{did} does not speak the Dataspace Protocol {Dspace.Version}.");
            }
            var root = versions.AbsoluteUri[..^VersionDocument.Path.Length];
            return new PeerRecord(did, new Uri(root + ours.Path.TrimEnd('/')), null);
        }
        catch (PeerException unreachable)
        {
            return new Refusal(unreachable.Code, unreachable.Message);
        }
    }
}
