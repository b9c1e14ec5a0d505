using System.Text.Json;
using Millrace.Node;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class NegotiationsTests
{
    private const string Base = "/api/v1/participants/me/negotiations";

    private static readonly string Waiting = Negotiation(
        "n:2", "OFFERED", "2026-01-03T00:00:00Z", ""","waits":true,"acts":["accept","counter","terminate"]""");

    [Fact]
    public async Task What_waits_for_a_person_comes_first()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        string[] all =
        [
            Negotiation("n1", "FINALIZED", "2026-01-05T00:00:00Z", ""","agreement":"a1","title":"Rain" """), Waiting,
            Negotiation("n3", "REQUESTED", "2026-01-06T00:00:00Z", ""","manual":true,"acts":["terminate"]"""),
            Negotiation("n4", "AGREED", "2026-01-04T00:00:00Z", ""","manual":false,"acts":["verify","terminate"]"""),
        ];
        node.Gives($"GET {Base}", $"[{string.Join(',', all)}]");
        var result = await CommandRunner.RunAsync(node, "negotiations", "list");
        Assert.Equal(
            """
            id   role      product  peer       state      since              to do
            n:2  consumer  weather  did:web:a  OFFERED    2026-01-03 00:00Z  accept or counter
            n3   consumer  weather  did:web:a  REQUESTED  2026-01-06 00:00Z
            n1   consumer  Rain     did:web:a  FINALIZED  2026-01-05 00:00Z
            n4   consumer  weather  did:web:a  AGREED     2026-01-04 00:00Z

            """,
            result.Output);
        Assert.Equal("The terms on the table: millrace negotiations show n:2\n", result.Error);
    }

    [Fact]
    public async Task A_full_page_says_how_to_go_on()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        var page = Enumerable.Range(0, Limits.Default.PageMax)
            .Select(i => Negotiation($"n{1000 - i}", "REQUESTED", "2026-01-05T00:00:00Z", ""));
        node.Gives($"GET {Base}", $"[{string.Join(',', page)}]").Gives($"GET {Base}?before=n501", "[]");
        var result = await CommandRunner.RunAsync(node, "negotiations", "list");
        Assert.Equal("There are more: millrace negotiations list --before n501\n", result.Error);
        result = await CommandRunner.RunAsync(node, "negotiations", "list", "--before", "n501");
        Assert.Equal(ExitCode.Done, result.ExitCode);
    }

    [Fact]
    public async Task Without_negotiations_the_list_says_where_to_begin()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives($"GET {Base}", "[]");
        var result = await CommandRunner.RunAsync(node, "negotiations", "list");
        Assert.Equal("No negotiation yet; find an offer with: millrace catalogue search\n", result.Output);
        result = await CommandRunner.RunAsync(node, "negotiations", "list", "--before", "n:1");
        Assert.StartsWith("Nothing older than that one", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rounds_are_shown_with_what_each_changed()
    {
        await using var node = await WithRoundsAsync();
        var result = await CommandRunner.RunAsync(node, "negotiations", "show", "n:2");
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Equal(
            """
            Negotiation n:2
              product   weather
              provider  did:web:a
              offer     o1
              state     OFFERED
              since     2026-01-03 00:00Z
              to do     accept or counter

            Round 1, by the consumer
            term             reach
            Reading is free  enforced by the provider

            Round 2, by the provider
              no longer: Reading is free (enforced by the provider)
              new: A read costs 1 EUR (attested)

            Round 3, by the consumer
              the same terms

            """,
            result.Output);
    }

    [Theory]
    [InlineData("accept", "null", "  by your rule: agreed to\n    lines[0]: If it rains: do it.\n")]
    [InlineData("refuse", "\"No.\"", "  by your rule: refused\n    lines[0]: If it rains: do it.\n")]
    [InlineData(
        "ask", "\"It is unclear.\"",
        "  by your rule: a person is asked\n    lines[0]: If it rains: do it.\n    It is unclear.\n")]
    public async Task A_round_shows_what_our_rule_said_to_it(string outcome, string reason, string shown)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives($"GET {Base}/n:2", Waiting).Gives(
            $"GET {Base}/n:2/rounds",
            $$"""
            [{"by":"consumer","policy":{},"terms":[],"added":[],"removed":[],"decision":{"outcome":"{{outcome}}",
            "line":"lines[0]","text":"If it rains: do it.","textZh":"…","reason":{{reason}},"rule":"00"} }]
            """);
        var result = await CommandRunner.RunAsync(node, "negotiations", "show", "n:2");
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.EndsWith(shown, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_the_negotiation_and_its_rounds_in_one_document()
    {
        await using var node = await WithRoundsAsync();
        var result = await CommandRunner.RunAsync(node, "negotiations", "show", "n:2", "--json");
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal("OFFERED", json.RootElement.GetProperty("negotiation").GetProperty("state").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("rounds").GetArrayLength());
    }

    [Theory]
    [InlineData("accept", """{"act":"accept"}""")]
    [InlineData("agree", """{"act":"agree"}""")]
    [InlineData("verify", """{"act":"verify"}""")]
    [InlineData("finalize", """{"act":"finalize"}""")]
    [InlineData("terminate", """{"act":"terminate","code":"gone","reason":"No more."}""",
        "--code", "gone", "--reason", "No more.")]
    public async Task A_step_is_taken_and_the_negotiation_after_it_shown(
        string step, string body, params string[] more)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives($"POST {Base}/n:2/acts", Negotiation("n:2", "ACCEPTED", "2026-01-03T00:00:00Z"));
        var result = await CommandRunner.RunAsync(node, ["negotiations", step, "n:2", .. more]);
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Contains(body, node.Asked.Select(a => a.Body));
        Assert.Contains("state     ACCEPTED", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("counter")]
    [InlineData("offer")]
    public async Task Other_terms_come_from_a_file(string step)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives($"POST {Base}/n1/acts", Negotiation("n1", "REQUESTED", "2026-01-03T00:00:00Z"));
        var file = node.InFolder("terms.json");
        await File.WriteAllTextAsync(file, """{"permission":[{"action":"use"}]}""", CommandRunner.Cancel);
        var taken = await CommandRunner.RunAsync(node, "negotiations", step, "n1", file);
        Assert.Equal(ExitCode.Done, taken.ExitCode);
        Assert.Contains(
            $$$"""{"act":"{{{step}}}","policy":{"permission":[{"action":"use"}]}}""", node.Asked.Select(a => a.Body));

        var missing = await CommandRunner.RunAsync(node, "negotiations", step, "n1", node.InFolder("none.json"));
        Assert.Equal(ExitCode.BadInput, missing.ExitCode);
        Assert.Contains("does not exist", missing.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accept")]
    [InlineData("counter")]
    public async Task A_person_accepts_terms_that_the_node_cannot_keep(string step)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives($"POST {Base}/n1/acts", Negotiation("n1", "ACCEPTED", "2026-01-03T00:00:00Z"));
        var file = node.InFolder("terms.json");
        await File.WriteAllTextAsync(file, "{}", CommandRunner.Cancel);
        string[] terms = step == "counter" ? [file] : [];
        var taken = await CommandRunner.RunAsync(
            node,
            [
                "negotiations", step, "n1", .. terms, "--accept", "permission[0].constraint[0]", "--accept",
                "permission[0].constraint[1]", "--person", "A. Chen",
            ]);
        Assert.Equal((ExitCode.Done, ""), (taken.ExitCode, taken.Error));
        Assert.Contains(
            """
            "acceptance":{"person":"A. Chen","paths":["permission[0].constraint[0]","permission[0].constraint[1]"]}
            """.Trim(),
            node.Asked.Last().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offer_is_made_to_somebody()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives($"POST {Base}/offers", Negotiation("n1", "OFFERED", "2026-01-03T00:00:00Z"));
        var made = await CommandRunner.RunAsync(
            node, "negotiations", "propose", "rides", "rides-offer", "--to", "did:web:b");
        Assert.Equal((ExitCode.Done, ""), (made.ExitCode, made.Error));
        Assert.Equal(
            """{"consumer":"did:web:b","dataset":"rides","offer":"rides-offer"}""", node.Asked.Last().Body);
    }

    [Fact]
    public async Task A_step_that_is_not_possible_now_says_which_are()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        node.Gives(
            $"POST {Base}/n1/acts",
            """{"detail":"There is no such step now. Open to the consumer: terminate.","code":"bad-act"}""", 409);
        var result = await CommandRunner.RunAsync(node, "negotiations", "agree", "n1");
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Equal("millrace: There is no such step now. Open to the consumer: terminate. (bad-act)\n", result.Error);
    }

    private static async Task<FakeNode> WithRoundsAsync()
    {
        const string free = """{"path":"p","text":"Reading is free","textZh":"","reach":"provider"}""";
        const string paid = """{"path":"p","text":"A read costs 1 EUR","textZh":"","reach":"attested"}""";
        return (await FakeNode.StartAsync(CommandRunner.Cancel, "me"))
            .Gives($"GET {Base}/n:2", Waiting)
            .Gives(
                $"GET {Base}/n:2/rounds",
                $$"""
                [{"by":"consumer","policy":{},"terms":[{{free}}],"added":[],"removed":[]},
                 {"by":"provider","policy":{},"terms":[{{paid}}],"added":[{{paid}}],"removed":[{{free}}]},
                 {"by":"consumer","policy":{},"terms":[{{paid}}],"added":[],"removed":[]}]
                """);
    }

    private static string Negotiation(string id, string state, string updated, string more = "") =>
        $$"""
        {"id":"{{id}}","role":"consumer","peer":"did:web:a","state":"{{state}}","offer":"o1","dataset":"weather",
         "createdAt":"2026-01-02T03:04:05Z","updatedAt":"{{updated}}"{{more}}}
        """;
}
