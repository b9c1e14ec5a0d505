using Millrace.Node.Messaging;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;

namespace Millrace.Node.Catalogues;

/// <summary>A data set of another participant, and where it can be negotiated for.</summary>
/// <param name="Provider">The DID of who offers it.</param>
public sealed record Finding(string Provider, string? ProviderTitle, Uri Base, Dataset Dataset);

/// <summary>What was found, and who did not answer.</summary>
public sealed record Findings(
    IReadOnlyList<Finding> Datasets, IReadOnlyList<(string Provider, string Reason)> Unreachable);

/// <summary>
/// Reads the catalogues of the peers that a participant knows, as any connector would: over HTTP. A catalogue that
/// points to others is followed one level.
/// </summary>
public sealed class CatalogueReader(PeerClient client, PeerDirectory peers, Clock clock)
{
    /// <param name="provider">One peer's DID; null asks all that are known.</param>
    public async Task<Findings> ReadAsync(string participant, string? provider, CancellationToken cancel)
    {
        var found = new List<Finding>();
        var unreachable = new List<(string, string)>();
        if (provider is null)
        {
            var known = await peers.ListAsync(participant, cancel);
            await Task.WhenAll(known.Select(p => AddAsync(p.Value, follow: true)));
        }
        else if ((await peers.FindAsync(participant, provider, cancel)).Refused(out var refusal, out var peer))
            unreachable.Add((provider, refusal.Reason));
        else
            await AddAsync(peer, follow: true);
        return new Findings(
            [
                .. found.DistinctBy(f => (f.Provider, f.Dataset.Id)).OrderBy(f => f.Provider, StringComparer.Ordinal)
                    .ThenBy(f => f.Dataset.Id, StringComparer.Ordinal),
            ],
            unreachable);

        async Task AddAsync(PeerRecord peer, bool follow)
        {
            var pointers = new List<Catalogue>();
            var page = new Uri($"{peer.Base.AbsoluteUri.TrimEnd('/')}/catalog/request");
            for (Uri? next = page; next is not null && found.Count < clock.Limits.FindingsMax;)
            {
                var decision = await PageAsync(participant, peer, next, cancel);
                if (decision.Refused(out var refusal, out var answer))
                {
                    lock (unreachable)
                        unreachable.Add((peer.Did, refusal.Reason));
                    return;
                }
                lock (found)
                    found.AddRange(answer.Catalogue.Datasets.Select(
                        d => new Finding(peer.Did, d.Publisher ?? answer.Catalogue.Title, peer.Base, d)));
                pointers.AddRange(answer.Catalogue.Catalogues);
                next = answer.Next;
            }
            if (follow)
                await Task.WhenAll(Pointed(pointers).Take(clock.Limits.NestedCataloguesMax).Select(FollowAsync));
        }

        // Where a member is, only its own DID document says: whoever names it may want our token for it.
        async Task FollowAsync(string member)
        {
            if (!(await peers.FindAsync(participant, member, cancel)).Refused(out var refusal, out var peer))
                await AddAsync(peer, follow: false);
            else
                lock (unreachable)
                    unreachable.Add((member, refusal.Reason));
        }
    }

    /// <summary>One data set of a provider.</summary>
    public async Task<Decision<Finding>> FindAsync(
        string participant, string provider, string dataset, CancellationToken cancel)
    {
        if ((await peers.FindAsync(participant, provider, cancel)).Refused(out var refusal, out var peer))
            return refusal;
        return (await client.DatasetAsync(participant, peer, dataset, cancel)).Refused(out refusal, out var found)
            ? refusal
            : new Finding(peer.Did, found.Publisher, peer.Base, found);
    }

    /// <summary>Members that an operator's catalogue names: the service's id is their DID and a fragment.</summary>
    private static IEnumerable<string> Pointed(IEnumerable<Catalogue> pointers) =>
        (from pointer in pointers
            where pointer.Services.Count > 0
            select pointer.Services[0].Id.Split('#')[0]).Distinct();

    private async Task<Decision<CataloguePage>> PageAsync(
        string participant, PeerRecord peer, Uri url, CancellationToken cancel)
    {
        var answer = await client.AskAsync(
            participant, peer.Did, url, Wire.Write(new CatalogueRequest(null, [])), cancel);
        if (!answer.IsSuccess)
            return answer.Refusal();
        return Wire.Read<Catalogue>(answer.Body.Span).Refused(out var refusal, out var catalogue)
            ? new Refusal("bad-answer", $"The provider's answer is not usable: {refusal.Reason}")
            : new CataloguePage(catalogue, answer.Next(url));
    }

    private sealed record CataloguePage(Catalogue Catalogue, Uri? Next);
}
