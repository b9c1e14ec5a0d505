using System.Net;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Policies;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Catalogues;

public sealed class CatalogueTests(TwoNodes nodes)
{
    private static readonly CatalogueRequest Asking = new(null, []);

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_long_catalogue_comes_in_pages_and_a_search_reads_all_of_them(string database)
    {
        await using var node = await TestNode.StartAsync(database, limits: Limits.Default with { PageMax = 3 });
        var (holder, reader) = (await node.AddAsync("holder"), await node.AddAsync("reader"));
        string[] names = ["a1", "b2", "数据", "c3", "d4", "e5", "f6"];
        foreach (var name in names)
            await holder.PublishAsync("id\n1\n", product: name);

        await using var peer = await RawPeer.StartAsync();
        var (found, pages) = (new List<string>(), 0);
        for (string? next = "catalog/request"; next is not null; pages++)
        {
            using var answer = await peer.PostAsync(holder, next, Asking);
            found.AddRange((await RawPeer.ReadAsync<Catalogue>(answer)).Datasets.Select(d => d.Id));
            next = answer.Headers.TryGetValues("Link", out var links)
                ? links.Single().Split('>')[0][(holder.Dsp.Length + 2)..]
                : null;
        }
        Assert.Equal(3, pages);
        Assert.Equal(names.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.Equal(names.Length, found.Count);

        var (searched, hits) = (new List<string>(), (CatalogueHits?)null);
        for (var skip = 0; hits is null or { More: true }; skip = searched.Count)
        {
            hits = await reader.GetAsync(
                $"catalogue?provider={Uri.EscapeDataString(holder.Did)}&skip={skip}", ApiJson.Wire.CatalogueHits);
            searched.AddRange(hits.Datasets.Select(d => d.Id));
        }
        Assert.Equal(names.Order(StringComparer.Ordinal), searched.Order(StringComparer.Ordinal));
        Assert.Empty(hits.Unreachable);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_product_is_shown_with_its_offers_and_what_was_measured(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        await holder.PublishAsync("id\n1\n2\n", Odrl.Offer(Odrl.Count(3)), "Züge 数据");
        await using var peer = await RawPeer.StartAsync();
        using var answer = await peer.GetAsync(holder, $"catalog/datasets/{Uri.EscapeDataString("züge-数据")}");
        var shown = await RawPeer.ReadAsync<Dataset>(answer);
        Assert.Equal(("züge-数据", 2L), (shown.Id, shown.Rows));
        Assert.Equal(new Uri(holder.Dsp), shown.Distributions.Single().Service?.EndpointUrl);

        var hit = await reader.GetAsync(
            $"catalogue/{Uri.EscapeDataString("züge-数据")}?provider={Uri.EscapeDataString(holder.Did)}",
            ApiJson.Wire.CatalogueHit);
        Assert.Equal((holder.Did, shown.Id, shown.Offers[0].Id), (hit.Provider, hit.Id, hit.Offers[0].Id));
        Assert.Contains(hit.Offers[0].Terms, t => t.Text.Contains("at most 3 reads", StringComparison.Ordinal));
        Assert.Equal(shown.Quality * 100, hit.Quality);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("a%2Fb")]
    [InlineData("a%3Ab")]
    [InlineData("a%25b")]
    [InlineData("%E6%95%B0%E6%8D%AE")]
    [InlineData("%00")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("'%20OR%201=1%20--")]
    public async Task A_data_set_that_is_not_there_is_not_found_whatever_its_name(string escaped)
    {
        var holder = await nodes.ParticipantAsync("postgresql");
        await using var peer = await RawPeer.StartAsync();
        using var answer = await peer.GetAsync(holder, $"catalog/datasets/{escaped}");
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
        if (answer.StatusCode == HttpStatusCode.NotFound)
            Assert.Equal("unknown-dataset", (await RawPeer.ReadAsync<CatalogueError>(answer)).Code);
    }

    [Theory]
    [InlineData("urn:example:x")]
    [InlineData("https://example.org/data/set?x=1#y")]
    [InlineData("100% 数据/2")]
    public async Task A_data_set_of_another_connector_is_reached_whatever_its_name(string name)
    {
        var reader = await nodes.ParticipantAsync("sqlite", "reader");
        await using var peer = await RawPeer.StartAsync();
        peer.Answer = _ => Reply.With(new Dataset
        {
            Id = name,
            Offers = [new Policy { Kind = PolicyKind.Offer, Id = "o", Permissions = [new Rule { Action = "use" }] }],
            Distributions = [new Distribution("HttpData-PULL", new DataService("urn:s", peer.Callback))],
        });
        var hit = await reader.GetAsync(
            $"catalogue/{Uri.EscapeDataString(name)}?provider={Uri.EscapeDataString(peer.Did)}",
            ApiJson.Wire.CatalogueHit);
        Assert.Equal(name, hit.Id);
        Assert.Equal($"catalog/datasets/{name}", (await peer.ReceiveAsync("")).Path);
    }

    [Theory]
    [InlineData("no json", "malformed", 400)]
    [InlineData(
        """{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"CatalogRequestMessage"}""",
        null, 200)]
    [InlineData("""{"@type":"CatalogRequestMessage"}""", "wrong-context", 400)]
    [InlineData("""{"@type":"CatalogRequestMessage","@type":"CatalogRequestMessage"}""", "malformed", 400)]
    [InlineData(
        """{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"ContractRequestMessage"}""",
        "wrong-type", 400)]
    [InlineData(
        """
        {"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"CatalogRequestMessage","filter":["x"]}
        """,
        "unsupported-filter", 400)]
    public async Task A_request_that_is_not_understood_gets_a_catalogue_error(string body, string? code, int status)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        using var answer = await peer.PostAsync(holder, "catalog/request", body);
        Assert.Equal(status, (int)answer.StatusCode);
        if (code is not null)
            Assert.Equal(code, (await RawPeer.ReadAsync<CatalogueError>(answer)).Code);
    }

    [Fact]
    public async Task A_request_that_is_too_large_gets_a_catalogue_error()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        using var answer = await peer.PostAsync(
            holder, "catalog/request", new byte[holder.Node.Options.Limits.MessageBytesMax + 1]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("too-large", (await RawPeer.ReadAsync<CatalogueError>(answer)).Code);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task The_catalogue_of_the_operator_leads_to_those_of_its_members(string database)
    {
        await using var node = await TestNode.StartAsync(database);
        var space = await node.AddAsync("space", isOperator: true);
        var (one, two) = (await node.AddAsync("one"), await node.AddAsync("two"));
        await one.PublishAsync("id\n1\n", product: "from-one");
        await two.PublishAsync("id\n1\n", product: "from-two");
        var reader = await nodes.AcrossAsync(database);
        await reader.PostAsync("peers", new PeerDraft(space.Did), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer);

        var all = await reader.GetAsync("catalogue", ApiJson.Wire.CatalogueHits);
        Assert.Equal(
            [(one.Did, "from-one"), (two.Did, "from-two")], all.Datasets.Select(d => (d.Provider, d.Id)).Order());
        var some = await reader.GetAsync("catalogue?q=from%20TWO", ApiJson.Wire.CatalogueHits);
        Assert.Equal(["from-two"], some.Datasets.Select(d => d.Id));
    }

    [Fact]
    public async Task A_peer_is_found_by_its_DID_its_address_and_that_of_its_catalogue()
    {
        var (holder, reader) = (await nodes.ParticipantAsync("sqlite"), await nodes.AcrossAsync("sqlite"));
        var shown = await holder.GetAsync("", ApiJson.Wire.Participant);
        var address = new Uri(shown.Catalogue, $"/{shown.Id}");
        foreach (var said in (string[])[holder.Did, address.AbsoluteUri, shown.Catalogue.AbsoluteUri])
        {
            var found = await reader.PostAsync("peers", new PeerDraft(said), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer);
            Assert.Equal(holder.Did, found.Did);
        }
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_well_is_named_and_keeps_nothing_from_the_others()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await nodes.ParticipantAsync("sqlite", "reader");
        await holder.PublishAsync("id\n1\n");
        await using var peer = await RawPeer.StartAsync();
        peer.Answer = _ => Reply.Ok; // {} is no catalogue.
        foreach (var did in (string[])[holder.Did, peer.Did])
            await reader.PostAsync("peers", new PeerDraft(did), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer);
        var hits = await reader.GetAsync("catalogue", ApiJson.Wire.CatalogueHits);
        Assert.Equal([holder.Did], hits.Datasets.Select(d => d.Provider));
        Assert.Equal([peer.Did], hits.Unreachable.Select(u => u.Provider));
    }
}
