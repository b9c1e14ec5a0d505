using System.Globalization;
using System.Text.Json;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>The state of a table: its version, its columns, the file that holds it.</summary>
public sealed class QueryTests(TwoNodes nodes)
{
    private const string Types =
        "id,amount,at,day,time,ok,text\n1,1.50,2026-01-02T03:04:05Z,2026-01-02,08:30:00,true,a\n";

    private static readonly (string, string) Delta = ("delta-sharing-capabilities", "responseformat=delta");

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_query_names_one_file_that_holds_just_what_the_contract_shows(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        var reader = await peer.ReadAsync(
            holder, offer: Odrl.Offer(Odrl.Columns("id", "who"), Odrl.Row("city", "ORD"), Odrl.Mask("who", "first:1")));
        var query = await reader.Client.QueryAsync();

        Assert.Equal(["protocol", "metaData", "file"], query.Lines.Select(l => l.EnumerateObject().Single().Name));
        Assert.Equal("1", query.Headers["Delta-Table-Version"]);
        Assert.Equal("responseformat=parquet", query.Headers["delta-sharing-capabilities"]);
        Assert.Equal("application/x-ndjson; charset=utf-8", query.Headers["Content-Type"]);
        Assert.Equal(1, query.Of("protocol").Single().GetProperty("minReaderVersion").GetInt32());
        var (file, meta) = (query.Of("file").Single(), query.Of("metaData").Single());
        Assert.Equal("{\"numRecords\":2}", file.GetProperty("stats").GetString());
        var bytes = await SharingClient.FileAsync(query.Url);
        Assert.Equal([["1", "a"], ["3", "c"]], SharingWorld.Rows(bytes));
        Assert.Equal(bytes.Body.Length, file.GetProperty("size").GetInt64());
        Assert.Equal(bytes.Body.Length, meta.GetProperty("size").GetInt64());
        Assert.Equal(
            """{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}},"""
                + """{"name":"who","type":"string","nullable":true,"metadata":{}}]}""",
            meta.GetProperty("schemaString").GetString());
        Assert.DoesNotContain("MDW", System.Text.Encoding.Latin1.GetString(bytes.Body), StringComparison.Ordinal);

        var again = await reader.Client.QueryAsync("""{"version":null,"params":{},"responseFormat":"delta"}""");
        Assert.Equal(file.GetProperty("id").GetString(), again.Of("file").Single().GetProperty("id").GetString());
        var metadata = await reader.Client.GetAsync($"{reader.Client.Table}/metadata");
        Assert.Equal(query.Lines.Take(2).Select(l => l.GetRawText()), metadata.Lines.Select(l => l.GetRawText()));
        Assert.Equal("1", metadata.Headers["Delta-Table-Version"]);

        var used = await Until.SeenAsync(() => holder.AgreementAsync(reader.Agreement), a => a.Reads == 1);
        Assert.Equal((1, 2, bytes.Body.Length), (used.Reads, used.Rows, used.Bytes)); // Asking is not reading.
        var opened = (await holder.EvidenceAsync("read-opened")).Single().Body.GetProperty("data");
        Assert.Equal("delta-sharing", opened.GetProperty("way").GetString());
        Assert.Equal(file.GetProperty("id").GetString(), opened.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Each_type_is_one_that_engines_know()
    {
        await using var peer = await RawPeer.StartAsync();
        var client = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"), Types)).Client;
        var query = await client.QueryAsync();
        var schema = JsonElement.Parse(query.Of("metaData").Single().GetProperty("schemaString").GetString()!);
        var types = schema.GetProperty("fields").EnumerateArray()
            .ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("type").GetString()!);
        Assert.Equal(("long", "timestamp", "date"), (types["id"], types["at"], types["day"]));
        Assert.Equal(("string", "boolean", "string"), (types["time"], types["ok"], types["text"]));
        Assert.Equal("double", types["amount"]);
        Assert.Equal("08:30:00", (await query.RowsAsync()).Single()[4]);
    }

    [Fact]
    public async Task The_delta_format_is_spoken_where_it_is_the_only_one_that_is_taken()
    {
        await using var peer = await RawPeer.StartAsync();
        var client = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"))).Client;
        var query = await client.QueryAsync("{}", Delta, ("fileidhash", "DELTA"));
        Assert.Equal("responseformat=delta", query.Headers["delta-sharing-capabilities"]);
        Assert.Equal("delta", query.Headers["fileidhash"]);
        var protocol = query.Of("protocol").Single().GetProperty("deltaProtocol");
        Assert.Equal(1, protocol.GetProperty("minReaderVersion").GetInt32());
        Assert.Equal(
            "true",
            query.Of("metaData").Single().GetProperty("deltaMetadata").GetProperty("configuration")
                .GetProperty("delta.enableChangeDataFeed").GetString());
        var add = query.Of("file").Single().GetProperty("deltaSingleAction").GetProperty("add");
        var file = await SharingClient.FileAsync(add.GetProperty("path").GetString()!);
        Assert.Equal(3, SharingWorld.Rows(file).Count);
        Assert.Equal(file.Body.Length, add.GetProperty("size").GetInt64());

        var both = ("delta-sharing-capabilities", "ResponseFormat=delta,parquet;IncludeEndStreamAction=true");
        var plain = await client.QueryAsync("{}", both);
        Assert.Equal(
            "responseformat=parquet;includeendstreamaction=true", plain.Headers["delta-sharing-capabilities"]);
        Assert.Equal(
            plain.Of("file").Single().GetProperty("expirationTimestamp").GetInt64(),
            plain.Of("endStreamAction").Single().GetProperty("minUrlExpirationTimestamp").GetInt64());
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Versions_are_read_by_number_and_time_but_none_from_before_the_agreement(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        await holder.PublishAsync("id\n0\n");
        var reader = await peer.ReadAsync(holder, "id\n1\n"); // Version 2.
        var third = await holder.PublishAsync("id,more\n2,x\n3,y\n");
        var client = reader.Client;

        Assert.Equal("3", (await client.GetAsync($"{client.Table}/version")).Headers["Delta-Table-Version"]);
        var head = await SharingClient.FileAsync(
            HttpMethod.Head, client.Root + client.Table, ("Authorization", $"Bearer {reader.Access.Token}"));
        Assert.Equal(("3", 0), (head.Headers["Delta-Table-Version"], head.Body.Length));
        Assert.Equal([["2"], ["3"]], await (await client.QueryAsync()).RowsAsync());
        Assert.Equal([["1"]], await (await client.QueryAsync("""{"version":2}""")).RowsAsync());
        var time = third.Latest.CreatedAt.AddTicks(-1)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        var before = await client.QueryAsync($$"""{"timestamp":"{{time}}"}""");
        Assert.Equal([["1"]], await before.RowsAsync());
        Assert.Equal("2", before.Headers["Delta-Table-Version"]);
        var from = await client.GetAsync($"{client.Table}/version?startingTimestamp={time}");
        Assert.Equal("3", from.Headers["Delta-Table-Version"]);
        Assert.Equal("2", (await client.GetAsync($"{client.Table}/metadata?version=2")).Headers["Delta-Table-Version"]);
        Assert.Equal(
            (400, "INVALID_PARAMETER_VALUE", null),
            (await client.PostAsync($"{client.Table}/query", """{"version":1}""")).Error);
    }

    /// <summary>Their bodies hold all that was measured: what cannot be read of them is not needed.</summary>
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Of_versions_that_are_not_asked_for_only_the_time_is_read(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        var client = (await peer.ReadAsync(holder, "id\n1\n")).Client;
        foreach (var version in new[] { 2, 3 })
            await holder.PublishAsync($"id\n{version}\n");
        await using var rows = await holder.Node.OpenDatabaseAsync();
        Task ChangeAsync(string change, int version) => rows.WriteAsync(
            unit => unit.ExecuteAsync(
                $"UPDATE product_version SET {change} WHERE participant = @participant AND id = @id",
                [("participant", holder.Id), ("id", $"trips#00000{version}")], TestNode.Cancel),
            TestNode.Cancel);

        await ChangeAsync("published = NULL", 1); // As those are from before the column was there.
        await ChangeAsync("body = 'spoilt'", 2);
        Assert.Equal([["3"]], await (await client.QueryAsync()).RowsAsync());
        Assert.Equal([["1"]], await (await client.QueryAsync("""{"version":1}""")).RowsAsync());
        var changes = await client.GetAsync($"{client.Table}/changes?startingVersion=1&endingVersion=1");
        Assert.Single(changes.Of("add"));
    }

    [Fact]
    public async Task A_refreshed_answer_is_of_the_same_version_and_belongs_to_the_same_read()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder, "id\n1\n", Odrl.Offer(Odrl.Count(1)));
        var first = await reader.Client.QueryAsync("""{"includeRefreshToken":true}""");
        await first.RowsAsync();
        await holder.PublishAsync("id\n1\n2\n");
        var refresh = first.Of("endStreamAction").Single().GetProperty("refreshToken").GetString();
        var second = await reader.Client.QueryAsync($$"""{"refreshToken":"{{refresh}}"}""");
        Assert.Equal([["1"]], await second.RowsAsync());
        Assert.Equal(1, (await holder.AgreementAsync(reader.Agreement)).Reads);
        Assert.Equal(
            (403, "PERMISSION_DENIED", "count-used-up"),
            (await reader.Client.PostAsync($"{reader.Client.Table}/query", "{}")).Error);
    }
}
