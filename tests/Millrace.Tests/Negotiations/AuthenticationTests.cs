using System.Net;
using System.Text;
using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Negotiations;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Negotiations;

public sealed class AuthenticationTests(TwoNodes nodes)
{
    private static readonly byte[] Asking = Wire.Write(new CatalogueRequest(null, []));

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_token_that_is_not_good_gets_an_answer_that_tells_nothing(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var other = await nodes.ParticipantAsync(database, "other");
        await using var peer = await RawPeer.StartAsync();
        using var wrong = ParticipantKey.Generate("key-1");
        var now = TimeProvider.System.GetUtcNow();
        var used = peer.Token(holder.Did);
        using (var first = await peer.PostAsync(holder, "catalog/request", Asking, used))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        string Made(ParticipantKey key, string did, string audience, DateTimeOffset at) =>
            SelfIssuedToken.Issue(key, did, audience, at, RawReader.NewPid());
        string[] bad =
        [
            "",
            "no.token.here",
            used, // Replayed.
            Made(peer.Key, peer.Did, other.Did, now), // For another audience.
            Made(peer.Key, peer.Did, holder.Did, now.AddMinutes(-10)), // Expired.
            Made(peer.Key, peer.Did, holder.Did, now.AddMinutes(10)), // Not valid yet.
            Made(wrong, peer.Did, holder.Did, now), // Of another key.
            Made(peer.Key, holder.Did, holder.Did, now), // In somebody else's name.
        ];
        var said = new HashSet<string>();
        foreach (var token in bad)
        {
            using var answer = await peer.PostAsync(holder, "catalog/request", Asking, token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
            said.Add(await answer.Content.ReadAsStringAsync(TestNode.Cancel));
        }
        Assert.Single(said); // No hint of which it was.

        // Where the caller's document cannot be had now, the caller may try again; what we found is not said either.
        var away = Made(peer.Key, "did:web:127.0.0.1%3A1:raw", holder.Did, now);
        using var later = await peer.PostAsync(holder, "catalog/request", Asking, away);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, later.StatusCode);
        Assert.DoesNotContain("127.0.0.1", (await TestNode.ProblemAsync(later)).Detail, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_token_that_opened_a_negotiation_opens_no_other_one(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var offer = (await holder.PublishAsync("id\n1\n")).Offer();
        await using var peer = await RawPeer.StartAsync();
        var token = peer.Token(holder.Did);
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Unauthorized])
        {
            var opening = Wire.Write(peer.Opening(offer));
            using var answer = await peer.PostAsync(holder, "negotiations/request", opening, token);
            Assert.Equal(status, answer.StatusCode);
        }
        Assert.Single(await holder.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation));
    }

    [Fact]
    public async Task Every_protocol_route_asks_for_a_token_before_anything_else()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var http = new HttpClient();
        foreach (var (method, path) in new[]
        {
            ("POST", "catalog/request"), ("GET", "catalog/datasets/x"), ("POST", "negotiations/request"),
            ("GET", "negotiations/x"), ("POST", "negotiations/x/request"), ("POST", "negotiations/x/offers"),
            ("POST", "negotiations/x/agreement"), ("POST", "negotiations/x/agreement/verification"),
            ("POST", "negotiations/x/events"), ("POST", "negotiations/x/termination"), ("POST", "transfers/request"),
            ("GET", "transfers/x"), ("POST", "transfers/x/start"), ("POST", "transfers/x/suspension"),
            ("POST", "transfers/x/completion"), ("POST", "transfers/x/termination"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{holder.Dsp}/{path}");
            if (method == "POST")
                request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request, TestNode.Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Versions_and_the_did_document_can_be_read_by_anybody()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var http = new HttpClient();
        var root = $"{holder.Node.Address}{holder.Id}";
        var versions = await http.GetByteArrayAsync($"{root}/dsp/.well-known/dspace-version", TestNode.Cancel);
        Assert.False(VersionDocument.Read(versions).Refused(out _, out var read));
        Assert.Equal("/2025-1", read!.Ours?.Path);
        var document = await http.GetByteArrayAsync($"{root}/did.json", TestNode.Cancel);
        Assert.False(DidDocumentReader.Read(document).Refused(out _, out var did));
        Assert.Equal(holder.Did, did!.Id);
        Assert.Equal(new Uri($"{holder.Dsp}/catalog"), did.Endpoint(DidDocument.CatalogService));
        foreach (var path in (string[])["nobody/did.json", "nobody/dsp/.well-known/dspace-version"])
        {
            using var none = await http.GetAsync(new Uri(holder.Node.Address, path), TestNode.Cancel);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Fact]
    public async Task A_node_that_is_open_to_the_world_calls_no_private_address()
    {
        await using var node = await TestNode.StartAsync("sqlite", allowPrivatePeers: false);
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        // It would have to be asked for its DID document, at an address that peers may not have.
        using var answer = await peer.PostAsync(holder, "catalog/request", Asking);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        foreach (var address in (string[])[peer.Did, $"{peer.Address}raw", "http://10.0.0.1/x", "https://localhost/x"])
        {
            using var added = await holder.PostTextAsync("peers", $$"""{"address":"{{address}}"}""");
            Assert.True((int)added.StatusCode is 422 or 502, $"{address}: {added.StatusCode}");
            await TestNode.ProblemAsync(added);
        }
        Assert.Empty(peer.Left());
    }

    [Fact]
    public async Task A_callback_at_an_address_that_peers_may_not_have_is_never_called()
    {
        await using var node = await TestNode.StartAsync("sqlite", allowPrivatePeers: false);
        var (holder, reader) = (await node.AddAsync("holder"), await node.AddAsync("reader"));
        using var key = await node.KeyOfAsync(reader.Id);
        await using var trap = await RawPeer.StartAsync();
        var offer = (await holder.PublishAsync("id\n1\n")).Offer();
        foreach (var callback in (Uri[])[trap.Callback, new Uri("http://10.0.0.1/x")])
        {
            var opening = trap.Opening(offer) with { CallbackAddress = callback };
            var token = SelfIssuedToken.Issue(
                key, reader.Did, holder.Did, TimeProvider.System.GetUtcNow(), RawReader.NewPid());
            using var answer = await trap.PostAsync(holder, "negotiations/request", Wire.Write(opening), token);
            Assert.Equal(400, (int)answer.StatusCode);
            Assert.Equal("peer-url", (await RawPeer.ReadAsync<NegotiationRefused>(answer)).Code);
        }
        Assert.Empty(trap.Left());
        Assert.Empty(await holder.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation));
    }
}
