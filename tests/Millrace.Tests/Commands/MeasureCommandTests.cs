using System.Text.Json;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

/// <summary><c>millrace quality drift</c> and <c>fitness</c>.</summary>
public sealed class MeasureCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-measure-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Two_files_are_compared_without_a_node()
    {
        var (before, after) = (Delays("a.csv", 0), Delays("b.csv", 30));
        var told = await RunAsync("quality", "drift", before, after);
        Assert.Equal(("", ExitCode.Done), (told.Error, told.ExitCode));
        Assert.StartsWith("Rows: 100 → 100 (0 %).\ndelay: median 4 → 34, PSI ", told.Output, StringComparison.Ordinal);
        Assert.Contains("\n  id: median 50, not compared (No number stands there twice", told.Output,
            StringComparison.Ordinal);
        var json = await RunAsync("quality", "drift", before, after, "--json");
        var delay = JsonDocument.Parse(json.Output).RootElement.GetProperty("columns")[0];
        Assert.Equal(
            ("delay", "Large"), (delay.GetProperty("column").GetString(), delay.GetProperty("extent").GetString()));
    }

    [Fact]
    public async Task What_makes_no_sense_of_files_is_bad_input()
    {
        var file = Delays("a.csv", 0);
        var versions = await RunAsync("quality", "drift", file, file, "--from", "1");
        Assert.Equal(ExitCode.BadInput, versions.ExitCode);
        Assert.Contains("Files have no versions", versions.Error, StringComparison.Ordinal);
        var missing = await RunAsync("quality", "drift", file, Path.Combine(_folder, "none.csv"));
        Assert.Equal(ExitCode.BadInput, missing.ExitCode);
        var label = await RunAsync("quality", "fitness", file, "--label", "none");
        Assert.Equal(ExitCode.BadInput, label.ExitCode);
        Assert.Contains("The table has no column none", label.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_fitness_of_a_file_is_measured_without_a_node()
    {
        const string Text = "one two three four five six seven eight nine ten eleven twelve thirteen";
        var train = Write("train.csv", $"text,label\n{Text} fourteen,a\nsomething else,b\n");
        var test = Write("test.csv", $"text,label\nzero {Text},a\n");
        var told = await RunAsync("quality", "fitness", train, "--label", "label", "--against", test);
        Assert.Equal(("", ExitCode.Done), (told.Error, told.ExitCode));
        foreach (var line in (string[])["label-balance", "contamination", "The profile does not tell the languages"])
            Assert.Contains(line, told.Output, StringComparison.Ordinal);
        Assert.Contains("Fitness ", told.Output, StringComparison.Ordinal);
        var json = await RunAsync("quality", "fitness", train, "--against", test, "--json");
        var measures = JsonDocument.Parse(json.Output).RootElement.GetProperty("measures").EnumerateArray().ToList();
        var contaminated = measures.Single(m => m.GetProperty("name").GetString() == "contamination");
        Assert.Equal((0, 1), (contaminated.GetProperty("a").GetInt32(), contaminated.GetProperty("b").GetInt32()));
    }

    [Fact]
    public async Task Of_a_product_the_node_is_asked()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        node.Gives(
            "GET /api/v1/participants/cta/products/rides/drift",
            """
            {"product":"rides","from":1,"to":3,"report":{"rowsBefore":1,"rowsAfter":2,"newRowsOnly":false,
            "rowsCompared":2,"schema":[],"columns":[],"said":{"text":"Rows: 1 → 2.","textZh":"行数"}}}
            """);
        var drift = await CommandRunner.RunAsync(node, "quality", "drift", "rides", "--from", "1", "--to", "3");
        Assert.Equal("rides: version 1 and version 3\nRows: 1 → 2.\n", drift.Output);
        Assert.EndsWith("/drift?from=1&to=3", node.Asked.Last().Request, StringComparison.Ordinal);
        node.Gives(
            "GET /api/v1/participants/cta/products/rides/fitness",
            """
            {"product":"rides","version":3,"report":{"total":50,"coverage":0.5,"measures":[{"name":"personal-data",
            "a":1,"b":2,"ratio":0.5,"ruleId":"personal-data/1"}]}}
            """);
        var fitness = await CommandRunner.RunAsync(node, "quality", "fitness", "rides", "--label", "a&b");
        Assert.EndsWith("/fitness?label=a%26b", node.Asked.Last().Request, StringComparison.Ordinal);
        Assert.StartsWith("rides, version 3\n", fitness.Output, StringComparison.Ordinal);
        Assert.Contains("Fitness 50 of 100", fitness.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_of_a_version_is_shown_with_the_rows_behind_it()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        const string Version = """
            {"number":2,"createdAt":"2026-01-01T00:00:00Z","rows":4,"bytes":1,"columns":[],"files":[],
            "source":{"format":"csv","files":[]},"profile":{},"quality":{"total":80,"coverage":0.2222,"dimensions":[
            {"name":"completeness","a":6,"b":8,"ratio":0.75,"ruleId":"cells-with-a-value/1","standardCode":"0201",
            "characteristic":"Completeness","notEvaluated":null,
            "evidence":[{"column":"city","count":2,"rows":[2,4]}]}],
            "caps":[{"ruleId":"empty-column/1","limit":80,"reason":"Why."}],"method":3,"indicators":[]}}
            """;
        node.Gives(
            "GET /api/v1/participants/cta/products/rides",
            $$"""
            {"id":"rides","title":"","description":"","keywords":[],"kind":"table","createdAt":"2026-01-01T00:00:00Z",
            "latest":{{Version}},"versions":[{{Version}}],"offers":[]}
            """);
        var told = await CommandRunner.RunAsync(node, "quality", "show", "rides", "--version", "2");
        Assert.Equal(("", ExitCode.Done), (told.Error, told.ExitCode));
        Assert.StartsWith("rides, version 2\n", told.Output, StringComparison.Ordinal);
        Assert.Contains(
            "  completeness of city: 2 are not as they should be, in rows 2, 4\n", told.Output,
            StringComparison.Ordinal);
        Assert.Contains("The score is held at 80: Why.\nScore 80 of 100", told.Output, StringComparison.Ordinal);
        var none = await CommandRunner.RunAsync(node, "quality", "show", "rides", "--version", "9");
        Assert.Equal(ExitCode.BadInput, none.ExitCode);
        Assert.Contains("has no version 9; its latest is 2.", none.Error, StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunAsync(params string[] args) =>
        CommandRunner.RunAsync(CommandRunner.NoStart, args);

    private string Delays(string name, int from) => Write(name, "id,delay\n" + string.Concat(
        Enumerable.Range(1, 100).Select(i => $"{i},{from + (i % 10)}\n")));

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
