using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>What changed from version to version, as the reader sees it.</summary>
public sealed class ChangesTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Changes_are_those_of_the_governed_view(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        var offer = Odrl.Offer(Odrl.Columns("id", "who"), Odrl.Row("city", "ORD"), Odrl.Mask("who", "first:1"));
        const string head = "id,city,who,secret\n";
        var reader = await peer.ReadAsync(
            holder, $"{head}1,ORD,alice,x\n2,ORD,bob,x\n3,MDW,carol,x\n4,ORD,dan,x\n", offer);
        // 1: hidden changes only. 2: leaves the reader's sight. 3: comes into it. 4: is gone. 5: is hidden.
        await holder.PublishAsync($"{head}1,ORD,anna,y\n2,MDW,bob,x\n3,ORD,carol,x\n5,MDW,eve,x\n");
        await holder.PublishAsync($"{head}1,ORD,axel,z\n2,MDW,rob,x\n3,ORD,cleo,x\n6,MDW,eve,x\n"); // Nothing to see.
        await holder.PublishAsync($"{head}1,ORD,axel,z\n3,ORD,cleo,x\n3,ORD,cleo,x\n"); // A row a second time.
        var client = reader.Client;

        var all = await client.GetAsync($"{client.Table}/changes?startingVersion=1");
        Assert.Equal("1", all.Headers["Delta-Table-Version"]);
        Assert.Equal(
            ["protocol", "metaData", "add", "cdf", "cdf"], all.Lines.Select(l => l.EnumerateObject().Single().Name));
        Assert.Equal([["1", "a"], ["2", "b"], ["4", "d"]], await RowsAsync(all, "add", 0));
        Assert.Equal(
            [["2", "b", "delete"], ["3", "c", "insert"], ["4", "d", "delete"]], await RowsAsync(all, "cdf", 0));
        Assert.Equal([["3", "c", "insert"]], await RowsAsync(all, "cdf", 1));
        Assert.Equal([2, 4], all.Of("cdf").Select(c => c.GetProperty("version").GetInt32()));
        var times = (await holder.GetAsync("products/trips", Millrace.Node.Api.ApiJson.Wire.Product)).Versions;
        Assert.Equal(
            times[1].CreatedAt.ToUnixTimeMilliseconds(), all.Of("cdf")[0].GetProperty("timestamp").GetInt64());

        var some = await client.GetAsync($"{client.Table}/changes?startingVersion=2&endingVersion=3");
        Assert.Equal(["protocol", "metaData", "cdf"], some.Lines.Select(l => l.EnumerateObject().Single().Name));
        Assert.Equal(all.Of("cdf")[0].GetProperty("id").GetString(), some.Of("cdf")[0].GetProperty("id").GetString());
        var delta = await client.GetAsync(
            $"{client.Table}/changes?startingVersion=4&endingVersion=99&includeHistoricalMetadata=true",
            ("delta-sharing-capabilities", "responseformat=delta"));
        Assert.True(delta.Of("file").Single().GetProperty("deltaSingleAction").TryGetProperty("cdc", out _));
        Assert.Equal(3, (await holder.AgreementAsync(reader.Agreement)).Reads); // A file each, and counted once.
    }

    [Fact]
    public async Task Whoever_follows_a_table_gets_the_rows_that_came_or_the_whole_where_some_went()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder, "id\n1\n");
        await holder.PublishAsync("id\n1\n2\n");
        await holder.PublishAsync("id\n2\n3\n");
        var query = await reader.Client.QueryAsync("""{"startingVersion":1}""");
        Assert.Equal(
            ["protocol", "metaData", "add", "add", "remove", "add"],
            query.Lines.Select(l => l.EnumerateObject().Single().Name));
        Assert.Equal([["1"]], await RowsAsync(query, "add", 0));
        Assert.Equal([["2"]], await RowsAsync(query, "add", 1));
        Assert.Equal([["1"], ["2"]], await RowsAsync(query, "remove", 0));
        Assert.Equal([["2"], ["3"]], await RowsAsync(query, "add", 2));
        var end = await reader.Client.QueryAsync("""{"startingVersion":2,"endingVersion":2}""");
        Assert.Equal([["2"]], await RowsAsync(end, "add", 0));
    }

    [Fact]
    public async Task Pages_of_files_follow_each_other_and_what_is_published_between_them_waits()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder, "id\n1\n");
        for (var i = 2; i <= 3; i++)
            await holder.PublishAsync($"id\n{i}\n");
        var client = reader.Client;
        var first = await client.GetAsync($"{client.Table}/changes?startingVersion=1&maxFiles=2");
        var token = first.Of("endStreamAction").Single().GetProperty("nextPageToken").GetString();
        await holder.PublishAsync("id\n4\n");
        var second = await client.GetAsync($"{client.Table}/changes?startingVersion=1&maxFiles=2&pageToken={token}");
        Assert.Equal((1, 1), (first.Of("add").Count, first.Of("cdf").Count));
        Assert.Equal([3], second.Of("cdf").Select(c => c.GetProperty("version").GetInt32()));
        Assert.Empty(second.Of("endStreamAction"));

        // The link of the header leads to the same page.
        var link = first.Headers["Link"];
        Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
        var followed = await client.GetAsync(new Uri(holder.Node.Address, link[1..link.IndexOf('>')]).AbsoluteUri);
        Assert.Equal(
            second.Of("cdf").Single().GetProperty("id").GetString(),
            followed.Of("cdf").Single().GetProperty("id").GetString());

        var wrong = await client.GetAsync($"{client.Table}/changes?startingVersion=2&pageToken={token}");
        Assert.Equal((400, "INVALID_PARAMETER_VALUE", null), wrong.Error);
        Assert.Equal(400, (await client.PostAsync(
            $"{client.Table}/query", $$"""{"startingVersion":1,"pageToken":"{{token}}"}""")).Error.Status);
    }

    private static async Task<List<string?[]>> RowsAsync(SharingReply reply, string kind, int index) =>
        SharingWorld.Rows(await SharingClient.FileAsync(reply.Of(kind)[index].GetProperty("url").GetString()!));
}
