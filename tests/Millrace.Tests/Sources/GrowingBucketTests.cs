using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Node.Sources;
using Millrace.Tests.Nodes;
using Millrace.Tests.Objects;

namespace Millrace.Tests.Sources;

/// <summary>Buckets to which objects are added: a refresh reads those that came since.</summary>
public sealed class GrowingBucketTests : IAsyncDisposable
{
    private readonly SortedDictionary<string, string> _objects = new(StringComparer.Ordinal)
    {
        ["days/2001-01-21.csv"] = "id,amount\n1,5.5\n2,6\n",
        ["days/2001-01-22.csv"] = "id,amount\n3,7.25\n",
        ["other.csv"] = "x\n1\n",
    };

    private readonly List<string> _loaded = [];
    private WebApplication? _server;

    [Fact]
    public async Task Objects_that_came_since_are_appended_and_no_other_is_loaded_again()
    {
        await using var world = await SourceWorld.StartAsync();
        var first = await world.PublishAsync(await DaysAsync());
        Assert.Equal(["1", "2", "3"], Ids(world, first));
        Assert.Equal(1, (await world.RefreshAsync()).Latest.Number);

        _loaded.Clear();
        _objects["days/2001-01-23.csv"] = "id,amount\n4,8\n"; // Whole numbers that day.
        _objects["days/2001-01-24.csv"] = "id,amount\n"; // Nothing that day.
        _objects["days/2001-01-20.csv"] = "id,amount\n0,0\n"; // Too late, as the guide says.
        var second = await world.RefreshAsync();
        Assert.Equal(["1", "2", "3", "4"], Ids(world, second));
        Assert.Equal((2, 1), (second.Latest.Number, second.Latest.AppendedTo));
        Assert.Equal(first.Latest.Files[0], second.Latest.Files[0]);
        Assert.Equal(["days/2001-01-23.csv", "days/2001-01-24.csv"], _loaded);
        Assert.Equal(2, (await world.RefreshAsync()).Latest.Number);

        _objects["days/2001-01-25.csv"] = "id,amount\n"; // By itself it is no version, and is not loaded again.
        Assert.Equal(2, (await world.RefreshAsync()).Latest.Number);
        _loaded.Clear();
        Assert.Equal(2, (await world.RefreshAsync()).Latest.Number);
        Assert.Empty(_loaded);
        _objects["days/2001-01-26.csv"] = "id,amount\n5,9\n";
        Assert.Equal(["1", "2", "3", "4", "5"], Ids(world, await world.RefreshAsync()));

        var whole = await world.RefreshAsync(whole: true);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], Ids(world, whole));
        Assert.Null(whole.Latest.AppendedTo);
        Assert.Equal(4, (await world.RefreshAsync()).Latest.Number);
    }

    /// <summary>A server that others wrote decides what comes after a key.</summary>
    [Fact]
    public async Task A_store_of_others_is_read_on_too()
    {
        await using var world = await SourceWorld.StartAsync();
        var server = await S3Server.OfRunAsync();
        var bucket = await server.CreateBucketAsync();
        using var client = S3Server.Client(bucket);
        var source = (await FileSourceTests.BucketAsync()) with
        {
            Endpoint = server.ListEndpoint.AbsoluteUri,
            Bucket = bucket.Bucket,
            Prefix = "天/",
            Incremental = new(IncrementalReading.Key),
        };
        await PutAsync("天/1 a.csv", 1);
        await PutAsync("别/1.csv", 9);
        Assert.Equal(["1"], Ids(world, await world.PublishAsync(source)));
        Assert.Equal(1, (await world.RefreshAsync()).Latest.Number);
        await PutAsync("天/2+b.csv", 2);
        await PutAsync("天/日.csv", 3);
        Assert.Equal(["1", "2", "3"], Ids(world, await world.RefreshAsync()));
        Assert.Equal(2, (await world.RefreshAsync()).Latest.Number);

        Task PutAsync(string key, int id) => client.PutObjectAsync(
            new() { BucketName = bucket.Bucket, Key = key, ContentBody = $"id\n{id}\n" }, TestNode.Cancel);
    }

    [Fact]
    public async Task Of_many_objects_a_refresh_takes_as_many_as_it_may_and_the_next_goes_on()
    {
        await using var world = await SourceWorld.StartAsync(limits: Limits.Default with { FilesPerProductMax = 2 });
        await world.PublishAsync(await DaysAsync());
        for (var day = 23; day < 28; day++)
            _objects[$"days/2001-01-{day}.csv"] = $"id,amount\n{day},0\n";
        Assert.Equal(["1", "2", "3", "23", "24"], Ids(world, await world.RefreshAsync()));
        Assert.Equal(["1", "2", "3", "23", "24", "25", "26"], Ids(world, await world.RefreshAsync()));
        Assert.Equal(["1", "2", "3", "23", "24", "25", "26", "27"], Ids(world, await world.RefreshAsync()));
        Assert.Equal("too-many-files", (await world.RefreshRefusedAsync(whole: true)).Code);
    }

    [Fact]
    public async Task A_day_that_is_as_one_before_is_read_too()
    {
        await using var world = await SourceWorld.StartAsync();
        await world.PublishAsync(await DaysAsync());
        const string Quiet = "id,amount\n0,0\n";
        _objects["days/2001-01-23.csv"] = Quiet;
        Assert.Equal(["1", "2", "3", "0"], Ids(world, await world.RefreshAsync()));
        _objects["days/2001-01-24.csv"] = Quiet;
        var joined = await world.RefreshAsync();
        Assert.Equal(["1", "2", "3", "0", "0"], Ids(world, joined));
        Assert.Single(joined.Latest.Files);
        _objects["days/2001-01-25.csv"] = "id,amount\n6,6\n";
        Assert.Equal(["1", "2", "3", "0", "0", "6"], Ids(world, await world.RefreshAsync()));
    }

    [Fact]
    public async Task An_object_with_other_columns_is_refused()
    {
        await using var world = await SourceWorld.StartAsync();
        await world.PublishAsync(await DaysAsync());
        _objects["days/2001-01-23.csv"] = "id,amount,city\n4,8,ORD\n";
        var refused = await world.RefreshRefusedAsync();
        Assert.Equal("schema-changed", refused.Code);
        Assert.Contains("below another prefix", refused.Detail, StringComparison.Ordinal);
        Assert.Equal("schema-differs", (await world.RefreshRefusedAsync(whole: true)).Code);
    }

    [Fact]
    public async Task A_bucket_is_read_on_below_a_prefix_and_by_keys_only()
    {
        await using var world = await SourceWorld.StartAsync();
        var days = await DaysAsync();
        Assert.Contains(
            "column key", (await world.RefusedAsync(days with { Incremental = new("id") })).Detail,
            StringComparison.Ordinal);
        Assert.Contains(
            "below a prefix", (await world.RefusedAsync(days with { Prefix = null, Key = "other.csv" })).Detail,
            StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static List<string?> Ids(SourceWorld world, Product product) =>
        [.. world.Cells(product).Select(row => row[0])];

    private async Task<SourceDocument> DaysAsync()
    {
        _server = await LocalServer.StartAsync(AnswerAsync);
        return (await FileSourceTests.BucketAsync()) with
        {
            Endpoint = _server.Urls.Single(),
            Bucket = "shop",
            Prefix = "days/",
            Incremental = new(IncrementalReading.Key),
        };
    }

    /// <summary>A store that lists an object at a time, in the order of their keys.</summary>
    private Task AnswerAsync(HttpContext http)
    {
        var (path, query) = (http.Request.Path.Value!.TrimEnd('/'), http.Request.Query);
        if (path != "/shop")
        {
            var key = path["/shop/".Length..];
            http.Response.Headers.ETag = $"\"{_objects[key].Length}\"";
            if (!HttpMethods.IsGet(http.Request.Method))
                return Task.CompletedTask;
            _loaded.Add(key);
            return http.Response.WriteAsync(_objects[key]);
        }
        var after = query["continuation-token"].Count > 0 ? query["continuation-token"] : query["start-after"];
        var left = _objects
            .Where(o => o.Key.StartsWith(query["prefix"]!, StringComparison.Ordinal)
                && string.CompareOrdinal(o.Key, after) > 0)
            .ToList();
        var listed = left is [var (name, text), ..]
            ? $"<Contents><Key>{name}</Key><ETag>\"{text.Length}\"</ETag><Size>{text.Length}</Size></Contents>"
                + $"<NextContinuationToken>{name}</NextContinuationToken>"
            : "";
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync(
            $"<ListBucketResult><Name>shop</Name>{listed}<IsTruncated>{(left.Count > 1 ? "true" : "false")}"
            + "</IsTruncated></ListBucketResult>");
    }
}
