using System.Net;
using System.Text;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Objects;
using Millrace.Tests.Delivery;
using Millrace.Tests.Nodes;
using Millrace.Tests.Sharing;

namespace Millrace.Tests.Objects;

/// <summary>A node whose objects are in a bucket.</summary>
public sealed class S3NodeTests
{
    private const string Trips = "id,city,who\n1,ORD,alice\n2,MDW,bob\n3,ORD,carol\n";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task It_publishes_contracts_and_is_read_and_its_own_disk_can_be_emptied(string database)
    {
        var s3 = await (await S3Server.OfRunAsync()).CreateBucketAsync();
        await using var node = await StartAsync(s3, database);
        Assert.Equal("s3", (await node.GetAsync("node", ApiJson.Wire.NodeInfo)).Objects);
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var offer = Odrl.Offer(Odrl.Columns("id", "who"), Odrl.Row("city", "ORD"));
        var product = await holder.PublishAsync(Trips, offer);
        Assert.False(Directory.Exists(Path.Combine(node.Options.DataFolder, "objects")));
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
        var whole = await holder.PublishAsync(Trips, product: "whole");
        var original = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, whole));

        var (csv, rows) = await DataTests.ReadAsync(access.Request(HttpMethod.Get));
        Assert.Equal("id,who\r\n1,alice\r\n3,carol\r\n", Encoding.UTF8.GetString(rows));
        var (_, parquet) = await DataTests.ReadAsync(original.Request(HttpMethod.Get, "parquet"));

        await node.RestartAsync(() => Directory.Delete(At(node, FileCache.Folder), recursive: true));
        var (again, same) = await DataTests.ReadAsync(Moved(access, node).Request(HttpMethod.Get));
        Assert.Equal(csv.Headers.ETag, again.Headers.ETag);
        Assert.Equal(rows, same);
        var (_, refetched) = await DataTests.ReadAsync(Moved(original, node).Request(HttpMethod.Get, "parquet"));
        Assert.Equal(parquet, refetched);
        Assert.Empty(Directory.EnumerateFileSystemEntries(At(node, IncomingFiles.Folder)));
    }

    [Fact]
    public async Task What_is_gone_from_the_bucket_is_said_without_its_name()
    {
        var server = await S3Server.OfRunAsync();
        var s3 = await server.CreateBucketAsync();
        await using var node = await StartAsync(s3, "sqlite");
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var access = (await peer.ReadAsync(holder)).Access;
        Directory.Delete(Path.Combine(server.FolderOf(s3), "objects"), recursive: true);
        await node.RestartAsync(() => Directory.Delete(At(node, FileCache.Folder), recursive: true));
        var (answer, body) = await DataTests.ReadAsync(Moved(access, node).Request(HttpMethod.Get));
        var text = Encoding.UTF8.GetString(body);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(ObjectStoreException.Missing, text, StringComparison.Ordinal);
        Assert.DoesNotContain(s3.Bucket, text, StringComparison.Ordinal);
        Assert.Equal(0, (await holder.GetAsync("agreements", ApiJson.Wire.IReadOnlyListAgreement)).Single().Reads);
    }

    [Fact]
    public async Task Two_nodes_over_one_database_and_one_bucket_serve_the_same_bytes()
    {
        var s3 = await (await S3Server.OfRunAsync()).CreateBucketAsync();
        var master = System.Buffers.Text.Base64Url.EncodeToString(
            System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        var options = Options(s3) with { Database = await TestNode.NewDatabaseAsync(), MasterKey = master };
        await using var first = await TestNode.StartAsync(options);
        await using var second = await TestNode.StartAsync(options);
        var holder = await first.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var reader = await peer.ReadAsync(holder, offer: Odrl.Offer(Odrl.Columns("id", "who")));
        var (a, here) = await DataTests.ReadAsync(reader.Access.Request(HttpMethod.Get));
        var (b, elsewhere) = await DataTests.ReadAsync(Moved(reader.Access, second).Request(HttpMethod.Get));
        Assert.Equal(a.Headers.ETag, b.Headers.ETag);
        Assert.Equal(here, elsewhere);

        // A part that one node made for a hint, the other makes again.
        var query = await reader.Client.QueryAsync("""{"predicateHints":["id = 2"]}""");
        var part = Assert.Single(await query.RowsAsync());
        var url = new Uri(second.Address, new Uri(query.Url).PathAndQuery).AbsoluteUri;
        Assert.Equal(part, Assert.Single(SharingWorld.Rows(await SharingClient.FileAsync(url))));
    }

    private static Task<TestNode> StartAsync(S3Options s3, string database) => database == "sqlite"
        ? TestNode.StartAsync(Options(s3))
        : StartOnPostgresAsync(s3);

    private static async Task<TestNode> StartOnPostgresAsync(S3Options s3) =>
        await TestNode.StartAsync(Options(s3) with { Database = await TestNode.NewDatabaseAsync() });

    private static NodeOptions Options(S3Options s3) => new()
    {
        DataFolder = "",
        Listen = new Uri("http://127.0.0.1:0"),
        AllowPrivatePeers = true,
        S3 = s3,
    };

    /// <summary>The same data, asked of a node that listens elsewhere.</summary>
    private static DataAccess Moved(DataAccess access, TestNode node) =>
        access with { Endpoint = new Uri(node.Address, access.Endpoint.PathAndQuery) };

    private static string At(TestNode node, string folder) => Path.Combine(node.Options.DataFolder, folder);
}
