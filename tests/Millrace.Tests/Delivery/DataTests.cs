using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Tests.Nodes;
using Millrace.Tests.Supply;
using ZstdSharp;

namespace Millrace.Tests.Delivery;

/// <summary>The data endpoint as any HTTP client sees it.</summary>
public sealed class DataTests(TwoNodes nodes)
{
    private const string Table =
        "id,city,amount,who\n1,ORD,10.5,alice\n2,MDW,20.25,bob\n3,ORD,30.75,carol\n4,ORD,41.25,alice\n";

    private static readonly HttpClient Http = new();

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Csv_and_parquet_hold_just_the_columns_masks_and_rows_of_the_contract(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync(
            Table,
            Odrl.Offer(
                Odrl.Columns("id", "amount", "who"), Odrl.Row("city", "ORD"), Odrl.Mask("who", "first:1"),
                Odrl.Mask("amount", "round:10")));
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));

        var (csv, bytes) = await ReadAsync(access.Request(HttpMethod.Get));
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            "id,amount,who\r\n1,10.0,a\r\n3,30.0,c\r\n4,40.0,a\r\n", Encoding.UTF8.GetString(bytes));
        Assert.Equal("3", csv.Headers.GetValues("Millrace-Rows").Single());
        var digest = Convert.ToBase64String(SHA256.HashData(bytes));
        Assert.Equal($"sha-256=:{digest}:", csv.Headers.GetValues("Repr-Digest").Single());

        var (parquet, table) = await ReadAsync(access.Request(HttpMethod.Get, "parquet"));
        Assert.Equal("application/vnd.apache.parquet", parquet.Content.Headers.ContentType?.MediaType);
        using var workshop = new Workshop();
        workshop.File("out.parquet", table);
        Assert.Equal([["1", "10.0", "a"], ["3", "30.0", "c"], ["4", "40.0", "a"]], workshop.Cells());

        var (lines, json) = await ReadAsync(access.Request(HttpMethod.Get, "jsonl"));
        Assert.Equal("application/jsonl", lines.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("""{"id":1,"amount":10.0,"who":"a"}""" + "\n", Encoding.UTF8.GetString(json));

        var (arrow, batches) = await ReadAsync(access.Request(HttpMethod.Get, "arrow"));
        Assert.Equal("application/vnd.apache.arrow.file", arrow.Content.Headers.ContentType?.MediaType);
        Assert.Equal("3", arrow.Headers.GetValues("Millrace-Rows").Single());
        Assert.StartsWith("ARROW1", Encoding.ASCII.GetString(batches));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Parts_and_conditions_are_answered_as_http_has_it(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var agreement = await peer.AgreeAsync(holder, await holder.PublishAsync(Table));
        var access = await peer.AccessAsync(holder, agreement);
        var (whole, bytes) = await ReadAsync(access.Request(HttpMethod.Get));
        var (tag, length) = (whole.Headers.ETag!, bytes.Length);

        var (head, nothing) = await ReadAsync(access.Request(HttpMethod.Head));
        Assert.Equal(
            (HttpStatusCode.OK, length, 0), (head.StatusCode, head.Content.Headers.ContentLength, nothing.Length));
        Assert.Equal(tag, head.Headers.ETag);

        foreach (var (range, from, to) in new[]
        {
            ("bytes=0-9", 0, 9), ("bytes=10-", 10, length - 1), ("bytes=-7", length - 7, length - 1),
            ("bytes=5-99999999", 5, length - 1), ("bytes=-99999999", 0, length - 1), ("bytes=0-0", 0, 0),
        })
        {
            var (part, content) = await ReadAsync(With(access, "Range", range));
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(new ContentRangeHeaderValue(from, to, length), part.Content.Headers.ContentRange);
            Assert.Equal(bytes[from..(to + 1)], content);
        }
        foreach (var range in (string[])["bytes=99999999-", $"bytes={length}-", "bytes=-0"])
        {
            var (none, _) = await ReadAsync(With(access, "Range", range));
            Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, none.StatusCode);
            Assert.Equal(new ContentRangeHeaderValue(length), none.Content.Headers.ContentRange);
        }
        foreach (var range in (string[])["bytes=0-1,4-5", "lines=0-1", "bytes=9-3", "nonsense"])
        {
            var (all, content) = await ReadAsync(With(access, "Range", range));
            Assert.Equal((HttpStatusCode.OK, length), (all.StatusCode, content.Length));
        }

        var (same, part2) = await ReadAsync(With(access, "Range", "bytes=0-1", "If-Range", tag.ToString()));
        Assert.Equal((HttpStatusCode.PartialContent, 2), (same.StatusCode, part2.Length));
        var (other, full) = await ReadAsync(With(access, "Range", "bytes=0-1", "If-Range", "\"other\""));
        Assert.Equal((HttpStatusCode.OK, length), (other.StatusCode, full.Length));
        foreach (var condition in (string[])[tag.ToString(), "*"])
        {
            var (known, empty) = await ReadAsync(With(access, "If-None-Match", condition));
            Assert.Equal((HttpStatusCode.NotModified, 0), (known.StatusCode, empty.Length));
        }
    }

    [Fact]
    public async Task Who_would_not_wait_is_told_how_far_the_view_is_and_gets_it_later()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync(Table, Odrl.Offer(Odrl.Row("city", "ORD"), Odrl.Count(1)));
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));

        // A view is built in milliseconds, and no patience is shorter than that.
        var (early, body) = await ReadAsync(With(access, "Prefer", "respond-async, wait=0"));
        Assert.Equal(
            (HttpStatusCode.Accepted, "respond-async", TimeSpan.FromSeconds(1)),
            (early.StatusCode, early.Headers.GetValues("Preference-Applied").Single(),
                early.Headers.RetryAfter?.Delta));
        Assert.InRange(JsonDocument.Parse(body).RootElement.GetProperty("done").GetDouble(), 0, 1);
        Assert.Empty(await holder.EvidenceAsync("read-opened"));

        var (whole, rows) = await ReadAsync(With(access, "Prefer", "wait=60;x=1, Respond-Async"));
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(
            ["id,city,amount,who", "1,ORD,10.5,alice", "3,ORD,30.75,carol", "4,ORD,41.25,alice", ""],
            Encoding.UTF8.GetString(rows).Split("\r\n"));
        Assert.Single(await holder.EvidenceAsync("read-opened"));
    }

    [Theory]
    [InlineData("csv", "gzip", "gzip")]
    [InlineData("csv", "zstd", "zstd")]
    [InlineData("csv", "gzip, deflate, zstd, br", "zstd")]
    [InlineData("csv", "zstd;q=0.5, gzip", "gzip")]
    [InlineData("csv", "gzip;q=0, br", null)]
    [InlineData("jsonl", "gzip", "gzip")]
    [InlineData("jsonl", "zstd", "zstd")]
    [InlineData("parquet", "gzip", null)]
    [InlineData("arrow", "zstd", null)]
    public async Task Texts_are_compressed_as_their_reader_takes_them(string format, string accepts, string? coding)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, await holder.PublishAsync(Table)));
        var (plain, text) = await ReadAsync(access.Request(HttpMethod.Get, format));
        Assert.Empty(plain.Content.Headers.ContentEncoding);

        HttpRequestMessage Ask(HttpMethod method, string? range = null)
        {
            var request = access.Request(method, format);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
            if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
            return request;
        }
        var (answer, bytes) = await ReadAsync(Ask(HttpMethod.Get));
        Assert.Equal(coding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(text, Unpacked(coding, bytes));
        Assert.Equal(["Accept", "Accept-Encoding"], answer.Headers.Vary);
        Assert.Equal(plain.Content.Headers.ContentType, answer.Content.Headers.ContentType);
        Assert.Equal(coding is null, plain.Headers.ETag!.Equals(answer.Headers.ETag));
        Assert.Equal(
            $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:",
            answer.Headers.GetValues("Repr-Digest").Single());

        var (head, _) = await ReadAsync(Ask(HttpMethod.Head));
        Assert.Equal(coding, head.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(bytes.Length, head.Content.Headers.ContentLength);
        var (part, end) = await ReadAsync(Ask(HttpMethod.Get, "bytes=5-"));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[5..], end);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_wrong_token_finds_nothing_and_none_is_asked_for(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var other = await nodes.ParticipantAsync(database, "other");
        await using var peer = await RawPeer.StartAsync();
        var agreement = await peer.AgreeAsync(holder, await holder.PublishAsync(Table));
        var (access, second) = (await peer.AccessAsync(holder, agreement), await peer.AccessAsync(holder, agreement));

        using (var none = await Http.GetAsync(access.Endpoint, TestNode.Cancel))
            Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        var elsewhere = new Uri(access.Endpoint.AbsoluteUri.Replace(holder.Id, other.Id, StringComparison.Ordinal));
        foreach (var request in new[]
        {
            access.Request(HttpMethod.Get, token: "wrong"),
            access.Request(HttpMethod.Get, token: second.Token),
            access.Request(HttpMethod.Get, token: peer.Token(holder.Did)),
            (access with { Endpoint = elsewhere }).Request(HttpMethod.Get),
        })
        {
            var (answer, _) = await ReadAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        var (format, _) = await ReadAsync(access.Request(HttpMethod.Get, "xlsx"));
        Assert.Equal(HttpStatusCode.NotAcceptable, format.StatusCode);
        Assert.Equal(0, (await holder.AgreementAsync(agreement)).Reads);
        Assert.DoesNotContain(await holder.EvidenceAsync(), e => e.Type.StartsWith("read-", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_pseudonym_joins_within_an_agreement_and_never_across_two(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync(Table, Odrl.Offer(Odrl.Columns("id", "who"), Odrl.Mask("who", "hash")));
        var seen = new List<string[]>();
        for (var i = 0; i < 2; i++)
        {
            var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
            var (_, bytes) = await ReadAsync(access.Request(HttpMethod.Get));
            seen.Add([.. Encoding.UTF8.GetString(bytes).Split("\r\n")[1..5].Select(line => line.Split(',')[1])]);
        }
        foreach (var who in seen)
        {
            Assert.Equal(who[0], who[3]); // alice
            Assert.Equal(3, who.Distinct().Count());
            Assert.All(who, name => Assert.Matches("^[0-9a-f]{32}$", name));
        }
        Assert.Empty(seen[0].Intersect(seen[1]));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Columns_of_a_later_version_do_not_leave_under_an_older_agreement(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync("id,city\n1,ORD\n");
        var old = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
        var next = await holder.PublishAsync("id,city,secret\n1,ORD,s1\n2,MDW,s2\n");
        Assert.Equal(2, next.Latest.Number);
        var fresh = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, next));

        Assert.Equal("id,city\r\n1,ORD\r\n2,MDW\r\n", await TextAsync(old));
        Assert.Equal("id,city,secret\r\n1,ORD,s1\r\n2,MDW,s2\r\n", await TextAsync(fresh));
        var (_, parquet) = await ReadAsync(old.Request(HttpMethod.Get, "parquet"));
        using var workshop = new Workshop();
        workshop.File("out.parquet", parquet);
        Assert.Equal([["1", "ORD"], ["2", "MDW"]], workshop.Cells());
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(parquet), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_consumers_node_passes_the_data_and_the_refusals_on(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync("id\n1\n", Odrl.Offer(Odrl.Count(1)));
        var agreement = await reader.AgreeAsync(holder, product);
        var transfer = await reader.TransferAsync(agreement);
        var path = reader.Path($"transfers/{transfer.Id}/data?format=csv");
        using (var read = await reader.Node.Http.GetAsync(path, TestNode.Cancel))
        {
            Assert.Equal("id\r\n1\r\n", await read.Content.ReadAsStringAsync(TestNode.Cancel));
            Assert.NotNull(read.Headers.ETag);
            Assert.Single(read.Headers.GetValues("Millrace-Read"));
        }
        using var refused = await reader.Node.Http.GetAsync(path, TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var problem = await TestNode.ProblemAsync(refused);
        Assert.Equal(("count-used-up", "permission[0].constraint[0]"), (problem.Code, problem.Rule));
        // Each side has counted for itself, and both come to the same.
        var theirs = await holder.AgreementAsync(agreement);
        var ours = await Until.SeenAsync(() => reader.AgreementAsync(agreement), a => a.Reads == 1);
        Assert.Equal((theirs.Reads, theirs.Rows, theirs.Bytes), (ours.Reads, ours.Rows, ours.Bytes));
        Assert.Equal((1, 1, 7), (theirs.Reads, theirs.Rows, theirs.Bytes));
    }

    [Fact]
    public async Task A_consumers_node_passes_compressed_data_on_as_they_are()
    {
        var (holder, reader) = (await nodes.ParticipantAsync("sqlite"), await nodes.AcrossAsync("sqlite"));
        var agreement = await reader.AgreeAsync(holder, await holder.PublishAsync("id\n1\n"));
        var transfer = await reader.TransferAsync(agreement);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, reader.Path($"transfers/{transfer.Id}/data?format=csv"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        using var answer = await reader.Node.Http.SendAsync(request, TestNode.Cancel);
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel);
        Assert.Equal("id\r\n1\r\n", Encoding.UTF8.GetString(Unpacked("gzip", bytes)));
    }

    internal static async Task<(HttpResponseMessage Answer, byte[] Content)> ReadAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var answer = await Http.SendAsync(request, TestNode.Cancel);
            return (answer, await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel));
        }
    }

    internal static HttpRequestMessage With(DataAccess access, params string[] headers)
    {
        var request = access.Request(HttpMethod.Get);
        for (var i = 0; i < headers.Length; i += 2)
            request.Headers.TryAddWithoutValidation(headers[i], headers[i + 1]);
        return request;
    }

    private static byte[] Unpacked(string? coding, byte[] bytes)
    {
        using var text = new MemoryStream();
        using Stream packed = coding switch
        {
            "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            "zstd" => new DecompressionStream(new MemoryStream(bytes)),
            _ => new MemoryStream(bytes),
        };
        packed.CopyTo(text);
        return text.ToArray();
    }

    private static async Task<string> TextAsync(DataAccess access) =>
        Encoding.UTF8.GetString((await ReadAsync(access.Request(HttpMethod.Get))).Content);
}
