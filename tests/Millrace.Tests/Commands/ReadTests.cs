using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class ReadTests
{
    private const string Data = "GET /api/v1/participants/me/transfers/t1/data";
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("日期,1\n", 50_000)));

    [Fact]
    public async Task The_data_arrive_whole_under_a_signed_purpose_and_leave_nothing_beside_them()
    {
        await using var node = await StartAsync();
        node.Gives(Data, context => SendAsync(context, Bytes));
        var result = await ReadAsync(node, "--json");

        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Equal(Bytes, File.ReadAllBytes(node.InFolder("out.csv")));
        Assert.Empty(node.Folder.GetFiles("*.part*"));
        Assert.Contains(
            """{"agreement":"a1","purpose":"planning","project":"storms"}""", node.Asked.Select(a => a.Body));
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(Bytes.Length, report.GetProperty("bytes").GetInt64());
        Assert.Equal(50_000, report.GetProperty("rows").GetInt64());
        Assert.Equal("r1", report.GetProperty("read").GetString());
        Assert.True(report.GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task A_line_that_breaks_is_gone_on_with_where_it_broke()
    {
        await using var node = await StartAsync();
        var ranges = new List<string>();
        node.Gives(Data, async context =>
        {
            ranges.Add($"{context.Request.Headers.Range} {context.Request.Headers.IfRange}".Trim());
            await SendAsync(context, Bytes, breakAfter: ranges.Count < 3 ? 100_000 : null);
        });
        var result = await ReadAsync(node);

        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Equal(Bytes, File.ReadAllBytes(node.InFolder("out.csv")));
        Assert.Equal("", ranges[0]);
        Assert.All(ranges.Skip(1), range => Assert.Matches("^bytes=[0-9]+- \"v1\"$", range));
        Assert.Single(node.Asked, IsStart);
    }

    [Fact]
    public async Task A_view_that_is_still_being_built_is_waited_for()
    {
        await using var node = await StartAsync();
        var asked = 0;
        node.Gives(Data, async context =>
        {
            Assert.StartsWith("respond-async", context.Request.Headers["Prefer"], StringComparison.Ordinal);
            if (++asked > 20)
            {
                await SendAsync(context, Bytes);
                return;
            }
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.Headers.RetryAfter = "0";
            await context.Response.WriteAsync(asked % 2 == 0 ? """{"done":0.42}""" : "");
        });
        var result = await ReadAsync(node);
        Assert.Equal(("", ExitCode.Done, 21), (result.Error, result.ExitCode, asked));
        Assert.Equal(Bytes, File.ReadAllBytes(node.InFolder("out.csv")));
    }

    [Fact]
    public async Task A_query_is_asked_once_and_never_again_by_itself()
    {
        await using var node = await StartAsync();
        node.Gives(
            "POST /api/v1/participants/me/transfers/t1/query",
            context => SendAsync(context, Bytes, breakAfter: 100_000));
        const string Sql = "SELECT count(*) FROM data";
        var result = await ReadAsync(node, "--sql", Sql);
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Contains("The line broke", result.Error, StringComparison.Ordinal);
        Assert.Equal(
            $$"""{"sql":"{{Sql}}"}""",
            node.Asked.Single(a => a.Request.EndsWith("/query?format=csv", StringComparison.Ordinal)).Body);
    }

    [Fact]
    public async Task An_answer_is_printed_where_no_file_is_named_and_a_whole_view_is_not()
    {
        await using var node = await StartAsync();
        node.Gives(
            "POST /api/v1/participants/me/transfers/t1/query",
            context => SendAsync(context, "day,rides\n2001-01-22,3\n"u8.ToArray()));
        var printed = await CommandRunner.RunAsync(node, "read", "a1", "--sql", "SELECT day, rides FROM data");
        Assert.Equal("day,rides\n2001-01-22,3\n", printed.Output);

        var asked = node.Asked.Count;
        var whole = await CommandRunner.RunAsync(node, "read", "a1");
        Assert.Equal("millrace: Name the file to write: -o FILE.\n", whole.Error);
        Assert.Equal(ExitCode.BadInput, whole.ExitCode);
        Assert.Equal(asked, node.Asked.Count);
    }

    private static bool IsStart((string Request, string Body) asked) =>
        asked.Request == "POST /api/v1/participants/me/transfers";

    [Fact]
    public async Task The_same_command_given_again_goes_on_with_its_transfer_and_another_purpose_does_not()
    {
        await using var node = await StartAsync();
        node.Gives(Data, context => SendAsync(context, Bytes));
        Unfinished(node, "planning");
        var again = await ReadAsync(node);
        Assert.Equal("Going on after 1 kB.\n", again.Error);
        Assert.Equal(Bytes, File.ReadAllBytes(node.InFolder("out.csv")));
        Assert.DoesNotContain(node.Asked, IsStart);

        Unfinished(node, "research");
        await ReadAsync(node);
        Assert.Contains(node.Asked, IsStart);
    }

    [Fact]
    public async Task Damaged_data_are_not_kept()
    {
        await using var node = await StartAsync();
        node.Gives(Data, context => SendAsync(context, Bytes, digestOf: [1, 2, 3]));
        var result = await ReadAsync(node);
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Contains("(damaged)", result.Error, StringComparison.Ordinal);
        Assert.Empty(node.Folder.GetFiles("out.*"));
    }

    [Fact]
    public async Task A_refusal_names_the_rule_and_drops_what_was_read_so_far()
    {
        await using var node = await StartAsync();
        var asked = 0;
        node.Gives(Data, async context =>
        {
            if (++asked == 1)
            {
                await SendAsync(context, Bytes, breakAfter: 100_000);
                return;
            }
            context.Response.StatusCode = 422;
            await context.Response.WriteAsync(
                """{"code":"withdrawn","reason":"The agreement was withdrawn.","rule":"permission[0]"}""");
        });
        var result = await ReadAsync(node);
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Equal(
            "millrace: The agreement was withdrawn. (withdrawn, rule permission[0])\n", result.Error);
        Assert.Empty(node.Folder.GetFiles("out.*"));
    }

    [Fact]
    public async Task A_transfer_that_the_provider_refuses_says_why()
    {
        await using var node = await StartAsync(
            "TERMINATED", ""","refusal":{"code":"purpose","reason":"Only for planning.","rule":"permission[0]"}""");
        var result = await ReadAsync(node);
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Equal("millrace: Only for planning. (purpose, rule permission[0])\n", result.Error);
    }

    [Fact]
    public async Task A_transfer_that_lacks_a_purpose_is_refused_with_the_option_that_names_one()
    {
        await using var node = await StartAsync(
            "TERMINATED", ""","refusal":{"code":"no-purpose","reason":"Sign a purpose.","rule":"permission[0]"}""");
        Assert.Equal(
            "millrace: Sign a purpose. Name one with --purpose. (no-purpose, rule permission[0])\n",
            (await ReadAsync(node)).Error);
    }

    [Theory]
    [InlineData("gz", "gzip")]
    [InlineData("zst", "zstd")]
    public async Task A_file_is_compressed_on_its_way_as_its_ending_says(string ending, string coding)
    {
        await using var node = await StartAsync();
        node.Gives(Data, async context =>
        {
            Assert.Equal(coding, context.Request.Headers.AcceptEncoding);
            context.Response.Headers.ContentEncoding = coding;
            await SendAsync(context, Bytes);
        });
        var result = await CommandRunner.RunAsync(node, ["read", "a1", "-o", node.InFolder($"out.csv.{ending}")]);
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Equal(Bytes, File.ReadAllBytes(node.InFolder($"out.csv.{ending}")));
    }

    [Fact]
    public async Task A_provider_that_does_not_compress_is_told_from_one_that_does()
    {
        await using var node = await StartAsync();
        node.Gives(Data, context => SendAsync(context, Bytes));
        var result = await CommandRunner.RunAsync(node, ["read", "a1", "-o", node.InFolder("out.csv.gz")]);
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.StartsWith("millrace: The provider does not compress by gzip", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(node.InFolder("out.csv.gz")));
    }

    [Theory]
    [InlineData("out.parquet.gz")]
    [InlineData("out.arrow.zst")]
    [InlineData("out.csv.gz", "--sql", "SELECT 1 FROM data")]
    public async Task What_cannot_be_compressed_is_refused_before_anything_is_asked(
        string file, params string[] more)
    {
        await using var node = await StartAsync();
        var result = await CommandRunner.RunAsync(node, ["read", "a1", "-o", node.InFolder(file), .. more]);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.StartsWith("millrace: Whole views as CSV", result.Error, StringComparison.Ordinal);
        Assert.Empty(node.Asked);
    }

    private static Task<CommandResult> ReadAsync(FakeNode node, params string[] more) => CommandRunner.RunAsync(
        node,
        ["read", "a1", "--purpose", "planning", "--project", "storms", "-o", node.InFolder("out.csv"), .. more]);

    private static async Task<FakeNode> StartAsync(string state = "STARTED", string more = "")
    {
        const string known = """{"id":"t1","role":"consumer","peer":"did:web:a","agreement":"a1","state":""";
        return (await FakeNode.StartAsync(CommandRunner.Cancel, "me"))
            .Gives("POST /api/v1/participants/me/transfers", $$"""{{known}}"REQUESTED"}""", 201)
            .Gives("GET /api/v1/participants/me/transfers/t1", $$"""{{known}}"{{state}}"{{more}}}""");
    }

    private static void Unfinished(FakeNode node, string purpose)
    {
        File.WriteAllBytes(node.InFolder("out.csv.part"), Bytes[..1000]);
        File.WriteAllText(
            node.InFolder("out.csv.part.json"),
            $$"""
            {"agreement":"a1","purpose":"{{purpose}}","project":"storms","format":"csv","transfer":"t1","eTag":"\"v1\""}
            """);
    }

    private static async Task SendAsync(
        HttpContext context, byte[] whole, int? breakAfter = null, byte[]? digestOf = null)
    {
        Assert.Equal("?format=csv", context.Request.QueryString.Value);
        var from = context.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } start ? (int)start : 0;
        var response = context.Response;
        response.Headers.ETag = "\"v1\"";
        response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(digestOf ?? whole))}:";
        response.Headers["Millrace-Read"] = "r1";
        response.Headers["Millrace-Rows"] = "50000";
        response.ContentLength = whole.Length - from;
        if (from > 0)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{whole.Length - 1}/{whole.Length}";
        }
        var end = breakAfter is { } bytes ? from + bytes : whole.Length;
        await response.Body.WriteAsync(whole.AsMemory(from..end), context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
        if (breakAfter is not null)
            context.Abort();
    }
}
