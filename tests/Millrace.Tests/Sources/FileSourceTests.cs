using System.Globalization;
using System.Text;
using Amazon.S3.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node;
using Millrace.Node.Sources;
using Millrace.Tests.Nodes;
using Millrace.Tests.Objects;

namespace Millrace.Tests.Sources;

/// <summary>Files behind addresses and in buckets as products.</summary>
public sealed class FileSourceTests : IAsyncDisposable
{
    private static readonly byte[] _table = Encoding.UTF8.GetBytes(
        "id,name\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},name {i}\n")));

    private readonly List<WebApplication> _servers = [];
    private readonly List<string> _asked = [];

    [Fact]
    public async Task A_file_behind_an_address_is_a_product()
    {
        await using var world = await SourceWorld.StartAsync();
        var url = await ServeAsync(http => http.Response.Body.WriteAsync(_table).AsTask());
        var product = await world.PublishAsync(new SourceDocument("http", Url: $"{url}/data/rides%202001.csv?x=1"));
        Assert.Equal((50_000L, "rides 2001.csv"), (product.Latest.Rows, product.Latest.Source.Name));
    }

    [Fact]
    public async Task A_connection_that_breaks_goes_on_where_it_broke()
    {
        await using var world = await SourceWorld.StartAsync();
        var url = await ServeAsync(http => PartAsync(http, "\"one\"", cut: _table.Length / 2));
        var product = await world.PublishAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        Assert.Equal(50_000, product.Latest.Rows);
        Assert.Equal(2, _asked.Count);
        Assert.Equal("", _asked[0]);
        Assert.StartsWith("bytes=", _asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_is_read_from_the_beginning()
    {
        await using var world = await SourceWorld.StartAsync();
        var url = await ServeAsync(http => PartAsync(http, tag: null, cut: _table.Length / 2));
        var product = await world.PublishAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        Assert.Equal(50_000, product.Latest.Rows);
        Assert.Equal(["", ""], _asked);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_is_begun_anew()
    {
        await using var world = await SourceWorld.StartAsync();
        var url = await ServeAsync(
            http => PartAsync(http, $"\"{_asked.Count}\"", cut: _table.Length / 2));
        var product = await world.PublishAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        Assert.Equal(50_000, product.Latest.Rows);
        Assert.Equal(2, _asked.Count);
        Assert.StartsWith("bytes=", _asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_another_file_is_refused()
    {
        await using var world = await SourceWorld.StartAsync();
        var url = await ServeAsync(http =>
        {
            var tag = $"\"{_asked.Count}\"";
            http.Request.Headers.IfRange = tag; // A server that takes every condition for met.
            return PartAsync(http, tag, cut: _table.Length / 2);
        });
        var problem = await world.RefusedAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        Assert.Equal("source-changed", problem.Code);
    }

    [Fact]
    public async Task An_object_whose_connection_breaks_goes_on_where_it_broke()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = (await BucketAsync()) with { Bucket = "shop", Key = "t.csv" };
        var url = await ServeAsync(http => ObjectAsync(http, tagOf: _ => "\"tag-1\""));
        var product = await world.PublishAsync(source with { Endpoint = url });
        Assert.Equal(50_000, product.Latest.Rows);
        Assert.StartsWith("bytes=", _asked[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_changes_while_it_is_read_is_begun_anew_and_given_up_if_it_always_does()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = (await BucketAsync()) with { Bucket = "shop", Key = "t.csv" };
        var always = await ServeAsync(http => ObjectAsync(http, tagOf: asked => $"\"tag-{asked}\""));
        Assert.Equal("source-changed", (await world.RefusedAsync(source with { Endpoint = always })).Code);
        _asked.Clear();
        var once = await ServeAsync(http => ObjectAsync(http, tagOf: asked => $"\"tag-{(asked > 2 ? 2 : 1)}\""));
        var product = await world.PublishAsync(source with { Endpoint = once });
        Assert.Equal(50_000, product.Latest.Rows);
        Assert.Equal("", _asked[^1]);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_is_asked_again_when_it_says(int status)
    {
        var time = new FakeTimeProvider();
        await using var world = await SourceWorld.StartAsync(time: time);
        var asked = new List<DateTimeOffset>();
        var url = await ServeAsync(http =>
        {
            asked.Add(time.GetUtcNow());
            if (asked.Count > 1)
                return http.Response.WriteAsync("id\n1\n");
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "20";
            return Task.CompletedTask;
        });
        var publishing = world.PublishAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        await Until.SeenAsync(
            async () =>
            {
                if (asked.Count == 1)
                    time.Advance(TimeSpan.FromSeconds(1));
                await world.Node.Http.GetAsync("healthz", TestNode.Cancel);
                return publishing.IsCompleted;
            },
            done => done);
        Assert.Equal(1, (await publishing).Latest.Rows);
        Assert.InRange(asked[1] - asked[0], TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_server_that_wants_a_long_pause_is_given_up()
    {
        await using var world = await SourceWorld.StartAsync();
        var url = await ServeAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        var problem = await world.RefusedAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        Assert.Equal(("source-lost", 1), (problem.Code, _asked.Count));
        Assert.Contains("3600 seconds", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, 1, "source-refused")]
    [InlineData(301, 1, "peer-redirects")]
    [InlineData(503, 3, "source-lost")]
    public async Task A_server_that_has_no_file_is_asked_no_more_than_helps(int status, int asked, string code)
    {
        await using var world = await SourceWorld.StartAsync();
        var url = await ServeAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/other";
            return Task.CompletedTask;
        });
        var problem = await world.RefusedAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        Assert.Equal(code, problem.Code);
        Assert.Equal(asked, _asked.Count);
    }

    [Fact]
    public async Task A_connection_that_always_breaks_publishes_nothing()
    {
        await using var world = await SourceWorld.StartAsync();
        var url = await ServeAsync(async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.Body.WriteAsync("id\n1\n"u8.ToArray());
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        var problem = await world.RefusedAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        Assert.Equal("source-lost", problem.Code);
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task A_file_is_bounded_in_bytes_whatever_its_server_says()
    {
        await using var world = await SourceWorld.StartAsync(limits: Limits.Default with { UploadBytesMax = 1000 });
        var url = await ServeAsync(http => http.Response.Body.WriteAsync(_table).AsTask());
        var problem = await world.RefusedAsync(new SourceDocument("http", Url: $"{url}/t.csv"));
        Assert.Equal("too-large", problem.Code);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/t.csv", "peer-url")]
    [InlineData("https://127.0.0.1:9/t.csv", "peer-address")]
    [InlineData("https://169.254.169.254/latest/meta-data", "peer-address")]
    [InlineData("file:///etc/passwd", "peer-url")]
    [InlineData("table.csv", "bad-source")]
    public async Task An_address_that_leads_inside_is_refused(string url, string code)
    {
        await using var world = await SourceWorld.StartAsync(allowsPrivate: false);
        Assert.Equal(code, (await world.RefusedAsync(new SourceDocument("http", Url: url))).Code);
    }

    [Fact]
    public async Task An_object_of_a_bucket_is_a_product()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = await BucketAsync(("rides/all.csv", "id\n9\n"), ("other.csv", "x\n1\n"));
        var product = await world.PublishAsync(source with { Key = "rides/all.csv" });
        Assert.Equal(["9"], world.Cells(product).Select(r => r[0]));
        Assert.Equal("all.csv", product.Latest.Source.Name);
    }

    /// <summary>A store of the test's own: its list has two pages, and the later keys come first.</summary>
    [Fact]
    public async Task Objects_below_a_prefix_are_one_table_in_the_order_of_their_keys()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = (await BucketAsync()) with { Endpoint = await ServeAsync(ListedAsync), Bucket = "shop" };
        var product = await world.PublishAsync(source with { Prefix = "rides/" });
        Assert.Equal(["1", "2", "3"], world.Cells(product).Select(r => r[0]));
        Assert.Equal("missing-file", (await world.ProblemAsync(source with { Prefix = "none/" })).Code);
    }

    [Fact]
    public async Task A_bucket_is_refused_with_what_to_do()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = await BucketAsync(("a.csv", "id\n1\n"));
        foreach (var (bad, code) in new[]
        {
            (source with { Key = "none.csv" }, "source-refused"),
            (source with { Key = "a.csv", Prefix = "a" }, "bad-source"),
            (source, "bad-source"),
            (source with { Key = "a.csv", SecretFrom = null }, "bad-source"),
            (source with { Key = "a.csv", SecretFrom = "NOT_SET_ANYWHERE" }, "secret-missing"),
            (source with { Key = "a.csv", Endpoint = "https://s3.example.org" }, "host-not-allowed"),
            (source with { Key = "a.csv", Endpoint = null }, "host-not-allowed"),
            (source with { Key = "a.csv", Endpoint = null, Region = "x.evil.example/" }, "bad-source"),
            (source with { Key = "a.csv", Endpoint = "rubbish" }, "bad-source"),
        })
        {
            var problem = await world.RefusedAsync(bad);
            Assert.Equal(code, problem.Code);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    /// <summary>A bucket with these objects, as a source; its access key stands in the environment.</summary>
    internal static async Task<SourceDocument> BucketAsync(params (string Key, string Text)[] objects)
    {
        var options = await (await S3Server.OfRunAsync()).CreateBucketAsync();
        using var client = S3Server.Client(options);
        foreach (var (key, text) in objects)
            await client.PutObjectAsync(
                new PutObjectRequest { BucketName = options.Bucket, Key = key, ContentBody = text }, TestNode.Cancel);
        Environment.SetEnvironmentVariable("TEST_SOURCE_KEY_ID", S3Server.KeyId);
        Environment.SetEnvironmentVariable("TEST_SOURCE_SECRET", S3Server.Secret);
        return new SourceDocument(
            "s3", Endpoint: options.Endpoint!.AbsoluteUri, Bucket: options.Bucket, KeyIdFrom: "TEST_SOURCE_KEY_ID",
            SecretFrom: "TEST_SOURCE_SECRET");
    }

    /// <summary>A store whose list has two pages, the later keys first.</summary>
    private static Task ListedAsync(HttpContext http)
    {
        var (query, response) = (http.Request.Query, http.Response);
        if (http.Request.Path.Value!.TrimEnd('/') != "/shop")
        {
            response.Headers.ETag = "\"tag-2\"";
            return response.WriteAsync(http.Request.Path == "/shop/rides/1.csv" ? "id\n1\n2\n" : "id\n3\n");
        }
        var isFirst = query["continuation-token"].Count == 0;
        var found = query["prefix"] != "rides/" ? "" : $"""
            <Contents><Key>rides/{(isFirst ? 2 : 1)}.csv</Key><ETag>"tag-2"</ETag><Size>5</Size></Contents>
            <Contents><Key>rides/</Key><ETag>"tag-2"</ETag><Size>0</Size></Contents>
            <IsTruncated>{(isFirst ? "true" : "false")}</IsTruncated>
            <NextContinuationToken>{(isFirst ? "next" : "")}</NextContinuationToken>
            """;
        response.ContentType = "application/xml";
        return response.WriteAsync($"<ListBucketResult><Name>shop</Name>{found}</ListBucketResult>");
    }

    /// <summary>A store that breaks off what it sends first, and minds the tag that is asked for.</summary>
    /// <param name="tagOf">By the number of the request.</param>
    private async Task ObjectAsync(HttpContext http, Func<int, string> tagOf)
    {
        var (request, response) = (http.Request, http.Response);
        var tag = tagOf(_asked.Count);
        response.Headers.ETag = tag;
        if (request.Headers.IfMatch.ToString() is { Length: > 0 } wanted && wanted != tag)
        {
            response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return;
        }
        var from = 0;
        if (request.Headers.Range.ToString() is { Length: > 0 } range)
        {
            from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{_table.Length - 1}/{_table.Length}";
        }
        response.ContentLength = _table.Length - from;
        if (HttpMethods.IsHead(request.Method))
            return;
        var isCut = _asked.Count == 2; // After the one for the tag.
        await response.Body.WriteAsync(_table.AsMemory(from, isCut ? _table.Length / 2 : _table.Length - from));
        await response.Body.FlushAsync();
        if (isCut)
            http.Abort();
    }

    /// <summary>Sends the table; the first time only its beginning. With a tag it knows ranges.</summary>
    private async Task PartAsync(HttpContext http, string? tag, int cut)
    {
        var response = http.Response;
        response.Headers.ETag = tag;
        var from = 0;
        if (tag is not null && http.Request.Headers.Range.ToString() is { Length: > 0 } range
            && http.Request.Headers.IfRange == tag)
        {
            from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{_table.Length - 1}/{_table.Length}";
        }
        response.ContentLength = _table.Length - from;
        var isFirst = _asked.Count == 1;
        await response.Body.WriteAsync(_table.AsMemory(from, isFirst ? cut : _table.Length - from));
        await response.Body.FlushAsync();
        if (isFirst)
            http.Abort();
    }

    private async Task<string> ServeAsync(Func<HttpContext, Task> answer)
    {
        var server = await LocalServer.StartAsync(http =>
        {
            _asked.Add(http.Request.Headers.Range.ToString());
            return answer(http);
        });
        _servers.Add(server);
        return server.Urls.Single();
    }
}
