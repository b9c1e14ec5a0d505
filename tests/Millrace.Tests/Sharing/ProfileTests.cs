using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node.Api;
using Millrace.Node.Commands;
using Millrace.Tests.Commands;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>Profile files, and what they open.</summary>
public sealed class ProfileTests(TwoNodes nodes)
{
    private static readonly HttpClient Http = new();

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task The_command_writes_a_file_that_opens_the_share_and_keeps_to_one_transfer(string database)
    {
        var (holder, me) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync(SharingWorld.Trips, Odrl.Offer(Odrl.Purpose("research")));
        var agreement = await me.AgreeAsync(holder, product);
        var folder = Directory.CreateTempSubdirectory("millrace-profile-");
        try
        {
            var path = Path.Combine(folder.FullName, "a.share");
            string[] command =
            [
                "agreements", "profile", agreement, "-o", path, "--as", me.Id, "--purpose", "research",
                "--project", "storms", "--data", me.Node.Options.DataFolder,
            ];
            var result = await CommandRunner.RunAsync(CommandRunner.NoStart, command);
            Assert.Equal((ExitCode.Done, $"Wrote {path}"), (result.ExitCode, result.Output.Split('\n')[0]));
            Assert.Contains($".data.{product.Id}\"", result.Output, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            var profile = JsonElement.Parse(await File.ReadAllTextAsync(path, TestNode.Cancel));
            Assert.Equal(1, profile.GetProperty("shareCredentialsVersion").GetInt32());
            var client = new SharingClient(holder, agreement, profile.GetProperty("bearerToken").GetString());
            Assert.Equal(client.Root, profile.GetProperty("endpoint").GetString());
            Assert.Equal(3, (await (await client.QueryAsync()).RowsAsync()).Count);
            var opened = (await holder.EvidenceAsync("read-opened")).Single().Body.GetProperty("data");
            Assert.EndsWith("/research", opened.GetProperty("purpose").GetString(), StringComparison.Ordinal);

            Assert.Equal(ExitCode.Done, (await CommandRunner.RunAsync(
                CommandRunner.NoStart, [.. command, "--oauth"])).ExitCode);
            var second = JsonElement.Parse(await File.ReadAllTextAsync(path, TestNode.Cancel));
            Assert.Equal(
                (2, "oauth_client_credentials", client.Share),
                (second.GetProperty("shareCredentialsVersion").GetInt32(), second.GetProperty("type").GetString(),
                    second.GetProperty("clientId").GetString()));
            Assert.Single(await me.GetAsync("transfers", ApiJson.Wire.IReadOnlyListTransfer)); // The one that ran.
            Assert.Equal(2, (await me.EvidenceAsync("profile-written")).Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_transfer_that_does_not_run_gives_no_profile()
    {
        var (holder, me) = (await nodes.ParticipantAsync("sqlite"), await nodes.AcrossAsync("sqlite"));
        var transfer = await me.TransferAsync(await me.AgreeAsync(holder, await holder.PublishAsync("id\n1\n")));
        using (var form = await me.PostAsync($"transfers/{transfer.Id}/profile?form=jwt", null))
            Assert.Equal("unknown-form", (await TestNode.ProblemAsync(form)).Code);
        using (var ended = await me.PostAsync($"transfers/{transfer.Id}/completion", null))
            Assert.True(ended.IsSuccessStatusCode);
        using (var over = await me.PostAsync($"transfers/{transfer.Id}/profile", null))
            Assert.Equal("transfer-not-running", (await TestNode.ProblemAsync(over)).Code);
        using var none = await me.PostAsync("transfers/none/profile", null);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Client_credentials_give_a_token_for_an_hour_that_the_contract_ends_earlier()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var node = await TestNode.StartAsync("sqlite", time);
        await using var peer = await RawPeer.StartAsync(time);
        var holder = await node.AddAsync("holder");
        var (reader, other) = (await peer.ReadAsync(holder), await peer.ReadAsync(holder));
        var (client, secret) = (reader.Client, reader.Access.Token);

        var issued = await TokenAsync(client, client.Share, secret);
        Assert.Equal((200, "Bearer", 3600), (issued.Status, issued.Text("token_type"), issued.Number("expires_in")));
        var token = client.With(issued.Text("access_token"));
        Assert.Equal(3, (await (await token.QueryAsync()).RowsAsync()).Count);
        Assert.Equal(404, (await token.GetAsync($"/shares/{other.Client.Share}")).Error.Status);
        foreach (var (id, given, grant, status, error) in new[]
        {
            (client.Share, "wrong", "client_credentials", 401, "invalid_client"),
            (other.Client.Share, secret, "client_credentials", 401, "invalid_client"),
            (client.Share, issued.Text("access_token"), "client_credentials", 401, "invalid_client"),
            (client.Share, secret, "password", 400, "unsupported_grant_type"),
        })
        {
            var refused = await TokenAsync(client, id, given!, grant);
            Assert.Equal((status, error), (refused.Status, refused.Text("error")));
        }
        var altered = client.With($"{issued.Text("access_token")}A");
        Assert.Equal(401, (await altered.GetAsync("/shares")).Error.Status);

        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((401, "UNAUTHENTICATED", null), (await token.GetAsync("/shares")).Error);
        token = client.With((await TokenAsync(client, client.Share, secret)).Text("access_token"));
        await holder.WithdrawAsync(reader.Agreement);
        Assert.Equal((403, "PERMISSION_DENIED", "withdrawn"), (await token.GetAsync("/shares")).Error);
        var late = await TokenAsync(client, client.Share, secret);
        Assert.Equal((400, "unauthorized_client"), (late.Status, late.Text("error")));
    }

    private static async Task<Issued> TokenAsync(
        SharingClient client, string id, string secret, string grant = "client_credentials")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{client.Root}/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", grant)]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        using var answer = await Http.SendAsync(request, TestNode.Cancel);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        return new Issued(
            (int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestNode.Cancel)));
    }

    private sealed record Issued(int Status, JsonElement Body)
    {
        public string? Text(string name) => Body.GetProperty(name).GetString();

        public int Number(string name) => Body.GetProperty(name).GetInt32();
    }
}
