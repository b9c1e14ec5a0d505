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
