using System.Net;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Protocol.Catalogues;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Catalogues;

/// <summary>Offers that not everybody sees, over HTTP between two nodes.</summary>
public sealed class VisibilityTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_offer_is_there_only_for_whom_its_holder_names(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var (customer, stranger) = (await nodes.AcrossAsync(database), await nodes.AcrossAsync(database));
        var product = await PublishAsync(holder, "trips", customer);
        var offer = product.Offers.Single();
        Assert.Equal($"Seen only if {customer.Did} asks.", offer.VisibleLine!.Text);

        var path = $"catalogue/trips?provider={Uri.EscapeDataString(holder.Did)}";
        Assert.Equal(
            offer.Id, Assert.Single((await customer.GetAsync(path, ApiJson.Wire.CatalogueHit)).Offers).Id);
        using var hidden = await stranger.Node.Http.GetAsync(stranger.Path(path), TestNode.Cancel);
        Assert.NotEqual(HttpStatusCode.OK, hidden.StatusCode);

        // Of the whole catalogue neither the product nor the customer's name is seen; what is open is.
        await holder.PublishAsync("id\n1\n", product: "open");
        await using var peer = await RawPeer.StartAsync();
        using var page = await peer.PostAsync(holder, "catalog/request", new CatalogueRequest(null, []));
        var text = await page.Content.ReadAsStringAsync(TestNode.Cancel);
        Assert.Contains("\"open\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("trips", text, StringComparison.Ordinal);
        Assert.DoesNotContain(customer.Did, text, StringComparison.Ordinal);

        // Who guesses its id learns no more than from one that there is not.
        var policy = offer.Policy;
        var guessed = await stranger.NegotiateAsync(holder.Did, "trips", offer.Id, policy);
        var invented = await stranger.NegotiateAsync(holder.Did, "trips", "urn:uuid:none", policy);
        Assert.Equal(("TERMINATED", "unknown-offer"), (guessed.State, guessed.Refusal!.Code));
        Assert.Equal(invented.Refusal!.Reason, guessed.Refusal.Reason);
        Assert.Equal("FINALIZED", (await customer.NegotiateAsync(holder.Did, "trips", offer.Id)).State);

        foreach (var form in (string[])["dcat", "croissant", "provenance"])
        {
            using var described = await holder.Node.Http.GetAsync(
                holder.Path($"products/trips/description?form={form}"), TestNode.Cancel);
            Assert.DoesNotContain(
                offer.Id, await described.Content.ReadAsStringAsync(TestNode.Cancel), StringComparison.Ordinal);
        }
        var logged = Assert.Single(
            await holder.EvidenceAsync("offer-published"),
            e => e.Body.GetProperty("data").TryGetProperty("visible", out var hash) && hash.GetString() is not null);
        Assert.DoesNotContain(customer.Did, logged.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_offers_each_sees_theirs_by_the_register_too()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var customer = await nodes.AcrossAsync("sqlite");
        await holder.PublishAsync("id\n1\n");
        using var added = await holder.PostTextAsync(
            "products/trips/offers",
            """
            {"policy":{"permission":[{"action":"use"}]},"id":"urn:uuid:members",
             "visible":{"when":[{"leftOperand":"mr:seat","operator":"isPartOf","rightOperand":"CN"}]}}
            """);
        await TestNode.ReadAsync(added, ApiJson.Wire.OfferInfo);
        Assert.Single((await SeenAsync()).Offers);
        using var recorded = await holder.PostTextAsync(
            "members", $$"""{"did":"{{customer.Did}}","seat":"CN-SH"}""");
        await TestNode.ReadAsync(recorded, ApiJson.Wire.Member);
        Assert.Equal(2, (await SeenAsync()).Offers.Count);

        using var bad = await holder.PostTextAsync(
            "products/trips/offers", """{"policy":{"permission":[{"action":"use"}]},"visible":{"when":[]}}""");
        Assert.Equal("bad-value", (await TestNode.ProblemAsync(bad)).Code);

        Task<CatalogueHit> SeenAsync() => customer.GetAsync(
            $"catalogue/trips?provider={Uri.EscapeDataString(holder.Did)}", ApiJson.Wire.CatalogueHit);
    }

    private static async Task<Product> PublishAsync(TestParticipant holder, string id, TestParticipant customer)
    {
        var visible = $$"""
            {"when":[{"leftOperand":"mr:participant","operator":"eq","rightOperand":"{{customer.Did}}"}]}
            """;
        using var answer = await holder.UploadAsync(
            new ProductDraft(id, Visible: JsonElement.Parse(visible)), ("table.csv", "id\n1\n"u8.ToArray()));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }
}
