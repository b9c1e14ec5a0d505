using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Benchmarks;

/// <summary>A data space of two nodes, each a process of its own: a holder on one, an analyst on the other.</summary>
internal sealed class Space : IAsyncDisposable
{
    private readonly NodeProcess _holderNode;
    private readonly NodeProcess _analystNode;

    private Space(
        NodeProcess holderNode, NodeProcess analystNode, ParticipantClient holder, ParticipantClient analyst) =>
        (_holderNode, _analystNode, Holder, Analyst) = (holderNode, analystNode, holder, analyst);

    public ParticipantClient Holder { get; }

    public ParticipantClient Analyst { get; }

    public NodeProcess HolderNode => _holderNode;

    public NodeProcess AnalystNode => _analystNode;

    /// <summary>Processor time that both nodes have used.</summary>
    public TimeSpan ProcessorTime() => _holderNode.ProcessorTime() + _analystNode.ProcessorTime();

    /// <param name="database">Makes a database for each node; null: SQLite.</param>
    public static async Task<Space> StartAsync(
        Bench bench, Func<CancellationToken, Task<string>>? database, CancellationToken cancel)
    {
        var holderNode = await StartNodeAsync("holder");
        var analystNode = await StartNodeAsync("analyst");
        var holder = await ParticipantClient.AddAsync(holderNode, "holder", cancel);
        var analyst = await ParticipantClient.AddAsync(analystNode, "analyst", cancel);
        await analyst.PostAsync(
            "peers", new PeerDraft(holder.Participant.Did), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer, cancel);
        return new Space(holderNode, analystNode, holder, analyst);

        async Task<NodeProcess> StartNodeAsync(string name) => await NodeProcess.StartAsync(
            bench, bench.NewFolder(name), database is null ? null : await database(cancel), cancel);
    }

    /// <summary>Negotiates for an offer of the holder.</summary>
    /// <returns>The id of the agreement.</returns>
    public Task<string> AgreeAsync(Product product, string offer, CancellationToken cancel) =>
        Analyst.NegotiateAsync(Holder.Participant.Did, product.Id, offer, cancel);

    /// <summary>Adds an offer of those terms, negotiates for it, and starts a transfer.</summary>
    /// <returns>The path of the transfer, for the analyst.</returns>
    public async Task<string> TransferAsync(Product product, JsonElement policy, CancellationToken cancel)
    {
        var offer = await Holder.PostAsync(
            $"products/{product.Id}/offers", new OfferDraft(policy), ApiJson.Wire.OfferDraft, ApiJson.Wire.OfferInfo,
            cancel);
        return await Analyst.TransferAsync(await AgreeAsync(product, offer.Id, cancel), cancel);
    }

    /// <summary>Where the holder's node keeps the one file of a product.</summary>
    public string Stored(Product product)
    {
        var sha256 = product.Latest.Files[0].Sha256;
        return Path.Combine(_holderNode.Folder, "objects", sha256[..2], sha256);
    }

    public async ValueTask DisposeAsync()
    {
        Holder.Dispose();
        Analyst.Dispose();
        await _analystNode.DisposeAsync();
        await _holderNode.DisposeAsync();
    }
}
