using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

/// <summary><c>millrace fields of|confirm|reject</c> and <c>millrace joins</c>.</summary>
public sealed class ElementCommandTests
{
    private const string Shown = """
        {"product":"rides","version":2,"columns":[
         {"column":"date","type":"date","proposed":{"element":{"element":"common/calendar-date",
          "en":{"term":"Date","definition":"A day."},"zh":{"term":"日期","definition":"某一天。"}},
          "confidence":0.95,"reasons":["its name is date"]}},
         {"column":"stop","type":"text","confirmed":{"element":"transport/stop-id"},
          "decision":{"person":"A. Lin","reason":"GTFS.","at":"2026-01-01T00:00:00Z"}},
         {"column":"price","type":"number",
          "decision":{"person":"A. Lin","reason":"A class.","at":"2026-01-01T00:00:00Z","rejected":"finance/price"}}]}
        """;

    [Fact]
    public async Task What_is_proposed_is_told_apart_from_what_is_confirmed()
    {
        await using var node = await NodeAsync();
        var told = await CommandRunner.RunAsync(node, "fields", "of", "rides");
        Assert.Equal(("", ExitCode.Done), (told.Error, told.ExitCode));
        Assert.Matches("date +common/calendar-date +Date +日期 +proposed \\(0.95\\) +its name is date\n", told.Output);
        Assert.Matches("stop +transport/stop-id +confirmed +A. Lin: GTFS.\n", told.Output);
        Assert.Matches("price +not finance/price +A. Lin: A class.\n", told.Output);
        Assert.Contains("A proposal tells nobody anything.", told.Output, StringComparison.Ordinal);
        var json = await CommandRunner.RunAsync(node, "fields", "of", "rides", "--json");
        Assert.StartsWith("{", json.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_confirms_the_proposal_or_another_element_or_rejects()
    {
        await using var node = await NodeAsync();
        string[] who = ["--person", "A. Lin", "--reason", "Days."];
        await CommandRunner.RunAsync(node, ["fields", "confirm", "rides", "date", .. who]);
        Assert.Contains("\"element\":\"common/calendar-date\"", node.Asked.Last().Body, StringComparison.Ordinal);
        await CommandRunner.RunAsync(node, ["fields", "confirm", "rides", "date", "common/date-time", .. who]);
        Assert.Contains("\"element\":\"common/date-time\"", node.Asked.Last().Body, StringComparison.Ordinal);
        await CommandRunner.RunAsync(node, ["fields", "reject", "rides", "date", .. who]);
        Assert.DoesNotContain("\"element\"", node.Asked.Last().Body, StringComparison.Ordinal);
        Assert.Contains("\"person\":\"A. Lin\"", node.Asked.Last().Body, StringComparison.Ordinal);

        var nothing = await CommandRunner.RunAsync(node, ["fields", "confirm", "rides", "price", .. who]);
        Assert.Equal(ExitCode.BadInput, nothing.ExitCode);
        Assert.Contains("Nothing is proposed for price", nothing.Error, StringComparison.Ordinal);
        var nobody = await CommandRunner.RunAsync(node, "fields", "reject", "rides", "date", "--reason", "Days.");
        Assert.Equal(ExitCode.BadInput, nobody.ExitCode);
    }

    [Fact]
    public async Task Joins_are_shown_with_steps_of_shares()
    {
        await using var node = await NodeAsync();
        node.Gives(
            "GET /api/v1/participants/cta/products/rides/joins",
            """
            {"product":"rides","version":2,"compared":7,"more":true,"joins":[
             {"column":"left","provider":"did:web:w","providerTitle":"Weather","product":"sky","title":"Sky",
              "otherColumn":"day","by":"values","keys":"theirs","byDay":true,"mineInTheirs":0.9,"error":0.02},
             {"column":"stop","provider":"did:web:s","providerTitle":"Stops","product":"stops","title":"Stops",
              "otherColumn":"id","by":"element","keys":"theirs","element":{"element":"transport/stop-id"}}]}
            """);
        var told = await CommandRunner.RunAsync(node, "joins", "rides");
        Assert.StartsWith(
            "rides, version 2, with 7 products of the catalogue; there are more than are compared.", told.Output,
            StringComparison.Ordinal);
        Assert.Matches("left +day +sky +Weather +there +≥ 90 % +< 50 % +values, by day, ± 2 %\n", told.Output);
        Assert.Matches("stop +id +stops +Stops +there +– +– +element transport/stop-id\n", told.Output);
        node.Gives(
            "GET /api/v1/participants/cta/products/rides/joins",
            """{"product":"rides","version":2,"compared":0,"joins":[]}""");
        var none = await CommandRunner.RunAsync(node, "joins", "rides");
        Assert.Contains("Nothing meets its columns.", none.Output, StringComparison.Ordinal);
    }

    private static async Task<FakeNode> NodeAsync()
    {
        var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        foreach (var method in (string[])["GET", "POST"])
            node.Gives($"{method} /api/v1/participants/cta/products/rides/elements", Shown);
        return node;
    }
}
