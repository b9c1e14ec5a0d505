using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>What there is, and the form of errors, as any client sees it.</summary>
public sealed class ListingTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_agreement_is_a_share_with_one_table(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var reader = await peer.ReadAsync(await nodes.ParticipantAsync(database));
        var client = reader.Client;

        var shares = (await client.GetAsync("/shares")).Json;
        Assert.False(shares.TryGetProperty("nextPageToken", out _));
        var share = shares.GetProperty("items").EnumerateArray().Single();
        Assert.Equal(client.Share, share.GetProperty("name").GetString());
        Assert.Equal(reader.Agreement, share.GetProperty("properties").GetProperty("agreement").GetString());
        Assert.Equal(
            share.ToString(), (await client.GetAsync($"/shares/{client.Share}")).Json.GetProperty("share").ToString());

        var schema = Single(await client.GetAsync($"/shares/{client.Share}/schemas"));
        Assert.Equal($$"""{"name":"data","share":"{{client.Share}}"}""", schema.GetRawText());
        var table = Single(await client.GetAsync($"/shares/{client.Share}/schemas/data/tables"));
        Assert.Equal(
            ("trips", "data", client.Share, "[\"url\"]"),
            (Text(table, "name"), Text(table, "schema"), Text(table, "share"),
                table.GetProperty("accessModes").GetRawText()));
        Assert.Equal(Text(share, "id"), Text(table, "shareId"));
        Assert.Equal(
            table.GetRawText(), Single(await client.GetAsync($"/shares/{client.Share}/all-tables")).GetRawText());
        var one = await client.GetAsync(client.Table.ToUpperInvariant().Replace("/SHARES", "/shares")
            .Replace("/SCHEMAS", "/schemas").Replace("/TABLES", "/tables"));
        Assert.Equal(table.GetRawText(), one.Json.GetProperty("table").GetRawText()); // In any letter case.
    }

    [Fact]
    public async Task Lists_go_on_only_where_less_was_asked_for_and_a_token_leads_to_its_own_list_only()
    {
        await using var peer = await RawPeer.StartAsync();
        var first = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"))).Client;
        var second = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"))).Client;
        var none = (await first.GetAsync("/shares?maxResults=0")).Json;
        Assert.Equal(0, none.GetProperty("items").GetArrayLength());
        var token = none.GetProperty("nextPageToken").GetString()!;
        var rest = (await first.GetAsync($"/shares?maxResults=500&pageToken={token}")).Json;
        Assert.Equal(1, rest.GetProperty("items").GetArrayLength());
        Assert.False(rest.TryGetProperty("nextPageToken", out _));

        foreach (var wrong in new[]
        {
            await first.GetAsync($"/shares/{first.Share}/schemas?pageToken={token}"),
            await second.GetAsync($"/shares?pageToken={token}"),
            await first.GetAsync($"/shares?pageToken={token}A"),
            await first.GetAsync($"/shares?pageToken=x{token}"),
            await first.GetAsync("/shares?pageToken=nonsense"),
            await first.GetAsync("/shares?maxResults=501"),
            await first.GetAsync("/shares?maxResults=-1"),
            await first.GetAsync("/shares?maxResults=many"),
        })
        {
            Assert.Equal((400, "INVALID_PARAMETER_VALUE", null), wrong.Error);
        }
    }

    [Fact]
    public async Task What_a_token_does_not_open_is_not_there_and_without_one_nothing_is_said()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var (own, other) = (await peer.ReadAsync(holder), await peer.ReadAsync(holder));
        var client = own.Client;
        foreach (var path in new[]
        {
            $"/shares/{other.Client.Share}", $"/shares/{other.Client.Share}/schemas",
            $"/shares/{other.Client.Share}/all-tables", $"{other.Client.Table}/metadata",
            $"{other.Client.Table}/changes?startingVersion=1", $"{other.Client.Table}/version", "/shares/none",
            $"/shares/{client.Share}/schemas/none/tables", $"/shares/{client.Share}/schemas/data/tables/none/version",
            $"/shares/..%2f{client.Share}", "/nothing/here", "/files/x/y",
        })
        {
            Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST", null), (await client.GetAsync(path)).Error);
            Assert.NotEqual(HttpStatusCode.OK, (await client.With(null).GetAsync(path)).Status);
        }
        Assert.Contains(
            "Your token opens no share of that name.", (await client.GetAsync("/shares/none")).Text,
            StringComparison.Ordinal);
        Assert.Equal(
            (404, "RESOURCE_DOES_NOT_EXIST", null),
            (await client.PostAsync($"{other.Client.Table}/query", "{}")).Error);
        var elsewhere = new SharingClient(await nodes.ParticipantAsync("sqlite"), own.Agreement, own.Access.Token);
        foreach (var stranger in new[]
        {
            new SharingClient(new TestParticipant(holder.Node, "nobody", ""), own.Agreement, "a.b"),
            client.With(null), client.With("wrong"), client.With("a.b"), client.With(peer.Token(holder.Did)), elsewhere,
        })
        {
            var refused = await stranger.GetAsync("/shares");
            Assert.Equal((401, "UNAUTHENTICATED", null), refused.Error);
            Assert.Equal("Bearer", refused.Headers["WWW-Authenticate"]);
            Assert.Equal(401, (await stranger.PostAsync($"{client.Table}/query", "{}")).Error.Status);
        }
    }

    [Fact]
    public async Task Of_a_participant_that_is_not_here_nothing_is_said_either()
    {
        var node = await nodes.OnAsync("sqlite");
        foreach (var path in new[] { "shares", "files/YQ.YQ.parquet", "nothing" })
        {
            var refused = await SharingClient.FileAsync($"{node.Address.AbsoluteUri}nobody/sharing/{path}");
            Assert.Equal((401, "UNAUTHENTICATED", null), refused.Error);
        }
    }

    [Fact]
    public async Task What_is_not_offered_and_what_cannot_be_read_is_answered_in_the_protocols_form()
    {
        await using var peer = await RawPeer.StartAsync();
        var client = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"))).Client;
        (string Path, string Body, int Status, string Code)[] table =
        [
            ("/temporary-table-credentials", "{}", 400, "UNSUPPORTED_OPERATION"),
            ("/queries/1", "{}", 404, "RESOURCE_DOES_NOT_EXIST"),
            ("/query", "{", 400, "MALFORMED_REQUEST"),
            ("/query", "[]", 400, "MALFORMED_REQUEST"),
            ("/query", new string('[', 100_000), 400, "MALFORMED_REQUEST"),
            ("/query", """{"version":"x"}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"version":-1}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"version":2}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"version":0}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"timestamp":"yesterday"}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"timestamp":"2000-01-01T00:00:00Z"}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"version":1,"timestamp":"2099-01-01T00:00:00Z"}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"version":1,"startingVersion":1}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"refreshToken":"x"}""", 400, "INVALID_PARAMETER_VALUE"),
            ("/query", """{"startingVersion":1,"pageToken":"x"}""", 400, "INVALID_PARAMETER_VALUE"),
        ];
        foreach (var (path, body, status, code) in table)
        {
            var refused = await client.PostAsync(client.Table + path, body);
            Assert.Equal((path, body, (status, code, null)), (path, body, refused.Error));
            Assert.StartsWith("application/json", refused.Headers["Content-Type"], StringComparison.Ordinal);
        }
        foreach (var query in new[]
        {
            "changes", "changes?startingVersion=9", "changes?startingVersion=1&startingTimestamp=2026-01-01T00:00:00Z",
            "changes?startingVersion=1&endingVersion=0", "changes?startingVersion=1&endingTimestamp=x",
            "changes?startingVersion=1&endingVersion=1&endingTimestamp=2099-01-01T00:00:00Z",
            "version?startingTimestamp=2099-01-01T00:00:00Z", "metadata?version=7", "metadata?version=1&timestamp=x",
        })
        {
            var refused = await client.GetAsync($"{client.Table}/{query}");
            Assert.Equal((query, (400, "INVALID_PARAMETER_VALUE", null)), (query, refused.Error));
        }
        foreach (var header in new[] { ("delta-sharing-capabilities", "responseformat=csv"), ("fileidhash", "md5") })
            Assert.Equal(
                (400, "INVALID_PARAMETER_VALUE", null),
                (await client.PostAsync($"{client.Table}/query", "{}", header)).Error);
    }

    [Fact]
    public async Task Permissions_that_all_hold_are_schemas_of_their_own()
    {
        await using var peer = await RawPeer.StartAsync();
        var offer = Odrl.Offer(Odrl.Columns("id"));
        offer["permission"]!.AsArray().Add(new JsonObject
        {
            ["action"] = "odrl:use", ["constraint"] = new JsonArray(Odrl.Columns("id", "city"), Odrl.Count(5)),
        });
        var client = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"), offer: offer)).Client;
        var schemas = (await client.GetAsync($"/shares/{client.Share}/schemas")).Json.GetProperty("items")
            .EnumerateArray().Select(s => Text(s, "name")!).ToList();
        Assert.Equal(["permission-0", "permission-1"], schemas);
        var widths = new List<int>();
        foreach (var schema in schemas)
        {
            var path = $"/shares/{client.Share}/schemas/{schema}/tables/trips/query";
            widths.Add((await (await client.PostAsync(path, "{}")).RowsAsync())[0].Length);
        }
        Assert.Equal([1, 2], widths.Order());
    }

    private static JsonElement Single(SharingReply reply) =>
        reply.Json.GetProperty("items").EnumerateArray().Single();

    private static string? Text(JsonElement from, string name) => from.GetProperty(name).GetString();
}
