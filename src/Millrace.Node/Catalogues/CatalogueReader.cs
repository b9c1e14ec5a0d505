using Millrace.Node.Messaging;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;

namespace Millrace.Node.Catalogues;

/// <summary>A page of a catalogue.</summary>
/// <param name="LeftOut">Why each data set that cannot be used is not among them.</param>
/// <param name="Members">The DIDs of others to whose catalogues it points.</param>
/// <param name="Next">Where the next page is; null: this is the last.</param>
public sealed record CataloguePage(
    IReadOnlyList<FoundDatasetRecord> Datasets, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Members,
    Uri? Next);

/// <summary>Reads the catalogues of others, as any connector would: over HTTP.</summary>
public sealed class CatalogueReader(PeerClient client, PeerDirectory peers)
{
    /// <param name="next">As the page before named it; null: the first page.</param>
    public async Task<Decision<CataloguePage>> PageAsync(
        string participant, PeerRecord peer, Uri? next, CancellationToken cancel)
    {
        var url = next ?? new Uri($"{peer.Base.AbsoluteUri.TrimEnd('/')}/catalog/request");
        var answer = await client.AskAsync(
            participant, peer.Did, url, Wire.Write(new CatalogueRequest(null, [])), cancel);
        if (!answer.IsSuccess)
            return answer.Refusal();
        return Wire.Read<Catalogue>(answer.Body.Span).Refused(out var refusal, out var catalogue)
            ? new Refusal("bad-answer", $"The provider's answer is not usable: {refusal.Reason}")
            : new CataloguePage(
                [.. catalogue.Datasets.Select(d => Found(peer, d.Publisher ?? catalogue.Title, d))],
                catalogue.LeftOut, [.. Pointed(catalogue.Catalogues)], answer.Next(url));
    }

    /// <summary>One data set of a provider.</summary>
    public async Task<Decision<FoundDatasetRecord>> FindAsync(
        string participant, string provider, string dataset, CancellationToken cancel)
    {
        if ((await peers.FindAsync(participant, provider, cancel)).Refused(out var refusal, out var peer))
            return refusal;
        return (await client.DatasetAsync(participant, peer, dataset, cancel)).Refused(out refusal, out var found)
            ? refusal
            : Found(peer, found.Publisher, found);
    }

    /// <summary>Members that an operator's catalogue names: the service's id is their DID and a fragment.</summary>
    private static IEnumerable<string> Pointed(IEnumerable<Catalogue> pointers) =>
        (from pointer in pointers
            where pointer.Services.Count > 0
            select pointer.Services[0].Id.Split('#')[0]).Distinct();

    private static FoundDatasetRecord Found(PeerRecord peer, string? title, Dataset dataset) => new(
        peer.Did, title, dataset.Id, dataset.Title, dataset.Description, dataset.Keywords,
        [.. dataset.Distributions.Select(d => d.Format).Distinct()], dataset.Rows, dataset.Quality, dataset.Offers,
        dataset.Query, dataset.HoldsFiles, dataset.Elements is { Count: > 0 } elements ? elements : null,
        dataset.Masks is { Count: > 0 } masks ? masks : null);
}
