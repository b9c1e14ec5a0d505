using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Delivery;

/// <summary>A node whose time the tests turn, and a table on it: its making is the most work here.</summary>
public sealed class StreamWorld : IAsyncLifetime
{
    public const int Rows = 8_000;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    internal TestNode Node { get; private set; } = null!;

    internal RawPeer Peer { get; private set; } = null!;

    internal TestParticipant Holder { get; private set; } = null!;

    internal Product Product { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Node = await TestNode.StartAsync("sqlite", Time);
        Peer = await RawPeer.StartAsync(Time);
        Holder = await Node.AddAsync("holder");
        Product = await Holder.PublishAsync(Noise());
    }

    /// <summary>Larger than all that lies between a node and a reader, and nothing can compress it.</summary>
    internal static string Noise()
    {
        var csv = new StringBuilder("id,noise\n");
        for (var i = 0; i < Rows; i++)
            csv.Append(CultureInfo.InvariantCulture, $"{i},{RandomNumberGenerator.GetHexString(1200)}\n");
        return csv.ToString();
    }

    /// <summary>Contracts the table under these constraints.</summary>
    internal async Task<(TestParticipant Holder, string Agreement, DataAccess Access)> BeginAsync(
        params JsonObject[] constraints)
    {
        var offer = await Holder.PostAsync(
            $"products/{Product.Id}/offers",
            new OfferDraft(JsonElement.Parse(Odrl.Offer(constraints).ToJsonString())), ApiJson.Wire.OfferDraft,
            ApiJson.Wire.OfferInfo);
        var agreement = await Peer.AgreeAsync(Holder, Product with { Offers = [offer] });
        return (Holder, agreement, await Peer.AccessAsync(Holder, agreement));
    }

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        await Node.DisposeAsync();
    }
}
