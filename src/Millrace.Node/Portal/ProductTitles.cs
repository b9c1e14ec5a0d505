using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Portal;

/// <summary>What the products of negotiations are called: ours as we named them, others' as last read.</summary>
public sealed class ProductTitles
{
    private readonly Dictionary<string, string> _ours;
    private readonly Dictionary<string, string?> _theirs;

    private ProductTitles(Dictionary<string, string> ours, Dictionary<string, string?> theirs) =>
        (_ours, _theirs) = (ours, theirs);

    public static async Task<ProductTitles> ReadAsync(
        string participant, IEnumerable<Negotiation> negotiations, Database database, CancellationToken cancel)
    {
        var all = negotiations.ToList();
        string[] ours = [.. all.Where(n => n.Role == "provider").Select(n => n.Dataset).Distinct()];
        string[] theirs = [.. all.Where(n => n.Role == "consumer").Select(Found).Distinct()];
        return await database.ReadAsync(
            async session => new ProductTitles(
                (await Tables.Products.ListAsync(session, participant, ours, cancel))
                .ToDictionary(p => p.Id, p => p.Value.Title),
                (await Tables.FoundDatasets.ListAsync(session, participant, theirs, cancel))
                .ToDictionary(d => d.Id, d => d.Value.Title)),
            cancel);
    }

    /// <summary>The title; of a product that is not known, its id.</summary>
    public string Of(Negotiation negotiation) =>
        (negotiation.Role == "provider"
            ? _ours.GetValueOrDefault(negotiation.Dataset)
            : _theirs.GetValueOrDefault(Found(negotiation))) ?? negotiation.Dataset;

    private static string Found(Negotiation negotiation) =>
        FoundDatasetRecord.IdOf(negotiation.Peer, negotiation.Dataset);
}
