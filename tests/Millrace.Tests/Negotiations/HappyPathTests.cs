using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Negotiations;

public sealed class HappyPathTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Two_nodes_over_different_databases_come_to_the_same_agreement(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync("id,city\n1,ORD\n2,MDW\n", Odrl.Offer(Odrl.Count(3)));

        var ended = await reader.NegotiateAsync(holder.Did, product.Id, product.Offers[0].Id);

        Assert.Equal(("FINALIZED", "consumer", holder.Did), (ended.State, ended.Role, ended.Peer));
        var (theirs, ours) =
            (await holder.AgreementAsync(ended.Agreement!), await reader.AgreementAsync(ended.Agreement!));
        Assert.Equal(("provider", reader.Did), (theirs.Role, theirs.Peer));
        Assert.Equal(("consumer", holder.Did), (ours.Role, ours.Peer));
        Assert.Equal(theirs.Policy.GetRawText(), ours.Policy.GetRawText());
        Assert.Equal(theirs.AgreedAt, ours.AgreedAt);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_agreement_bears_the_title_of_the_product_on_both_sides(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        using var uploaded = await holder.UploadAsync(
            new ProductDraft("trips", "Trips by taxi"), ("table.csv", "id\n1\n"u8.ToArray()));
        var product = await TestNode.ReadAsync(uploaded, ApiJson.Wire.Product);

        var asked = await reader.AgreeAsync(holder, product);
        Assert.Equal("Trips by taxi", (await holder.AgreementAsync(asked)).Title);
        Assert.Equal("Trips by taxi", (await reader.AgreementAsync(asked)).Title);

        // Who brings terms of their own has not asked for the offer, but may have seen it in a search.
        foreach (var title in (string[])[product.Id, "Trips by taxi"])
        {
            var ended = await reader.NegotiateAsync(
                holder.Did, product.Id, product.Offers[0].Id, product.Offers[0].Policy);
            Assert.Equal(title, (await reader.AgreementAsync(ended.Agreement!)).Title);
            await reader.PostAsync("peers", new PeerDraft(holder.Did), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer);
            await reader.GetAsync("catalogue?q=taxi&fresh=true", ApiJson.Wire.CatalogueHits);
        }
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_offer_that_is_not_in_the_catalogue_cannot_be_asked_for(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync("id\n1\n");
        using var answer = await reader.PostTextAsync(
            "negotiations", $$"""{"provider":"{{holder.Did}}","dataset":"{{product.Id}}","offer":"urn:none"}""");
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal("unknown-offer", (await TestNode.ProblemAsync(answer)).Code);
        Assert.Empty(await reader.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation));
    }
}
