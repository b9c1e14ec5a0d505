using System.Net;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Protocol.Transfers;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>Signed URLs: what they open, for how long, and what the contract says on every request.</summary>
public sealed class FileTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task All_that_one_url_brings_is_one_read_metered_on_the_bytes_that_left(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        var reader = await peer.ReadAsync(holder, offer: Odrl.Offer(Odrl.Count(1)));
        var query = await reader.Client.QueryAsync();
        var size = query.Of("file").Single().GetProperty("size").GetInt64();

        var head = await SharingClient.FileAsync(HttpMethod.Head, query.Url);
        Assert.Equal((HttpStatusCode.OK, $"{size}", "bytes"),
            (head.Status, head.Headers["Content-Length"], head.Headers["Accept-Ranges"]));
        Assert.Equal(0, (await holder.AgreementAsync(reader.Agreement)).Reads);
        var tail = await SharingClient.FileAsync(query.Url, ("Range", $"bytes={size - 8}-{size - 1}"));
        Assert.Equal(HttpStatusCode.PartialContent, tail.Status);
        Assert.Equal($"bytes {size - 8}-{size - 1}/{size}", tail.Headers["Content-Range"]);
        Assert.Equal("PAR1"u8.ToArray(), tail.Body[4..]);
        var whole = await SharingClient.FileAsync(query.Url);
        Assert.Equal(head.Headers["ETag"], whole.Headers["ETag"]);
        Assert.Equal(tail.Body, whole.Body[^8..]);
        Assert.Equal(
            HttpStatusCode.NotModified,
            (await SharingClient.FileAsync(query.Url, ("If-None-Match", whole.Headers["ETag"]))).Status);
        Assert.Equal(
            HttpStatusCode.RequestedRangeNotSatisfiable,
            (await SharingClient.FileAsync(query.Url, ("Range", $"bytes={size}-"))).Status);
        var used = await Until.SeenAsync(
            () => holder.AgreementAsync(reader.Agreement), a => a.Bytes == size + 8);
        Assert.Equal((1, 3), (used.Reads, used.Rows));
        Assert.Equal(tail.Headers["Millrace-Read"], whole.Headers["Millrace-Read"]);
        Assert.Single(await holder.EvidenceAsync("read-opened"));
        var usage = await holder.GetAsync("usage", ApiJson.Wire.Usage);
        Assert.Equal(size + 8, usage.Lines.Single(l => l.Agreement == reader.Agreement).Bytes);

        // Another query is another read, and the contract allows one: the count is not to be had twice.
        Assert.Equal(
            (403, "PERMISSION_DENIED", "count-used-up"),
            (await reader.Client.PostAsync($"{reader.Client.Table}/query", "{}")).Error);
        Assert.Equal(HttpStatusCode.OK, (await reader.Client.GetAsync("/shares")).Status);
    }

    [Fact]
    public async Task Two_urls_had_before_the_count_was_used_up_are_still_one_read()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder, offer: Odrl.Offer(Odrl.Count(1)));
        var (first, second) = (await reader.Client.QueryAsync(), await reader.Client.QueryAsync());
        Assert.NotEqual(first.Url, second.Url);
        Assert.Equal(HttpStatusCode.OK, (await SharingClient.FileAsync(first.Url)).Status);
        Assert.Equal((403, "PERMISSION_DENIED", "count-used-up"), (await SharingClient.FileAsync(second.Url)).Error);
    }

    [Fact]
    public async Task A_url_brings_its_file_so_many_times_and_not_without_end()
    {
        await using var node = await TestNode.StartAsync("sqlite", limits: Limits.Default with { UrlRepeatsMax = 2 });
        await using var peer = await RawPeer.StartAsync();
        var reader = await peer.ReadAsync(await node.AddAsync("holder"));
        var url = (await reader.Client.QueryAsync()).Url;
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await SharingClient.FileAsync(url)).Status);
        Assert.Equal((403, "PERMISSION_DENIED", "url-used-up"), (await SharingClient.FileAsync(url)).Error);
    }

    [Fact]
    public async Task The_file_of_a_url_had_again_counts_again()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder, offer: Odrl.Offer(Odrl.Count(2)));
        var (url, spare) = ((await reader.Client.QueryAsync()).Url, (await reader.Client.QueryAsync()).Url);
        var size = (await SharingClient.FileAsync(url)).Body.Length;
        await SharingClient.FileAsync(url);
        await SharingClient.FileAsync(url, ("Range", $"bytes={size / 2}-")); // Engines have parts of it twice.
        Assert.Equal((1, 3), Counted(await SettledAsync((2 * size) + (size - (size / 2)))));
        await SharingClient.FileAsync(url);
        Assert.Equal((2, 6), Counted(await SettledAsync((3 * size) + (size - (size / 2)))));

        Assert.Equal((403, "PERMISSION_DENIED", "count-used-up"), (await SharingClient.FileAsync(url)).Error);
        Assert.Equal((403, "PERMISSION_DENIED", "count-used-up"), (await SharingClient.FileAsync(spare)).Error);
        await holder.WithdrawAsync(reader.Agreement);
        var closed = Assert.Single(await holder.EvidenceAsync("read-closed")).Body.GetProperty("data");
        Assert.Equal((2, 6), (closed.GetProperty("reads").GetInt32(), closed.GetProperty("rows").GetInt32()));

        Task<Agreement> SettledAsync(long bytes) =>
            Until.SeenAsync(() => holder.AgreementAsync(reader.Agreement), a => a.Bytes == bytes);
        static (long, long) Counted(Agreement agreement) => (agreement.Reads, agreement.Rows);
    }

    [Fact]
    public async Task A_url_that_was_altered_or_is_shown_by_another_opens_nothing()
    {
        await using var peer = await RawPeer.StartAsync();
        var (holder, stranger) = (await nodes.ParticipantAsync("sqlite"), await nodes.ParticipantAsync("sqlite"));
        var (own, other) = (await peer.ReadAsync(holder), await peer.ReadAsync(holder));
        var (url, theirs) = ((await own.Client.QueryAsync()).Url, (await other.Client.QueryAsync()).Url);
        var (mine, their) = (Parts(url), Parts(theirs));
        foreach (var text in new[]
        {
            $"{mine.Body}.{their.Mac}", $"{their.Body}.{mine.Mac}", mine.Body, $"{mine.Body}.", $".{mine.Mac}",
            $"{mine.Body}.{mine.Mac}A", $"{mine.Body}.{mine.Mac}=", $"{mine.Body}x.{mine.Mac}",
            $"{mine.Body[..^1]}{(mine.Body[^1] == 'A' ? 'B' : 'A')}.{mine.Mac}", $"{mine.Body}.{mine.Mac}.{mine.Mac}",
            Flip(mine.Body) + "." + mine.Mac, mine.Body + "." + Flip(mine.Mac), new string('A', 3_000) + "." + mine.Mac,
        })
        {
            var refused = await SharingClient.FileAsync($"{own.Client.Root}/files/{text}.parquet");
            Assert.Equal((text, (403, "PERMISSION_DENIED", "url-altered")), (text, refused.Error));
        }
        var elsewhere = url.Replace($"/{holder.Id}/", $"/{stranger.Id}/", StringComparison.Ordinal);
        Assert.Equal("url-altered", (await SharingClient.FileAsync(elsewhere)).Error.Code);
        Assert.Equal("url-replaced", (await other.Client.GetAsync(url)).Error.Code);
        Assert.Equal("url-replaced", (await own.Client.With("wrong").GetAsync(url)).Error.Code);
        // A page token is sealed too, but for something else.
        var token = (await own.Client.GetAsync("/shares?maxResults=0")).Json.GetProperty("nextPageToken").GetString();
        Assert.Equal(
            "url-altered", (await SharingClient.FileAsync($"{own.Client.Root}/files/{token}.parquet")).Error.Code);
        Assert.Equal(0, (await holder.AgreementAsync(own.Agreement)).Reads);
        Assert.Equal(HttpStatusCode.OK, (await own.Client.GetAsync(url)).Status);
    }

    [Fact]
    public async Task Withdrawal_suspension_and_the_end_of_the_contract_take_effect_at_the_next_request()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var node = await TestNode.StartAsync("sqlite", time);
        await using var peer = await RawPeer.StartAsync(time);
        var holder = await node.AddAsync("holder");

        var withdrawn = await peer.ReadAsync(holder);
        var url = (await withdrawn.Client.QueryAsync()).Url;
        await holder.WithdrawAsync(withdrawn.Agreement);
        await RefusedAsync(withdrawn, url, "withdrawn");

        var suspended = await peer.ReadAsync(holder);
        url = (await suspended.Client.QueryAsync()).Url;
        await MoveAsync(
            peer, holder, suspended, "suspension", (c, p) => new TransferSuspended("urn:s", c, p, null, []));
        await RefusedAsync(suspended, url, "transfer-not-running");
        await MoveAsync(peer, holder, suspended, "start", (c, p) => new TransferStarted("urn:r", c, p, null));
        var resumed = (await SharingClient.FileAsync(url)).Status;

        var ended = await peer.ReadAsync(holder, offer: Odrl.Offer(Odrl.Within("PT10M")), name: "short");
        url = (await ended.Client.QueryAsync()).Url;
        time.Advance(TimeSpan.FromMinutes(11));
        await RefusedAsync(ended, url, "expired");
        Assert.Equal(HttpStatusCode.OK, resumed); // The consumer resumed it, with the token that it had.
    }

    [Fact]
    public async Task A_url_ends_with_its_time_and_a_new_one_is_to_be_had()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var node = await TestNode.StartAsync("sqlite", time);
        await using var peer = await RawPeer.StartAsync(time);
        var reader = await peer.ReadAsync(await node.AddAsync("holder"));
        var query = await reader.Client.QueryAsync();
        var until = DateTimeOffset.FromUnixTimeMilliseconds(
            query.Of("file").Single().GetProperty("expirationTimestamp").GetInt64());
        Assert.InRange(until - time.GetUtcNow(), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60));
        time.Advance(until - time.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await SharingClient.FileAsync(query.Url)).Status);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((403, "PERMISSION_DENIED", "url-expired"), (await SharingClient.FileAsync(query.Url)).Error);
        Assert.Equal(3, (await (await reader.Client.QueryAsync()).RowsAsync()).Count);
    }

    private static async Task RefusedAsync(Reader reader, string url, string code)
    {
        var client = reader.Client;
        foreach (var refused in new[]
        {
            await SharingClient.FileAsync(url), await client.GetAsync("/shares"),
            await client.GetAsync($"{client.Table}/version"), await client.GetAsync($"{client.Table}/metadata"),
            await client.PostAsync($"{client.Table}/query", "{}"),
            await client.GetAsync($"{client.Table}/changes?startingVersion=1"),
        })
        {
            Assert.Equal((403, "PERMISSION_DENIED", code), refused.Error);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await SharingClient.FileAsync(HttpMethod.Head, url)).Status);
    }

    private static async Task MoveAsync(
        RawPeer peer, TestParticipant holder, Reader reader, string path, Func<string, string, TransferMessage> message)
    {
        using var moved = await peer.PostAsync(
            holder, $"transfers/{reader.Access.ProviderPid}/{path}",
            message(reader.Access.ConsumerPid, reader.Access.ProviderPid));
        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync(TestNode.Cancel));
    }

    private static (string Body, string Mac) Parts(string url)
    {
        var text = url[(url.LastIndexOf('/') + 1)..^".parquet".Length].Split('.');
        return (text[0], text[1]);
    }

    private static string Flip(string text) => (text[0] == 'A' ? 'B' : 'A') + text[1..];
}
