using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Millrace.Node.Hosting;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Delivery;

/// <summary>What is counted is what left, and no more leaves than the contract allows.</summary>
public sealed class CountTests(TwoNodes nodes)
{
    private const int Limit = 7;
    private const int Readers = 20;
    private const string Table = "id,text\n1,one\n2,two\n3,three\n";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Many_readers_at_once_get_no_more_reads_than_were_agreed(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var agreement = await AgreeAsync(peer, holder);
        var accesses = new List<DataAccess>();
        for (var i = 0; i < 3; i++)
            accesses.Add(await peer.AccessAsync(holder, agreement)); // More transfers give no more reads.

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Readers).Select(i => ReadPatientlyAsync(accesses[i % accesses.Count])));
        await HoldsAsync(holder, agreement, answers);
    }

    [Fact]
    public async Task Nor_do_they_when_they_ask_two_nodes_over_one_database()
    {
        var connection = await TestNode.NewDatabaseAsync();
        var options = new NodeOptions
        {
            DataFolder = "",
            Listen = new Uri("http://127.0.0.1:0"),
            Database = connection,
            MasterKey = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            AllowPrivatePeers = true,
        };
        await using var first = await TestNode.StartAsync(options);
        // Both see the same objects, as they would in a store of their own.
        await using var second = await TestNode.StartAsync(
            options, prepare: folder => Directory.CreateSymbolicLink(
                Path.Combine(folder, "objects"), Path.Combine(first.Options.DataFolder, "objects")));
        var holder = await first.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var agreement = await AgreeAsync(peer, holder);
        var here = await peer.AccessAsync(holder, agreement);
        var there = here with
        {
            Endpoint = new Uri(second.Address, here.Endpoint.PathAndQuery),
        };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Readers).Select(i => ReadPatientlyAsync(i % 2 == 0 ? here : there)));
        await HoldsAsync(holder, agreement, answers);
        // Two sequencers have worked on one log: it must still be one.
        await new TestParticipant(second, holder.Id, holder.Did).EvidenceAsync();
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Parts_of_one_read_are_one_read_and_their_repetition_has_an_end(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var agreement = await AgreeAsync(peer, holder);
        var access = await peer.AccessAsync(holder, agreement);
        var (head, _) = await DataTests.ReadAsync(access.Request(HttpMethod.Head));
        var length = head.Content.Headers.ContentLength!.Value;
        var read = "";
        for (var at = 0L; at < length; at += 10)
        {
            var (part, bytes) = await DataTests.ReadAsync(
                DataTests.With(access, "Range", $"bytes={at}-{Math.Min(at + 9, length - 1)}"));
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(Math.Min(10, length - at), bytes.Length);
            var named = part.Headers.GetValues("Millrace-Read").Single();
            Assert.Equal(read.Length == 0 ? named : read, named);
            read = named;
        }
        var used = await holder.AgreementAsync(agreement);
        Assert.Equal((1, 3, length), (used.Reads, used.Rows, used.Bytes));

        // All of it again and again, as parts: soon that is another read, and in the end there is none left.
        HttpStatusCode last;
        var sent = length;
        do
        {
            var (part, bytes) = await DataTests.ReadAsync(DataTests.With(access, "Range", "bytes=0-"));
            last = part.StatusCode;
            sent += last == HttpStatusCode.PartialContent ? bytes.Length : 0;
        }
        while (last == HttpStatusCode.PartialContent);
        Assert.Equal(HttpStatusCode.Forbidden, last);
        used = await holder.AgreementAsync(agreement);
        Assert.Equal((Limit, sent), (used.Reads, used.Bytes));
        // What broke off may be sent again; a second time the whole is a second read.
        Assert.True(sent < Limit * length * holder.Node.Options.Limits.ReadRepeatsMax);
    }

    private static async Task<string> AgreeAsync(RawPeer peer, TestParticipant holder) =>
        await peer.AgreeAsync(holder, await holder.PublishAsync(Table, Odrl.Offer(Odrl.Count(Limit))));

    /// <summary>Asks again where the node is busy: who lost a race often enough is told to.</summary>
    private static async Task<HttpStatusCode> ReadPatientlyAsync(DataAccess access) =>
        await Until.SeenAsync(
            async () => (await DataTests.ReadAsync(access.Request(HttpMethod.Get))).Answer.StatusCode,
            status => status != HttpStatusCode.ServiceUnavailable);

    private static async Task HoldsAsync(TestParticipant holder, string agreement, HttpStatusCode[] answers)
    {
        Assert.Equal(Limit, answers.Count(a => a == HttpStatusCode.OK));
        Assert.Equal(Readers - Limit, answers.Count(a => a == HttpStatusCode.Forbidden));
        var used = await holder.AgreementAsync(agreement);
        Assert.Equal((Limit, Limit * 3), (used.Reads, used.Rows));
        var entries = await holder.EvidenceAsync();
        Assert.Equal(Limit, entries.Count(e => e.Type == "read-opened"));
        var refused = entries.Where(e => e.Type == "read-refused").ToList();
        Assert.Equal(Readers - Limit, refused.Count);
        Assert.All(refused, e => Assert.Equal(
            ("count-used-up", "permission[0].constraint[0]"),
            (e.Body.GetProperty("data").GetProperty("code").GetString(),
                e.Body.GetProperty("data").GetProperty("rule").GetString())));
    }
}
