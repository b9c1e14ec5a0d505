using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class CallCommandTests
{
    private const string Call = "POST /api/v1/participants/me/transfers/t1/call";
    private const string Answer = "station,n\r\nClark,3\r\n";

    [Fact]
    public async Task The_answer_is_printed_and_the_values_are_sent()
    {
        await using var node = await StartAsync();
        var result = await CallAsync(node, "--with", "station=Clark = ß", "--with", "from=2001-01-01", "--with", "x=");
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Equal(Answer, result.Output);
        Assert.Equal(
            """{"parameters":{"station":"Clark = ß","from":"2001-01-01","x":""}}""",
            node.Asked.Single(a => a.Request == $"{Call}?format=csv").Body);
        Assert.Contains(
            """{"agreement":"a1","purpose":"planning","project":"storms","format":"HttpCall-PULL"}""",
            node.Asked.Select(a => a.Body));
        Assert.Contains(node.Asked, a => a.Request.EndsWith("transfers/t1/completion", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_answer_goes_into_a_file_whole_and_checked()
    {
        await using var node = await StartAsync();
        var result = await CallAsync(node, "-o", node.InFolder("out.parquet"), "--json");
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Equal(Answer, File.ReadAllText(node.InFolder("out.parquet")));
        Assert.Contains("\"rows\":1", result.Output, StringComparison.Ordinal);
        Assert.Contains(node.Asked, a => a.Request == $"{Call}?format=parquet");
    }

    [Fact]
    public async Task A_program_gets_lines_of_json()
    {
        await using var node = await StartAsync();
        Assert.Equal(ExitCode.Done, (await CallAsync(node, "--json")).ExitCode);
        Assert.Contains(node.Asked, a => a.Request == $"{Call}?format=jsonl");
    }

    [Fact]
    public async Task What_arrives_damaged_is_not_printed()
    {
        await using var node = await StartAsync(digestOf: "other");
        var result = await CallAsync(node);
        Assert.Equal(("", ExitCode.Refused), (result.Output, result.ExitCode));
        Assert.Contains("(damaged)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_value_is_told_and_the_call_is_made_once()
    {
        await using var node = await StartAsync();
        node.Gives(
            Call,
            """
            {"code":"parameter-out-of-bounds","detail":"from is at least 2001-01-01.","rule":"parameters.from",
             "status":400}
            """,
            400);
        var result = await CallAsync(node, "--with", "from=1999-01-01");
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal(
            "millrace: from is at least 2001-01-01. (parameter-out-of-bounds, rule parameters.from)\n", result.Error);
        Assert.Single(node.Asked, a => a.Request.StartsWith(Call, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Write a value as NAME=VALUE, not as station.", "--with", "station")]
    [InlineData("Write a value as NAME=VALUE, not as =x.", "--with", "=x")]
    [InlineData("The parameter a is given twice.", "--with", "a=1", "--with", "a=2")]
    [InlineData("An answer in parquet goes into a file: name one with -o.", "--format", "parquet")]
    [InlineData("answer.txt does not end in .parquet", "-o", "answer.txt")]
    public async Task What_cannot_be_meant_is_refused_before_anything_is_asked(string says, params string[] args)
    {
        await using var node = await StartAsync();
        var result = await CallAsync(node, args);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(node.Asked, a => a.Request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_catalogue_shows_how_a_query_is_called()
    {
        await using var node = await StartAsync();
        node.Gives(
            "GET /api/v1/participants/me/catalogue/rides",
            """
            {"provider":"did:web:a","id":"rides","title":"Rides","description":"","keywords":[],"offers":[],
             "formats":["HttpCall-PULL"],"query":{"minGroup":10,"parameters":[
              {"name":"station","type":"text","values":["Clark","Lake"],"default":"Lake","description":"Which"},
              {"name":"from","type":"date","min":"2001-01-01","max":"2030-12-31"},
              {"name":"like","type":"text","lengthMax":9,"pattern":"[a-z]+"}]}}
            """);
        var result = await CommandRunner.RunAsync(node, "catalogue", "show", "rides", "--provider", "did:web:a");
        Assert.EndsWith(
            """

            parameter  type  values                        default  about
            station    text  Clark | Lake                  Lake     Which
            from       date  2001-01-01 to 2030-12-31
            like       text  at most 9 characters, [a-z]+
            Groups of fewer than 10 rows are left out.

            """,
            result.Output, StringComparison.Ordinal);
    }

    private static Task<CommandResult> CallAsync(FakeNode node, params string[] more) => CommandRunner.RunAsync(
        node, ["call", "a1", "--purpose", "planning", "--project", "storms", .. more]);

    private static async Task<FakeNode> StartAsync(string digestOf = Answer)
    {
        const string Started =
            """{"id":"t1","role":"consumer","peer":"did:web:a","agreement":"a1","state":"STARTED"}""";
        return (await FakeNode.StartAsync(CommandRunner.Cancel, "me"))
            .Gives("POST /api/v1/participants/me/transfers", Started, 201)
            .Gives("GET /api/v1/participants/me/transfers/t1", Started)
            .Gives(Call, async context =>
            {
                var digest = SHA256.HashData(Encoding.UTF8.GetBytes(digestOf));
                context.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(digest)}:";
                context.Response.Headers["Millrace-Rows"] = "1";
                await context.Response.WriteAsync(Answer, context.RequestAborted);
            });
    }
}
