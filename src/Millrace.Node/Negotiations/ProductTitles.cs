using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Negotiations;

/// <summary>What the products of negotiations are called: ours as we named them, others' as last read.</summary>
internal static class ProductTitles
{
    /// <summary>Negotiations as they are shown, with the titles that are known here.</summary>
    public static async Task<IReadOnlyList<Api.Negotiation>> AddAsync(
        Session session, string participant, IReadOnlyList<NegotiationRecord> negotiations, CancellationToken cancel)
    {
        string[] ours = [.. negotiations.Where(IsOurs).Select(n => n.Dataset).Distinct()];
        string[] theirs = [.. negotiations.Where(n => !IsOurs(n) && n.Title is null).Select(Found).Distinct()];
        var owned = (await Tables.Products.ListAsync(session, participant, ours, cancel))
            .ToDictionary(p => p.Id, p => p.Value.Title);
        var found = (await Tables.FoundDatasets.ListAsync(session, participant, theirs, cancel))
            .ToDictionary(d => d.Id, d => d.Value.Title);
        return
        [
            .. negotiations.Select(n => NegotiationManagement.Shown(n) with
            {
                Title = IsOurs(n)
                    ? owned.GetValueOrDefault(n.Dataset)
                    : n.Title ?? found.GetValueOrDefault(Found(n)),
            }),
        ];
    }

    private static bool IsOurs(NegotiationRecord negotiation) => negotiation.Process.Role == Role.Provider;

    private static string Found(NegotiationRecord negotiation) =>
        FoundDatasetRecord.IdOf(negotiation.Process.Peer, negotiation.Dataset);
}
