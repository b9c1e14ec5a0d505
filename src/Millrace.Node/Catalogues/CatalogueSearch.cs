using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Protocol.Catalogues;

namespace Millrace.Node.Catalogues;

/// <summary>Searching what others offer, for the management API.</summary>
public static class CatalogueSearch
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/catalogue", SearchAsync);
        participant.MapGet("/catalogue/{dataset}", ShowAsync);
    }

    /// <summary>Asks the known peers, and keeps what holds all words in title, description, keywords or id.</summary>
    /// <param name="q">Words, of which each must occur; null keeps everything.</param>
    public static async Task<IResult> SearchAsync(
        string participant, string? q, string? provider, CatalogueReader reader, CancellationToken cancel) =>
        TypedResults.Json(await FindAsync(participant, q, provider, reader, cancel), ApiJson.Wire.CatalogueHits);

    /// <inheritdoc cref="SearchAsync"/>
    public static async Task<CatalogueHits> FindAsync(
        string participant, string? q, string? provider, CatalogueReader reader, CancellationToken cancel)
    {
        var findings = await reader.ReadAsync(participant, provider, cancel);
        var words = (q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new CatalogueHits(
            [.. findings.Datasets.Where(f => Holds(f.Dataset, words)).Select(Hit)],
            [.. findings.Unreachable.Select(u => new UnreachablePeer(u.Provider, u.Reason))]);
    }

    public static async Task<IResult> ShowAsync(
        string participant, string dataset, string provider, CatalogueReader reader, CancellationToken cancel) =>
        (await reader.FindAsync(participant, provider, dataset, cancel)).Refused(out var refusal, out var found)
            ? Problems.Refused(refusal, refusal.Code == "unknown-dataset" ? 404 : 502)
            : TypedResults.Json(Hit(found), ApiJson.Wire.CatalogueHit);

    internal static CatalogueHit Hit(Finding f) => new(
        f.Provider, f.Dataset.Id, f.Dataset.Title ?? f.Dataset.Id, f.Dataset.Description ?? "", f.Dataset.Keywords,
        [.. f.Dataset.Offers.Select(Shown.Offer)],
        [.. f.Dataset.Distributions.Select(d => d.Format).Distinct()], f.ProviderTitle, f.Dataset.Rows,
        f.Dataset.Quality * 100);

    private static bool Holds(Dataset dataset, string[] words)
    {
        var text = string.Join('\n', [dataset.Id, dataset.Title, dataset.Description, .. dataset.Keywords]);
        return Array.TrueForAll(words, w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
    }
}
