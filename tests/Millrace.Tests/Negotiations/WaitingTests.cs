using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Negotiations;

public sealed class WaitingTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Other_terms_wait_for_a_person_also_where_the_other_steps_are_the_nodes(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync("id\n1\n", Odrl.Offer(Odrl.Count(3)));
        var opened = await holder.PostAsync(
            "negotiations/offers", new OfferToDraft(reader.Did, product.Id, product.Offers[0].Id),
            ApiJson.Wire.OfferToDraft, ApiJson.Wire.Negotiation);
        Assert.Equal((false, "consumer"), (opened.Waits, opened.Turn));
        var arrived = await SeenAsync(reader, n => n.State == "OFFERED");
        Assert.Equal((true, "consumer"), (arrived.Waits, arrived.Turn));

        var terms = JsonElement.Parse(Odrl.Offer(Odrl.Count(9)).ToJsonString());
        var countered = await ActAsync(reader, arrived.Id, new NegotiationAct("counter", terms));
        Assert.False(countered.Waits);
        var back = await SeenAsync(holder, n => n.State == "REQUESTED");
        Assert.Equal((true, "provider"), (back.Waits, back.Turn));

        var agreed = await ActAsync(holder, back.Id, new NegotiationAct("agree", Rounds: 2));
        Assert.Equal((false, "consumer"), (agreed.Waits, agreed.Turn));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task After_the_agreement_nothing_is_left_to_decide(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync("id\n1\n", Odrl.Offer(Odrl.Count(3)), handling: "ask");
        await reader.PostAsync(
            "negotiations", new NegotiationDraft(holder.Did, product.Id, product.Offers[0].Id),
            ApiJson.Wire.NegotiationDraft, ApiJson.Wire.Negotiation);
        var asked = await SeenAsync(holder, n => n.State == "REQUESTED");
        Assert.Equal((true, "provider", product.Title), (asked.Waits, asked.Turn, asked.Title));

        await ActAsync(holder, asked.Id, new NegotiationAct("offer"));
        var offered = await SeenAsync(reader, n => n.State == "OFFERED");
        Assert.Equal(product.Title, offered.Title);
        await ActAsync(reader, offered.Id, new NegotiationAct("accept"));
        var ended = await SeenAsync(reader, n => n.State == "FINALIZED");
        await reader.TransferAsync(ended.Agreement!);
        var transfer = Assert.Single(await reader.GetAsync("transfers", ApiJson.Wire.IReadOnlyListTransfer));
        Assert.Equal(product.Title, transfer.Title);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_step_that_is_not_open_leaves_no_entry(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync("id\n1\n");
        var ended = await reader.NegotiateAsync(holder.Did, product.Id, product.Offers[0].Id);
        var before = (await reader.EvidenceAsync()).Count;
        using var answer = await reader.PostTextAsync(
            $"negotiations/{ended.Id}/acts",
            """{"act":"accept","acceptance":{"person":"Li Wei","paths":["permission[0]"]}}""");
        Assert.Equal((409, "bad-act"), ((int)answer.StatusCode, (await TestNode.ProblemAsync(answer)).Code));
        Assert.Equal(before, (await reader.EvidenceAsync()).Count);
    }

    private static Task<Negotiation> ActAsync(TestParticipant who, string pid, NegotiationAct act) => who.PostAsync(
        $"negotiations/{pid}/acts", act, ApiJson.Wire.NegotiationAct, ApiJson.Wire.Negotiation);

    /// <summary>The only negotiation of a participant, once it is as it should be.</summary>
    private static async Task<Negotiation> SeenAsync(TestParticipant who, Func<Negotiation, bool> right) =>
        (await Until.SeenAsync(
            () => who.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation),
            all => all is [var one] && right(one)))[0];
}
