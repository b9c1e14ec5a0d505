using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

/// <summary>What can be said of policies without a node.</summary>
public sealed class PolicyTests : IDisposable
{
    private const string Offer =
        """
        {"profile":["https://millrace.dev/odrl/"],
         "permission":[{"action":"odrl:use","constraint":[
           {"leftOperand":"mr:seat","operator":"isPartOf","rightOperand":"CN"},
           {"leftOperand":"odrl:count","operator":"lteq","rightOperand":{"@value":"5","@type":"xsd:integer"}}]}]}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-policy-");

    [Fact]
    public async Task A_policy_is_explained_in_either_language_and_for_programs()
    {
        var offer = File("offer.json", Offer);
        var english = await RunAsync("policy", "explain", offer);
        Assert.Equal(ExitCode.Done, english.ExitCode);
        Assert.Contains("Condition: at most 5 reads.", english.Output, StringComparison.Ordinal);
        Assert.Contains("enforced by the provider", english.Output, StringComparison.Ordinal);
        var chinese = await RunAsync("policy", "explain", offer, "--zh");
        Assert.Contains("条件：使用方注册地为CN（含其下属区域）。", chinese.Output, StringComparison.Ordinal);
        Assert.Contains("由提供方强制执行", chinese.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await RunAsync("policy", "explain", offer, "--json")).Output);
        Assert.Equal("offer", json.RootElement.GetProperty("kind").GetString());
        Assert.Equal(64, json.RootElement.GetProperty("hash").GetString()!.Length);
        Assert.Equal(
            ["permission[0]", "permission[0].constraint[0]", "permission[0].constraint[1]"],
            json.RootElement.GetProperty("terms").EnumerateArray().Select(t => t.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task What_cannot_be_kept_is_named_with_its_rule_and_ends_with_one()
    {
        var good = await RunAsync("policy", "check", File("offer.json", Offer));
        Assert.Equal((ExitCode.Done, ""), (good.ExitCode, good.Error));
        var bad = File("bad.json", Offer.Replace("\"CN\"", "\"China\"", StringComparison.Ordinal));
        var found = await RunAsync("policy", "check", bad);
        Assert.Equal(ExitCode.Refused, found.ExitCode);
        Assert.Contains("permission[0].constraint[0]  bad-value", found.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await RunAsync("policy", "check", bad, "--json")).Output);
        Assert.False(json.RootElement.GetProperty("enforceable").GetBoolean());
        Assert.Equal("bad-value", json.RootElement.GetProperty("findings")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Columns_are_checked_against_the_table_that_is_given()
    {
        var offer = File("rows.json", Offer.Replace("mr:seat", "mr:row/id", StringComparison.Ordinal)
            .Replace("isPartOf", "eq", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, (await RunAsync("policy", "check", offer, "--columns", "id:text")).ExitCode);
        var wrong = await RunAsync("policy", "check", offer, "--columns", "id:integer");
        Assert.Contains("not of the column's type, Integer", wrong.Output, StringComparison.Ordinal);
        var missing = await RunAsync("policy", "check", offer, "--columns", "name:text,a:b:date");
        Assert.Contains("unknown-column", missing.Output, StringComparison.Ordinal);
        var typo = await RunAsync("policy", "check", offer, "--columns", "id:words");
        Assert.Equal(ExitCode.BadInput, typo.ExitCode);
    }

    [Fact]
    public async Task An_offer_of_a_derived_product_is_held_against_its_source()
    {
        var source = File(
            "source.json",
            """
            {"permission":[{"action":"odrl:derive"}],"obligation":[{"action":"mr:carryOver","constraint":[
              {"leftOperand":"mr:term","operator":"isAllOf","rightOperand":["no-distribution"]}]}]}
            """);
        var found = await RunAsync("policy", "check", File("offer.json", Offer), "--derived-from", source);
        Assert.Equal(ExitCode.Refused, found.ExitCode);
        Assert.Contains("must keep: no-distribution", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_difference_of_two_policies_is_told_with_what_it_does()
    {
        var (before, after) = (File("a.json", Offer), File("b.json", Offer.Replace("\"5\"", "\"9\"",
            StringComparison.Ordinal)));
        Assert.Equal("Both say the same.\n", (await RunAsync("policy", "diff", before, before)).Output);
        var told = (await RunAsync("policy", "diff", before, after)).Output;
        Assert.Contains("-  Condition: at most 5 reads.", told, StringComparison.Ordinal);
        Assert.Contains("+  Condition: at most 9 reads.", told, StringComparison.Ordinal);
        Assert.Contains("narrows", told, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await RunAsync("policy", "diff", before, after, "--json")).Output);
        Assert.Equal(
            ["removed widens", "added narrows"],
            json.RootElement.GetProperty("changes").EnumerateArray().Select(c =>
                $"{c.GetProperty("change").GetString()} {c.GetProperty("effect").GetString()}"));
    }

    [Fact]
    public async Task An_offer_comes_from_a_template_and_may_be_published()
    {
        var list = await RunAsync("policy", "templates");
        Assert.All(
            ["open-attribution", "research", "analysis", "pay-per-use", "training"],
            name => Assert.Contains($"{name}: ", list.Output, StringComparison.Ordinal));
        var file = Path.Combine(_folder.FullName, "research.json");
        var filled = await RunAsync("policy", "templates", "research", "until=2027-01-01", "-o", file);
        Assert.Equal((ExitCode.Done, "", ""), (filled.ExitCode, filled.Output, filled.Error));
        Assert.Equal(ExitCode.Done, (await RunAsync("policy", "check", file)).ExitCode);
        var rooms = await RunAsync("policy", "templates", "analysis");
        Assert.Contains("cannot be published yet", rooms.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("templates", "none")]
    [InlineData("templates", "research")]
    [InlineData("templates", "research", "until")]
    [InlineData("templates", "research", "until=2027-01-01", "until=2028-01-01")]
    [InlineData("explain", "nowhere.json")]
    [InlineData("check")]
    [InlineData("check", "--product", "p", "--at", "soon")]
    public async Task What_was_typed_wrong_is_told_before_anything_begins(params string[] words)
    {
        var result = await RunAsync(["policy", .. words]);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.StartsWith("millrace: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_beyond_all_bounds_is_refused_in_a_sentence()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"and":[""", 1_000)) + "1"
            + string.Concat(Enumerable.Repeat("]}", 1_000));
        var nested = await RunAsync("policy", "check", File("deep.json", deep));
        Assert.Equal(ExitCode.BadInput, nested.ExitCode);
        Assert.Contains("nests deeper than 64", nested.Error, StringComparison.Ordinal);
        var one = """{"leftOperand":"odrl:count","operator":"lteq","rightOperand":"5"}""";
        var wide = $$"""
            {"permission":[{"action":"odrl:use",
             "constraint":[{{string.Join(',', Enumerable.Repeat(one, 10_000))}}]}]}
            """;
        var many = await RunAsync("policy", "explain", File("wide.json", wide));
        Assert.Equal(ExitCode.BadInput, many.ExitCode);
        Assert.Contains("A policy may have 5000 parts", many.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("permission twice", """{"permission":[],"permission":[]}""")]
    [InlineData("permission[1].action twice", """{"permission":[{},{"action":"odrl:use","action":"odrl:use"}]}""")]
    public async Task A_member_that_is_there_twice_is_named(string named, string policy)
    {
        foreach (var verb in (string[])["explain", "check"])
        {
            var twice = await RunAsync("policy", verb, File("twice.json", policy));
            Assert.Equal(ExitCode.BadInput, twice.ExitCode);
            Assert.Contains($"has {named}; leave one of them out.", twice.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_policy_may_come_out_of_a_pipe()
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var path = $"/dev/fd/{pipe.GetClientHandleAsString()}";
        pipe.Write(Encoding.UTF8.GetBytes(Offer));
        pipe.Dispose(); // The end that is written; what was written is still in it.
        var told = await RunAsync("policy", "explain", path);
        pipe.DisposeLocalCopyOfClientHandle();
        Assert.Contains("at most 5 reads", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_may_begin_with_the_mark_that_editors_put_there()
    {
        var told = await RunAsync("policy", "explain", File("marked.json", "\uFEFF" + Offer));
        Assert.Equal((ExitCode.Done, ""), (told.ExitCode, told.Error));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<CommandResult> RunAsync(params string[] args) =>
        CommandRunner.RunAsync(CommandRunner.NoStart, args);

    private string File(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
