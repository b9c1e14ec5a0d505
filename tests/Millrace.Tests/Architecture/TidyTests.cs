namespace Millrace.Tests.Architecture;

public sealed class TidyTests
{
    public static TheoryData<string> Names => [.. TidyRules.All.Select(rule => rule.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_file_keeps_the_habit(string name) =>
        Findings.None(SourceTree.Files.SelectMany(Rule(name).Broken));

    [Theory, MemberData(nameof(Names))]
    public void The_rule_can_fail(string name) => Assert.NotEmpty(Rule(name).Broken(Rule(name).Bad));

    [Fact]
    public void The_files_of_the_repository_are_seen() =>
        Assert.Superset(
            new HashSet<string> { "README.md", "test", "src/Millrace.Node/Program.cs", ".ci/run" },
            SourceTree.Files.Select(file => file.Path).ToHashSet());

    private static TidyRule Rule(string name) => TidyRules.All.Single(rule => rule.Name == name);
}
