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

    [Fact]
    public async Task Whoever_asks_for_an_offer_is_told_of_masks_before_and_after_and_not_of_what_is_hidden()
    {
        var (holder, reader) = (await nodes.ParticipantAsync("sqlite"), await nodes.ParticipantAsync("postgresql"));
        var product = await holder.PublishAsync(Table, Odrl.Offer(Odrl.Mask("name", "hash")));
        await SetAsync(holder, new DefaultPlanDraft(["card"], new Dictionary<string, string>
        {
            ["card"] = "hash",
            ["id"] = "round:10",
            ["name"] = "first:1",
        }));
        using var added = await reader.PostTextAsync("peers", $$"""{"address":"{{holder.Did}}"}""");
        Assert.True(added.IsSuccessStatusCode);
        var catalogue = $"catalogue/trips?provider={Uri.EscapeDataString(holder.Did)}";
        var seen = await reader.GetAsync(catalogue, ApiJson.Wire.CatalogueHit);
        var found = await reader.GetAsync("catalogue?fresh=true&q=trips", ApiJson.Wire.CatalogueHits);
        var agreement = await reader.AgreeAsync(holder, product);
        await SetAsync(holder, new DefaultPlanDraft());

        string[] told =
        [
            "Whatever is agreed: with column id rounded to multiples of 10.",
            "Whatever is agreed: with column name emptied, for the mask of these terms and the holder's own leave "
            + "nothing together.",
        ];
        IReadOnlyList<Term>[] all =
        [
            seen.Offers[0].Terms, found.Datasets[0].Offers[0].Terms,
            (await reader.GetAsync($"agreements/{agreement}", ApiJson.Wire.Agreement)).Terms,
            (await holder.GetAsync($"agreements/{agreement}", ApiJson.Wire.Agreement)).Terms,
        ];
        Assert.All(all, terms => Assert.Equal(told, terms.TakeLast(2).Select(t => t.Text)));
        Assert.DoesNotContain(
            "card",
            await reader.Node.Http.GetStringAsync(reader.Path(catalogue), TestNode.Cancel), StringComparison.Ordinal);
        var now = await reader.GetAsync(catalogue, ApiJson.Wire.CatalogueHit);
        Assert.DoesNotContain("Whatever", now.Offers[0].Terms[^1].Text, StringComparison.Ordinal);
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
