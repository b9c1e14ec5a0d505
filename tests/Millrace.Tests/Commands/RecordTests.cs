using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

/// <summary>Evidence, usage, scenarios, peers: what they print, and that --json is the API's own text.</summary>
public sealed class RecordTests
{
    private const string Scenario =
        """
        {"id":"s1","title":"Storms","purpose":"planning","measure":"days explained","unit":"days","before":0.5,
         "after":181,"agreements":["a1","a2"],"createdAt":"2026-01-02T03:04:05Z","closedAt":"2026-01-03T03:04:05Z"}
        """;

    private const string Usage =
        """
        {"lines":[{"agreement":"a1","role":"consumer","peer":"did:web:a","product":"w","title":"Weather","reads":3,
          "rows":4860,"bytes":1500000,"price":{"amount":0.5,"currency":"EUR","per":"read"},"due":1.5,"currency":"EUR"},
          {"agreement":"a2","role":"consumer","peer":"did:web:b","product":"r","title":"Rides","reads":1,"rows":1,
          "bytes":10,"due":0}],
         "totals":[{"role":"consumer","currency":"EUR","due":1.5}]}
        """;

    [Theory]
    [InlineData(true, ExitCode.Done, "The log is whole.")]
    [InlineData(false, ExitCode.Refused, "THE LOG IS NOT WHOLE.")]
    public async Task Verifying_says_each_check_and_fails_when_one_fails(bool valid, int code, string sentence)
    {
        var word = valid ? "true" : "false";
        await using var node = await StartAsync("POST", "evidence/verify",
            $$"""
            {"valid":{{word}},"size":12345,"root":"ab12","origin":"n.example/me",
             "checks":[{"name":"root","valid":{{word}},"detail":"The entries give the root."}]}
            """);
        var result = await CommandRunner.RunAsync(node, "evidence", "verify");
        Assert.Equal(code, result.ExitCode);
        Assert.StartsWith(
            $"{sentence}\n  log      n.example/me\n  entries  12,345\n", result.Output, StringComparison.Ordinal);
        Assert.Contains(valid ? "root   holds" : "root   FAILS", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_is_printed_as_it_is_or_written_to_a_file()
    {
        const string receipt = "c2sp.org/tlog-proof@v1\nindex 17\n";
        await using var node = await StartAsync("GET", "evidence/17/receipt", receipt);
        Assert.Equal(receipt, (await CommandRunner.RunAsync(node, "evidence", "receipt", "17")).Output);
        var file = node.InFolder("17.tlog-proof");
        Assert.Empty((await CommandRunner.RunAsync(node, "evidence", "receipt", "17", "-o", file)).Output);
        Assert.Equal(receipt, File.ReadAllText(file));
    }

    [Fact]
    public async Task Entries_are_listed_from_where_one_wants()
    {
        await using var node = await StartAsync("GET", "evidence",
            """
            {"size":9,"entries":[{"index":7,"id":"e","time":"2026-01-02T03:04:05Z","type":"read","body":{"rows":1},
             "hash":"0"}]}
            """);
        var result = await CommandRunner.RunAsync(node, "evidence", "list", "--from", "7", "--limit", "1");
        Assert.Contains("GET /api/v1/participants/me/evidence?from=7&limit=1", node.Asked.Select(a => a.Request));
        Assert.Contains(
            "    7  2026-01-02 03:04Z  read  {\"rows\":1}\n1 of 9 entries.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_shows_prices_and_what_is_due()
    {
        await using var node = await StartAsync("GET", "usage", Usage);
        var result = await CommandRunner.RunAsync(node, "usage");
        Assert.Equal(
            """
            agreement  role      product  peer       reads   rows    size  price                 due
            a1         consumer  Weather  did:web:a      3  4,860  1.5 MB  0.5 EUR per read  1.5 EUR
            a2         consumer  Rides    did:web:b      1      1    10 B  free                    0

            To pay: 1.5 EUR

            """,
            result.Output);
        Assert.Equal(Usage, (await CommandRunner.RunAsync(node, "usage", "--json")).Output.TrimEnd('\n'));
    }

    [Fact]
    public async Task A_narrow_terminal_folds_titles_but_never_ids_and_colours_only_where_it_may()
    {
        await using var node = await StartAsync("GET", "usage", Usage.Replace("a1", "agreement-0001"));
        foreach (var colour in new[] { true, false })
        {
            using var output = new StringWriter();
            var world = CommandRunner.World(output, TextWriter.Null, CommandRunner.NoStart);
            await CommandLine.RunAsync(
                ["usage", "--data", node.Folder.FullName],
                world with { Width = 85, Colour = colour },
                CommandRunner.Cancel);
            Assert.Equal(colour, output.ToString().Contains('\e'));
            Assert.Contains("agreement-0001", output.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("0.5 EUR per read", output.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_scenario_is_recorded_with_its_figures_as_they_were_typed()
    {
        await using var node = await StartAsync("POST", "scenarios", Scenario);
        node.Gives("POST /api/v1/participants/me/scenarios/s1/outcome", Scenario);
        await CommandRunner.RunAsync(
            node, "scenario", "add", "Storms", "--purpose", "planning", "--measure", "days explained",
            "--unit", "days", "--before", "0.5");
        var closed = await CommandRunner.RunAsync(
            node, "scenario", "close", "s1", "--after", "181", "--agreement", "a1", "--agreement", "a2");
        var bodies = node.Asked.Select(a => a.Body).ToList();
        Assert.Contains(
            "{\"title\":\"Storms\",\"purpose\":\"planning\",\"measure\":\"days explained\",\"unit\":\"days\","
                + "\"before\":0.5,\"agreements\":[]}",
            bodies);
        Assert.Contains("""{"after":181,"agreements":["a1","a2"]}""", bodies);
        Assert.Contains("  before      0.5 days\n  after       181 days\n", closed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_with_json_is_the_problem_of_the_api()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives(
            "POST /api/v1/participants/me/peers",
            """{"status":502,"detail":"did:web:a does not answer.","code":"unreachable"}""", 502);
        var result = await CommandRunner.RunAsync(node, "peer", "add", "did:web:a", "--json");
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Equal(
            """{"status":502,"detail":"did:web:a does not answer.","code":"unreachable"}""",
            result.Output.TrimEnd('\n'));
    }

    private static async Task<FakeNode> StartAsync(string method, string path, string body) =>
        (await FakeNode.StartAsync(CommandRunner.Cancel, "me")).Gives($"{method} /api/v1/participants/me/{path}", body);
}
