using System.Net;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Storage;

public sealed class IsolationTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Nothing_of_a_participant_shows_under_another_one(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var reader = await nodes.ParticipantAsync(database, "reader");
        var other = await nodes.ParticipantAsync(database, "other");
        var product = await holder.PublishAsync("id\n1\n");
        var agreement = await reader.AgreeAsync(holder, product);
        var transfer = await reader.TransferAsync(agreement);
        Assert.Equal("STARTED", transfer.State);
        var scenario = await holder.PostAsync(
            "scenarios", new ScenarioDraft("t", "p", "m", "u", 1), ApiJson.Wire.ScenarioDraft, ApiJson.Wire.Scenario);
        var theirs = (await holder.GetAsync("transfers", ApiJson.Wire.IReadOnlyListTransfer)).Single();
        var negotiation = (await holder.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation)).Single();

        (HttpMethod Method, string Path, string? Body)[] routes =
        [
            (HttpMethod.Get, $"products/{product.Id}", null),
            (HttpMethod.Post, $"products/{product.Id}/offers", $$"""{"policy":{{Odrl.Offer().ToJsonString()}}}"""),
            (HttpMethod.Get, $"products/{product.Id}/elements", null),
            (HttpMethod.Post, $"products/{product.Id}/elements", """{"column":"id","person":"A","reason":"b"}"""),
            (HttpMethod.Get, $"products/{product.Id}/joins", null),
            (HttpMethod.Get, $"negotiations/{negotiation.Id}", null),
            (HttpMethod.Get, $"agreements/{agreement}", null),
            (HttpMethod.Post, $"agreements/{agreement}/withdrawal", """{"ground":"breach"}"""),
            (HttpMethod.Post, $"agreements/{agreement}/duties", """{"duty":"permission[0].duty[0]"}"""),
            (HttpMethod.Get, $"transfers/{theirs.Id}", null),
            (HttpMethod.Get, $"transfers/{transfer.Id}/data", null),
            (HttpMethod.Post, $"transfers/{transfer.Id}/completion", ""),
            (HttpMethod.Get, $"scenarios/{scenario.Id}", null),
            (HttpMethod.Post, $"scenarios/{scenario.Id}/outcome", """{"after":1,"agreements":[]}"""),
        ];
        foreach (var (method, path, body) in routes)
        {
            using var request = new HttpRequestMessage(method, other.Path(path))
            {
                Content = body is null ? null : new StringContent(body),
            };
            using var answer = await other.Node.Http.SendAsync(request, TestNode.Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {answer.StatusCode}");
            await TestNode.ProblemAsync(answer);
        }
        Assert.Empty(await other.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
        Assert.Empty(await other.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation));
        Assert.Empty(await other.GetAsync("agreements", ApiJson.Wire.IReadOnlyListAgreement));
        Assert.Empty(await other.GetAsync("transfers", ApiJson.Wire.IReadOnlyListTransfer));
        Assert.Empty(await other.GetAsync("scenarios", ApiJson.Wire.IReadOnlyListScenario));
        Assert.Empty(await other.GetAsync("peers", ApiJson.Wire.IReadOnlyListPeer));
        Assert.Empty(await other.GetAsync("members", ApiJson.Wire.IReadOnlyListMember));
        Assert.Empty((await other.GetAsync("usage", ApiJson.Wire.Usage)).Lines);
        Assert.Equal(["participant-added"], (await other.EvidenceAsync()).Select(e => e.Type));
        // What the strangers tried has changed nothing.
        Assert.Equal("active", (await holder.AgreementAsync(agreement)).State);
    }

    [Fact]
    public async Task Every_route_of_a_participant_that_is_not_there_is_not_found()
    {
        var node = await nodes.OnAsync("sqlite");
        foreach (var path in (string[])
            ["", "products", "catalogue", "negotiations", "agreements", "transfers", "evidence", "usage", "scenarios"])
        {
            using var answer = await node.Http.GetAsync($"participants/nobody/{path}", TestNode.Cancel);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("unknown-participant", (await TestNode.ProblemAsync(answer)).Code);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer wrong")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    public async Task Nobody_manages_a_node_without_its_token(string authorization)
    {
        var node = await nodes.OnAsync("sqlite");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, "/api/v1/node"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await http.SendAsync(request, TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("no-token", (await TestNode.ProblemAsync(answer)).Code);
    }
}
