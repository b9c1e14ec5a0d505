using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Node.Api;
using Millrace.Node.Sources;
using Millrace.Node.Storage;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sources;

/// <summary>Files behind addresses and in buckets that did not change since they were read.</summary>
public sealed class UnchangedSourceTests : IAsyncDisposable
{
    private static readonly DateTimeOffset _longAgo = new(2001, 1, 22, 8, 30, 0, TimeSpan.Zero);

    private WebApplication? _server;

    [Theory]
    [InlineData("\"{0}\"", false)]
    [InlineData("W/\"{0}\"", false)]
    [InlineData(null, true)]
    public async Task A_file_that_did_not_change_is_not_loaded_again(string? tag, bool tellsTime)
    {
        await using var world = await SourceWorld.StartAsync();
        var (rows, state, full) = ("id\n1\n", 0, 0);
        var source = new SourceDocument("http", Url: await ServeAsync(http =>
        {
            var (request, response) = (http.Request.GetTypedHeaders(), http.Response.GetTypedHeaders());
            var (etag, changed) = (tag is null ? null : string.Format(CultureInfo.InvariantCulture, tag, state),
                tellsTime ? _longAgo.AddSeconds(state) : (DateTimeOffset?)null);
            (http.Response.Headers.ETag, response.LastModified) = (etag, changed);
            if ((tag is not null && http.Request.Headers.IfNoneMatch == etag)
                || (tellsTime && request.IfModifiedSince >= changed))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
            full++;
            return http.Response.WriteAsync(rows);
        }) + "/t.csv");
        await world.PublishAsync(source);
        Assert.Equal((1, 1), ((await world.RefreshAsync()).Latest.Number, full));

        state++; // Only touched: loaded once more, and then known.
        Assert.Equal((1, 2), ((await world.RefreshAsync()).Latest.Number, full));
        Assert.Equal((1, 2), ((await world.RefreshAsync()).Latest.Number, full));

        (rows, state) = ("id\n1\n2\n", state + 1);
        Assert.Equal((2, 3), ((await world.RefreshAsync()).Latest.Number, full));
        Assert.Equal((2, 3), ((await world.RefreshAsync()).Latest.Number, full));
        Assert.Equal((2, 4), ((await world.RefreshAsync(whole: true)).Latest.Number, full));

        // Of rows that came in another way the server knows nothing.
        await world.Holder.PublishAsync("id\n9\n", product: "orders");
        Assert.Equal((4, 5), ((await world.RefreshAsync()).Latest.Number, full));
        Assert.Equal((4, 5), ((await world.RefreshAsync()).Latest.Number, full));
        rows = "id\n3\n";
        var appended = await world.Holder.PostAsync(
            "products", new ProductDraft("orders", Source: source, Append: true), ApiJson.Wire.ProductDraft,
            ApiJson.Wire.Product);
        Assert.Equal((3, 6), (appended.Latest.Rows, full));
        var whole = (await world.RefreshAsync()).Latest;
        Assert.Equal((6, 1, 7), (whole.Number, whole.Rows, full));

        // Nor of a file at another address, whatever tag that has.
        await world.PublishAsync(source with { Url = source.Url + "?other" });
        Assert.Equal(8, full);
        await world.RefreshAsync();
        Assert.Equal(8, full);
        // Another build may read more in the same bytes.
        await using (var database = await world.Node.OpenDatabaseAsync())
        {
            await database.WriteAsync(
                async unit =>
                {
                    var row = (await Tables.Watermarks.FindAsync(
                        unit, world.Holder.Id, "orders", TestNode.Cancel))!;
                    await Tables.Watermarks.SaveAsync(
                        unit, row.With(row.Value with { Reader = Guid.Empty }), TestNode.Cancel);
                },
                TestNode.Cancel);
        }
        await world.RefreshAsync();
        Assert.Equal(9, full);
    }

    /// <summary>A file that was changed within the last minute may change again in the same second.</summary>
    [Theory]
    [InlineData("*", null)]
    [InlineData("\"\"", null)]
    [InlineData(null, 0)]
    public async Task What_tells_no_states_apart_is_not_asked_by(string? tag, int? age)
    {
        await using var world = await SourceWorld.StartAsync();
        var conditions = new List<string>();
        var url = await ServeAsync(http =>
        {
            var (request, response) = (http.Request.Headers, http.Response.Headers);
            conditions.Add($"{request.IfNoneMatch}{request.IfModifiedSince}");
            (response.ETag, response.Date) = (tag, _longAgo.ToString("R"));
            if (age is { } seconds)
                response.LastModified = _longAgo.AddSeconds(-seconds).ToString("R");
            return http.Response.WriteAsync("id\n1\n");
        });
        await world.PublishAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        await world.RefreshAsync();
        Assert.Equal(["", ""], conditions);
    }

    [Fact]
    public async Task Objects_that_did_not_change_are_not_loaded_again()
    {
        await using var world = await SourceWorld.StartAsync();
        var (state, full) = (1, 0);
        var url = await ServeAsync(http =>
        {
            if (http.Request.Path.Value!.TrimEnd('/') == "/shop")
                return http.Response.WriteAsync(
                    $"<ListBucketResult><Name>shop</Name><Contents><Key>rides/1.csv</Key><ETag>\"tag-{state}\"</ETag>"
                    + "<Size>5</Size></Contents><IsTruncated>false</IsTruncated></ListBucketResult>");
            http.Response.Headers.ETag = $"\"tag-{state}\"";
            full += HttpMethods.IsGet(http.Request.Method) ? 1 : 0;
            return HttpMethods.IsGet(http.Request.Method)
                ? http.Response.WriteAsync($"id\n{state}\n")
                : Task.CompletedTask;
        });
        var source = (await FileSourceTests.BucketAsync()) with { Endpoint = url, Bucket = "shop" };
        foreach (var (id, place) in new[]
        {
            ("one", source with { Key = "rides/1.csv" }), ("all", source with { Prefix = "rides/" }),
        })
        {
            full = 0;
            await world.PublishAsync(place, id);
            Assert.Equal((1, 1), ((await world.RefreshAsync(id: id)).Latest.Number, full));
            state++;
            Assert.Equal((2, 2), ((await world.RefreshAsync(id: id)).Latest.Number, full));
            Assert.Equal((2, 2), ((await world.RefreshAsync(id: id)).Latest.Number, full));
            Assert.Equal((2, 3), ((await world.RefreshAsync(whole: true, id: id)).Latest.Number, full));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task<string> ServeAsync(RequestDelegate answer)
    {
        _server = await LocalServer.StartAsync(answer);
        return _server.Urls.Single();
    }
}
