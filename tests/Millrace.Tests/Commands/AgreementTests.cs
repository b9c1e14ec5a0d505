using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class AgreementTests
{
    private const string Terms =
        """
        [{"path":"permission[0].constraint[0]","text":"Only for planning.","textZh":"仅用于规划。","reach":"attested"}]
        """;

    private const string Catalogue =
        $$"""
        {"datasets":[
          {"provider":"did:web:a","id":"weather","title":"Weather\u001b[31m","description":"","keywords":[],
           "formats":["csv"],"rows":162,"quality":90,"offers":[{"id":"o1","policy":{},"terms":{{Terms}}}]},
          {"provider":"did:web:b","id":"rides","title":"Rides","description":"","keywords":[],"formats":[],
           "offers":[{"id":"o2","policy":{},"terms":[]},{"id":"o3","policy":{},"terms":[]}]},
          {"provider":"did:web:c","id":"flights","title":"Flights","description":"","keywords":[],"formats":[],
           "offers":[{"id":"o2","policy":{},"terms":[]}]}],
         "unreachable":[{"provider":"did:web:d","reason":"connection refused"}]}
        """;

    private const string Agreement =
        $$"""
        {"id":"a1","role":"consumer","peer":"did:web:a","product":"weather","title":"Weather",
         "agreedAt":"2026-01-02T03:04:05Z","state":"withdrawn",
         "withdrawal":{"ground":"breach","at":"2026-02-03T04:05:06Z"},"policy":{},
         "terms":{{Terms}},"reads":2,"rows":324,"bytes":4096}
        """;

    [Fact]
    public async Task A_search_shows_what_was_found_and_who_did_not_answer()
    {
        await using var node = await StartAsync();
        var result = await CommandRunner.RunAsync(node, "catalogue", "search", "rain", "wind");
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Contains("GET /api/v1/participants/me/catalogue?q=rain%20wind", node.Asked.Select(a => a.Request));
        Assert.Equal(
            """
            id       title         provider   rows    quality  offers
            weather  Weather�[31m  did:web:a   162  90 of 100  o1
            rides    Rides         did:web:b     –          –  o2, o3
            flights  Flights       did:web:c     –          –  o2

            """,
            result.Output);
        Assert.Equal("did:web:d did not answer: connection refused\n", result.Error);
    }

    [Theory]
    [InlineData("o1", "did:web:a", "weather", "o1")]
    [InlineData("weather", "did:web:a", "weather", "o1")]
    [InlineData("o3", "did:web:b", "rides", "o3")]
    public async Task An_offer_found_in_the_catalogues_becomes_an_agreement(
        string wanted, string provider, string dataset, string offer)
    {
        await using var node = await StartAsync();
        node.Gives("POST /api/v1/participants/me/negotiations", Negotiation("REQUESTED"), 201)
            .Gives("GET /api/v1/participants/me/negotiations/n1", Negotiation("FINALIZED", ""","agreement":"a1" """))
            .Gives("GET /api/v1/participants/me/agreements/a1", Agreement);
        var result = await CommandRunner.RunAsync(node, "negotiate", wanted);
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Contains(
            $$"""{"provider":"{{provider}}","dataset":"{{dataset}}","offer":"{{offer}}","manual":false}""",
            node.Asked.Select(a => a.Body));
        Assert.StartsWith("Agreement a1\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Only for planning.  attested", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o2", "add --at with one of: did:web:b, did:web:c.", ExitCode.BadInput)]
    [InlineData("rides", "name one of: o2, o3.", ExitCode.BadInput)]
    [InlineData("o9", "No known peer offers \"o9\"", ExitCode.Refused)]
    public async Task An_offer_that_is_not_clear_opens_no_negotiation(string wanted, string sentence, int code)
    {
        await using var node = await StartAsync();
        var result = await CommandRunner.RunAsync(node, "negotiate", wanted);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(node.Asked, a => a.Request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_provider_named_by_address_is_introduced_and_asked_alone()
    {
        await using var node = await StartAsync();
        node.Gives("POST /api/v1/participants/me/peers", """{"did":"did:web:a","base":"http://a/"}""")
            .Gives("POST /api/v1/participants/me/negotiations", Negotiation("REQUESTED"), 201)
            .Gives("GET /api/v1/participants/me/negotiations/n1", Negotiation("FINALIZED", ""","agreement":"a1" """));
        var result = await CommandRunner.RunAsync(node, "negotiate", "o1", "--at", "http://a/", "--json");
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Equal(Negotiation("FINALIZED", ""","agreement":"a1" """), result.Output.TrimEnd('\n'));
        Assert.Contains(
            "GET /api/v1/participants/me/catalogue?id=o1&provider=did%3Aweb%3Aa", node.Asked.Select(a => a.Request));
    }

    [Fact]
    public async Task Other_terms_are_asked_for_and_the_further_steps_left_to_the_person()
    {
        await using var node = await StartAsync();
        node.Gives("POST /api/v1/participants/me/negotiations", Negotiation("REQUESTED"), 201);
        var file = node.InFolder("terms.json");
        await File.WriteAllTextAsync(file, """{"permission":[]}""", CommandRunner.Cancel);
        var result = await CommandRunner.RunAsync(node, "negotiate", "o1", "--counter", file, "--manual");
        Assert.Equal(("", ExitCode.Done), (
            result.Error.Replace("did:web:d did not answer: connection refused\n", "", StringComparison.Ordinal),
            result.ExitCode));
        Assert.Contains(
            """{"provider":"did:web:a","dataset":"weather","offer":"o1","policy":{"permission":[]},"manual":true}""",
            node.Asked.Select(a => a.Body));
        Assert.StartsWith("Negotiation n1\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_says_how_old_its_answer_is_and_that_there_is_more()
    {
        await using var node = await StartAsync();
        node.Gives(
            "GET /api/v1/participants/me/catalogue",
            """
            {"datasets":[],"unreachable":[{"provider":"did:web:a","reason":"gone"}],"more":true,
             "catalogues":[{"provider":"did:web:a","readAt":"2026-01-02T03:04:05Z","datasets":7}]}
            """);
        var result = await CommandRunner.RunAsync(
            node, "catalogue", "search", "天气", "--fresh", "--limit", "5", "--skip", "10");
        Assert.Contains(
            "GET /api/v1/participants/me/catalogue?q=%E5%A4%A9%E6%B0%94&fresh=true&limit=5&skip=10",
            node.Asked.Select(a => a.Request));
        Assert.Equal(
            """
            did:web:a did not answer: gone (shown as of 2026-01-02 03:04Z)
            As of 2026-01-02 03:04Z; --fresh reads the catalogues again.
            There are more: add words, or show the next with --skip.

            """,
            result.Error);
    }

    [Theory]
    [InlineData("TERMINATED", ""","refusal":{"code":"not-a-member","reason":"Members only.","rule":"permission[0]"}""",
        "millrace: Members only. (not-a-member, rule permission[0])")]
    [InlineData("TERMINATED", "", "millrace: did:web:a ended the negotiation.")]
    [InlineData("REQUESTED", "", "millrace: The negotiation is still in state REQUESTED")]
    public async Task A_negotiation_that_ends_without_an_agreement_says_why(string state, string more, string sentence)
    {
        await using var node = await StartAsync();
        node.Gives("POST /api/v1/participants/me/negotiations", Negotiation("REQUESTED"), 201)
            .Gives("GET /api/v1/participants/me/negotiations/n1", Negotiation(state, more));
        var result = await CommandRunner.RunAsync(node, "negotiate", "o1", "--wait", "0");
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agreements_are_listed_and_withdrawn()
    {
        await using var node = await StartAsync();
        node.Gives("GET /api/v1/participants/me/agreements", $"[{Agreement}]")
            .Gives("POST /api/v1/participants/me/agreements/a1/withdrawal", Agreement);
        var list = await CommandRunner.RunAsync(node, "agreements");
        Assert.Contains(
            "a1  consumer  Weather  did:web:a  2026-01-02 03:04Z  withdrawn 2026-02-03 04:05Z (breach)      2   324",
            list.Output, StringComparison.Ordinal);

        var withdrawn = await CommandRunner.RunAsync(
            node, "withdraw", "a1", "--ground", "breach", "--note", "Sold on.");
        Assert.Equal(ExitCode.Done, withdrawn.ExitCode);
        Assert.Contains("""{"ground":"breach","note":"Sold on."}""", node.Asked.Select(a => a.Body));
    }

    [Fact]
    public async Task An_agreement_that_is_over_says_since_when()
    {
        await using var node = await StartAsync();
        var over = Agreement
            .Replace(
                "\"withdrawn\",", "\"expired\",\"endsAt\":\"2026-02-03T04:05:06Z\",", StringComparison.Ordinal)
            .Replace("\"withdrawal\"", "\"none\"", StringComparison.Ordinal);
        node.Gives("GET /api/v1/participants/me/agreements/a1", over);
        var shown = await CommandRunner.RunAsync(node, "agreements", "a1");
        Assert.Contains("  state     expired 2026-02-03 04:05Z\n", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_page_of_agreements_says_how_to_go_on()
    {
        await using var node = await StartAsync();
        var page = Enumerable.Range(0, 500).Select(
            i => Agreement.Replace("\"a1\"", $"\"a{i}\"", StringComparison.Ordinal));
        node.Gives("GET /api/v1/participants/me/agreements", $"[{string.Join(',', page)}]");
        var first = await CommandRunner.RunAsync(node, "agreements");
        Assert.Equal("There are more: millrace agreements --before a499\n", first.Error);
        await CommandRunner.RunAsync(node, "agreements", "--before", "a499");
        Assert.Contains("GET /api/v1/participants/me/agreements?before=a499", node.Asked.Select(a => a.Request));
    }

    private static async Task<FakeNode> StartAsync() =>
        (await FakeNode.StartAsync(CommandRunner.Cancel, "me"))
            .Gives("GET /api/v1/participants/me/catalogue", Catalogue);

    private static string Negotiation(string state, string more = "") =>
        $$"""
        {"id":"n1","role":"consumer","peer":"did:web:a","state":"{{state}}","offer":"o1","dataset":"weather",
         "createdAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:04:05Z"{{more}}}
        """;
}
