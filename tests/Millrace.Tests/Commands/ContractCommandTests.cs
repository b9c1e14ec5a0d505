using System.Text.Json;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class ContractCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-contract-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_draft_is_kept_by_its_own_table_and_in_force_it_refuses_another()
    {
        var csv = Write("t.csv", "id,day,city\n" + string.Concat(
            Enumerable.Range(1, 40).Select(i => $"{i},2024-01-{(i % 28) + 1:D2},{(i % 2 == 0 ? "ORD" : "MDW")}\n")));
        var yaml = Path.Combine(_folder, "c.yaml");
        var drafted = await CommandRunner.RunAsync(CommandRunner.NoStart, "contract", "init", csv, "-o", yaml);
        Assert.Equal(("", ExitCode.Done), (drafted.Error, drafted.ExitCode));
        var text = await File.ReadAllTextAsync(yaml, CommandRunner.Cancel);
        foreach (var line in (string[])[
            "status: draft", "unique: true", "maximum: 40", "minimum: \"2024-01-01\"", "- MDW"])
            Assert.Contains(line, text, StringComparison.Ordinal);

        var kept = await CommandRunner.RunAsync(CommandRunner.NoStart, "contract", "check", csv, yaml);
        Assert.Equal(("", ExitCode.Done), (kept.Error, kept.ExitCode));
        Assert.Contains("is a draft and refuses nothing.", kept.Output, StringComparison.Ordinal);
        Assert.Contains("by 5 of 18 indicators of GB/T 36344-2018", kept.Output, StringComparison.Ordinal);
        Assert.Contains("neither 0 nor 100: 0102, 0103, 0104, ", kept.Output, StringComparison.Ordinal);

        var bad = Write("bad.csv", "id,day,city\n1,2024-01-02,ORD\n1,2034-01-02,Nowhere\n");
        var shown = await CommandRunner.RunAsync(CommandRunner.NoStart, "contract", "check", bad, yaml);
        Assert.Equal(ExitCode.Done, shown.ExitCode); // A draft refuses nothing.
        Assert.Contains("Active, it would be broken", shown.Error + shown.Output, StringComparison.Ordinal);
        Write("c.yaml", text.Replace("status: draft", "status: active", StringComparison.Ordinal));
        var broken = await CommandRunner.RunAsync(CommandRunner.NoStart, "contract", "check", bad, yaml);
        Assert.Equal(ExitCode.Refused, broken.ExitCode);
        Assert.Contains("id.unique", broken.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Nowhere", broken.Output, StringComparison.Ordinal);

        var told = await CommandRunner.RunAsync(CommandRunner.NoStart, "contract", "check", bad, yaml, "--json");
        Assert.Equal(ExitCode.Refused, told.ExitCode);
        var rules = JsonDocument.Parse(told.Output).RootElement.GetProperty("quality").GetProperty("contract")
            .GetProperty("rules").EnumerateArray().ToList();
        var choice = rules.Single(r => r.GetProperty("kind").GetString() == "allowed-values");
        Assert.Equal("[2]", choice.GetProperty("evidenceRows").GetRawText());
    }

    [Fact]
    public async Task The_rows_behind_the_own_figures_are_named_and_no_value()
    {
        var csv = Write("t.csv", "id,city\n1,Secretville\n2,\n2,\n3,\n");
        var yaml = Write("c.yaml", "apiVersion: v3.1.0\nschema: [{ properties: [{ name: id }] }]");
        var told = await CommandRunner.RunAsync(CommandRunner.NoStart, "contract", "check", csv, yaml);
        Assert.Contains(
            "  completeness of city: 3 are not as they should be, in rows 2, 3, 4\n", told.Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "  uniqueness: 1 are not as they should be, in rows 3\n", told.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Secretville", told.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not: [yaml", "no YAML that can be read")]
    [InlineData("apiVersion: v2\nschema: [{}]", "apiVersion must be a version 3")]
    [InlineData("apiVersion: v3.1.0\nschema: [{ properties: [{ name: none }] }]", "the table has no column none")]
    public async Task A_contract_that_cannot_be_kept_is_bad_input(string contract, string sentence)
    {
        var result = await CommandRunner.RunAsync(
            CommandRunner.NoStart, "contract", "check", Write("t.csv", "id\n1\n"), Write("c.yaml", contract));
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "[]", ExitCode.Done, "are what was published. Its sensitivity was judged")]
    [InlineData(false, """[{"path":"quality.total","stored":"9","computed":"8"}]""", ExitCode.Refused, "quality.total")]
    public async Task Verifying_ends_with_1_where_figures_differ(
        bool same, string differences, int code, string sentence)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        node.Gives(
            "POST /api/v1/participants/cta/products/rides/verification",
            $$"""{"product":"rides","version":2,"same":{{(same ? "true" : "false")}},"differences":{{differences}}}""");
        var result = await CommandRunner.RunAsync(node, "quality", "verify", "rides", "--version", "2");
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(sentence, result.Output, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
