using System.Text;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Delivery;

/// <summary>What a holder hides whatever is agreed.</summary>
public sealed class DefaultPlanTests(TwoNodes nodes)
{
    private const string Table = "id,name,card\n1,Ada,4711\n2,Bob,4712\n";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task It_narrows_agreements_made_from_then_on_and_none_that_run(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync(Table, Odrl.Offer(Odrl.Mask("name", "first:2")));
        var old = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
        var set = await SetAsync(holder, new DefaultPlanDraft(["card"], new Dictionary<string, string>
        {
            ["name"] = "first:1",
        }));
        Assert.Equal("first:1", set.Masks!["name"]);
        var fresh = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
        await SetAsync(holder, new DefaultPlanDraft());
        var last = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));

        const string before = "id,name,card\r\n1,Ad,4711\r\n2,Bo,4712\r\n";
        Assert.Equal(before, await TextAsync(old));
        Assert.Equal("id,name\r\n1,A\r\n2,B\r\n", await TextAsync(fresh));
        Assert.Equal(before, await TextAsync(last));
        Assert.Equal(2, (await holder.EvidenceAsync("default-plan-set")).Count);
    }

    [Theory]
    [InlineData("""{"hidden":["nobody"]}""", "unknown-column")]
    [InlineData("""{"masks":{"id":"first:1"}}""", "bad-value")]
    [InlineData("""{"masks":{"id":"blur"}}""", "bad-value")]
    [InlineData("""{"hidden":["id","name","card"]}""", "no-columns")]
    [InlineData("""{"hidden":["card"]}""", "no-columns")]
    public async Task What_the_table_or_an_offer_cannot_keep_is_refused(string json, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table, Odrl.Offer(Odrl.Columns("card")));
        using var answer = await holder.PostTextAsync("products/trips/default-plan", json);
        Assert.Equal(code, (await TestNode.ProblemAsync(answer)).Code);
        var plan = await holder.GetAsync("products/trips/default-plan", ApiJson.Wire.DefaultPlanDraft);
        Assert.Empty(plan.Hidden!);
    }

    private static Task<DefaultPlanDraft> SetAsync(TestParticipant holder, DefaultPlanDraft draft) => holder.PostAsync(
        "products/trips/default-plan", draft, ApiJson.Wire.DefaultPlanDraft, ApiJson.Wire.DefaultPlanDraft);

    private static async Task<string> TextAsync(DataAccess access) =>
        Encoding.UTF8.GetString((await DataTests.ReadAsync(access.Request(HttpMethod.Get))).Content);
}
