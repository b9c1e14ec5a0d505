using System.Net;
using Millrace.Node;
using Millrace.Protocol.Negotiations;
using Millrace.Tests.Nodes;
using Millrace.Tests.Storage;

namespace Millrace.Tests.Negotiations;

public sealed class OpenLimitTests
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_peer_has_only_so_many_negotiations_open_until_some_of_them_end(string database)
    {
        await using var node = await TestNode.StartAsync(
            database, limits: Limits.Default with { OpenNegotiationsMax = 2 });
        await using var peer = await RawPeer.StartAsync();
        await using var other = await RawPeer.StartAsync();
        var holder = await node.AddAsync("holder");
        var offer = (await holder.PublishAsync("id\n1\n", handling: "ask")).Offer();

        var first = peer.Opening(offer);
        var opened = await OpenAsync(peer, first, HttpStatusCode.Created);
        await OpenAsync(peer, peer.Opening(offer), HttpStatusCode.Created);
        using (var refused = await peer.PostAsync(holder, "negotiations/request", peer.Opening(offer)))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            var why = await RawPeer.ReadAsync<NegotiationRefused>(refused);
            Assert.Equal("too-many-open", why.Code);
            Assert.Contains("terminate some", Assert.Single(why.Reasons), StringComparison.Ordinal);
        }
        Assert.Equal(opened, await OpenAsync(peer, first, HttpStatusCode.Created)); // A repeat opens nothing.
        await OpenAsync(other, other.Opening(offer), HttpStatusCode.Created);

        using (var ended = await peer.PostAsync(
            holder, $"negotiations/{opened}/termination",
            new NegotiationEnded(RawReader.NewPid(), first.ConsumerPid, opened, null, ["Not needed."])))
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        await OpenAsync(peer, peer.Opening(offer), HttpStatusCode.Created);

        async Task<string> OpenAsync(RawPeer who, ContractRequest request, HttpStatusCode status)
        {
            using var answer = await who.PostAsync(holder, "negotiations/request", request);
            Assert.Equal(status, answer.StatusCode);
            return (await RawPeer.ReadAsync<NegotiationStatus>(answer)).ProviderPid;
        }
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task They_are_counted_by_their_index(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var plan = await database.WriteAsync(
            async unit =>
            {
                if (database.IsPostgres) // A table of a few rows is read whole there, whatever indexes it has.
                    await unit.ExecuteAsync("SET LOCAL enable_seqscan = off", [], TestNode.Cancel);
                return await unit.QueryAsync(
                    $"""
                     EXPLAIN {(database.IsPostgres ? "" : "QUERY PLAN")}
                     SELECT count(*) FROM negotiation WHERE participant = @participant AND open_with = @value
                     """,
                    [("participant", "me"), ("value", "did:web:a.example")], r => r.GetString(r.FieldCount - 1),
                    TestNode.Cancel);
            },
            TestNode.Cancel);
        Assert.Contains("negotiation_open_with", string.Join(' ', plan), StringComparison.Ordinal);
    }
}
