using System.Text.Json;
using Millrace.Node.Commands;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Commands;

public sealed class FieldsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-fields-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Packs_are_listed_and_shown_in_both_languages()
    {
        var list = await RunAsync("fields", "list");
        Assert.Contains("交通运输", list.Output, StringComparison.Ordinal);
        var english = await RunAsync("fields", "show", "transport");
        Assert.Contains("gtfs: stops.txt, stop_id", english.Output, StringComparison.Ordinal);
        var chinese = await RunAsync("fields", "show", "transport", "--zh");
        Assert.Contains("站点标识", chinese.Output, StringComparison.Ordinal);
        var json = JsonDocument.Parse((await RunAsync("fields", "show", "transport", "--json")).Output).RootElement;
        Assert.Equal("tram", json.GetProperty("lists").GetProperty("route-type").GetProperty("values")
            .GetProperty("0").GetProperty("en").GetString());
    }

    [Fact]
    public async Task A_table_is_matched_and_the_draft_of_its_contract_is_kept_by_it()
    {
        var csv = Path.Combine(SourceTree.Root, "samples", "l-ridership-2001.csv");
        var yaml = Path.Combine(_folder, "c.yaml");
        var matched = await CommandRunner.RunAsync(CommandRunner.NoStart, "fields", "match", csv, "-o", yaml);
        Assert.Equal(ExitCode.Done, matched.ExitCode);
        Assert.Contains("common/calendar-date", matched.Output, StringComparison.Ordinal);
        Assert.Contains("公历中的某一天", await File.ReadAllTextAsync(yaml, CommandRunner.Cancel), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync("contract", "check", csv, yaml)).ExitCode);

        var json = JsonDocument.Parse((await RunAsync("fields", "match", csv, "--json")).Output).RootElement;
        var date = json.GetProperty("columns")[0].GetProperty("matches")[0];
        Assert.Equal("calendar-date", date.GetProperty("element").GetProperty("id").GetString());
        Assert.InRange(date.GetProperty("confidence").GetDouble(), 0.65, 1);
    }

    [Fact]
    public async Task The_terms_of_a_field_are_filled_in_by_its_pack_and_by_the_holder()
    {
        var file = Path.Combine(_folder, "offer.json");
        await RunAsync("fields", "offer", "transport", "until=2027-01-01", "reads=5", "-o", file);
        var said = await RunAsync("policy", "explain", file);
        Assert.Contains("2027-01-01", said.Output, StringComparison.Ordinal);
        Assert.Contains("research", said.Output, StringComparison.Ordinal);

        var unfilled = await CommandRunner.RunAsync(CommandRunner.NoStart, "fields", "offer", "transport");
        Assert.Equal(ExitCode.BadInput, unfilled.ExitCode);
        Assert.Contains("until", unfilled.Error, StringComparison.Ordinal);
        var none = await CommandRunner.RunAsync(CommandRunner.NoStart, "fields", "offer", "common");
        Assert.Contains("see millrace policy templates", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fields", "match", "nope.csv")]
    [InlineData("contract", "init", "nope.csv")]
    [InlineData("quality", "fitness", "nope.csv")]
    public async Task A_file_that_is_not_there_is_told_as_one(params string[] words)
    {
        var result = await CommandRunner.RunAsync(CommandRunner.NoStart, words);
        Assert.Equal(
            (ExitCode.BadInput, "millrace: nope.csv does not exist; check its name and folder.\n"),
            (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("There is no option --htlm: did you mean --html?", "profile", "a.csv", "--htlm")]
    [InlineData("There is no option --contrct: did you mean --contract?", "publish", "a.csv", "--contrct", "c.yaml")]
    [InlineData("There is no option --nothing.", "profile", "a.csv", "--nothing")]
    public async Task A_misspelt_option_is_no_file(string said, params string[] words)
    {
        var result = await CommandRunner.RunAsync(CommandRunner.NoStart, words);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "alchemy")]
    [InlineData("match", "none.csv", "--field", "alchemy")]
    public async Task A_field_that_is_not_there_is_bad_input(params string[] words)
    {
        var result = await CommandRunner.RunAsync(CommandRunner.NoStart, ["fields", .. words]);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("There is no field alchemy; there are: agriculture, common", result.Error,
            StringComparison.Ordinal);
    }

    private static async Task<CommandResult> RunAsync(params string[] words)
    {
        var result = await CommandRunner.RunAsync(CommandRunner.NoStart, words);
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        return result;
    }
}
