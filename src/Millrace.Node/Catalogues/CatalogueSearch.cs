using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Messaging;
using Millrace.Node.Storage.Records;
using Millrace.Node.Storage.Search;

namespace Millrace.Node.Catalogues;

/// <summary>What is looked for in the catalogues of others.</summary>
/// <param name="Words">All must occur in title, keywords, description or id; null keeps everything.</param>
/// <param name="Provider">The DID of the only one to ask; null: all that are known.</param>
/// <param name="Id">The id of a data set or of one of its offers.</param>
/// <param name="Fresh">Reads the catalogues now, however young they are.</param>
/// <param name="From">Hits to leave out, for the pages after the first.</param>
public sealed record CatalogueQuery(
    string? Words = null, string? Provider = null, string? Id = null, bool Fresh = false, int? Limit = null,
    int From = 0);

/// <summary>Searching what others offer.</summary>
public static class CatalogueSearch
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/catalogue", SearchAsync);
        participant.MapGet("/catalogue/{dataset}", ShowAsync);
        participant.MapPost("/peers/remove", RemovePeerAsync);
    }

    /// <summary>Searches the catalogues of the known peers, as last read.</summary>
    /// <param name="q">Words, of which each must occur.</param>
    /// <param name="id">The id of a data set or of one of its offers.</param>
    public static async Task<IResult> SearchAsync(
        string participant, string? q, string? provider, string? id, bool? fresh, int? limit, int? skip,
        FoundCatalogues catalogues, FoundDatasets datasets, Clock clock, CancellationToken cancel)
    {
        var query = new CatalogueQuery(q, provider, id, fresh ?? false, limit, skip ?? 0);
        return TypedResults.Json(
            await FindAsync(participant, query, catalogues, datasets, clock.Limits, cancel),
            ApiJson.Wire.CatalogueHits);
    }

    /// <inheritdoc cref="SearchAsync"/>
    public static async Task<CatalogueHits> FindAsync(
        string participant, CatalogueQuery query, FoundCatalogues catalogues, FoundDatasets datasets, Limits limits,
        CancellationToken cancel)
    {
        var read = await catalogues.SeeAsync(participant, query.Provider, query.Fresh, cancel);
        var (hits, more) = await LookAsync(participant, query, read, datasets, limits, cancel);
        if (hits.Count == 0 && query is { Id: not null, Fresh: false })
        {
            // Who names an id has it from somewhere: it may be newer than what was read.
            read = await catalogues.SeeAsync(participant, query.Provider, fresh: true, cancel);
            (hits, more) = await LookAsync(participant, query, read, datasets, limits, cancel);
        }
        return new CatalogueHits(
            [.. hits.Select(Hit)],
            [.. read.Where(c => c.Failure is not null).Select(c => new UnreachablePeer(c.Provider, c.Failure!))],
            [
                .. read.Where(c => c.ReadAt is not null)
                    .Select(c => new CatalogueRead(
                        c.Provider, c.ReadAt!.Value, c.Datasets, c.LeftOut, c.LeftOutFor)),
            ],
            more);
    }

    /// <summary>Forgets another participant and what its catalogue holds. What is under way with it goes on.</summary>
    public static async Task<IResult> RemovePeerAsync(
        string participant, HttpRequest request, PeerDirectory peers, FoundCatalogues catalogues,
        CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.PeerDraft, cancel);
        if (await peers.RemoveAsync(participant, draft.Address, cancel) is not { } peer)
            return Problems.NotFound("peer");
        await catalogues.ForgetAsync(participant, peer.Did, cancel);
        return TypedResults.Json(new Peer(peer.Did, peer.Base, peer.Title), ApiJson.Wire.Peer);
    }

    /// <summary>One data set, as its provider shows it now.</summary>
    public static async Task<IResult> ShowAsync(
        string participant, string dataset, string provider, CatalogueReader reader, CancellationToken cancel) =>
        (await reader.FindAsync(participant, provider, dataset, cancel)).Refused(out var refusal, out var found)
            ? Problems.Refused(refusal, refusal.Code == "unknown-dataset" ? 404 : 502)
            : TypedResults.Json(Hit(found), ApiJson.Wire.CatalogueHit);

    internal static CatalogueHit Hit(FoundDatasetRecord d) => new(
        d.Provider, d.Id, d.Title ?? d.Id, d.Description ?? "", d.Keywords,
        [.. d.Offers.Select(o => Shown.Offer(o, d.Masks))],
        d.Formats, d.ProviderTitle, d.Rows, d.Quality * 100, d.Query is { } query ? Shown.Query(query) : null,
        d.HoldsFiles, d.Elements is { } elements
            ? [.. elements.Select(e => new ColumnMeaning(e.Column, Shown.Element(e.Element)))]
            : null);

    private static async Task<(IReadOnlyList<FoundDatasetRecord> Hits, bool More)> LookAsync(
        string participant, CatalogueQuery query, IReadOnlyList<FoundCatalogueRecord> read, FoundDatasets datasets,
        Limits limits, CancellationToken cancel)
    {
        var words = Words.Asked(query.Words);
        if (words.Length == 0 && !string.IsNullOrWhiteSpace(query.Words))
            return ([], false); // Signs alone occur nowhere.
        var limit = Math.Clamp(query.Limit ?? limits.HitsUsual, 1, limits.PageMax);
        var skip = Math.Clamp(query.From, 0, limits.FindingsMax);
        IReadOnlyList<string> terms = [.. words.Take(limits.WordsPerSearchMax)];
        if (query.Id is { } id)
            terms = [FoundDatasetRecord.IdTerm(id), .. terms];
        var providers = query.Provider is null ? null : read.Select(c => c.Provider).ToList();
        var found = await datasets.FindAsync(participant, terms, providers, skip, limit + 1, cancel);
        return ([.. found.Take(limit)], found.Count > limit);
    }
}
