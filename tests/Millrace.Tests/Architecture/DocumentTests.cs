namespace Millrace.Tests.Architecture;

public sealed class DocumentTests
{
    private const string Dependencies = "docs/decisions/0004-dependencies.md";

    private static readonly IReadOnlyList<SourceFile> _pages =
        [.. SourceTree.Files.Where(file => file.Extension == ".md")];

    [Fact]
    public void Links_in_the_documents_lead_somewhere() =>
        Findings.None(_pages.SelectMany(page => DocumentRules.DeadLinks(page, Exists)));

    [Fact]
    public void A_link_that_leads_nowhere_is_found() =>
        Assert.Equal(
            ["docs/Page.md links to ../none.md"],
            DocumentRules.DeadLinks(
                new SourceFile("docs/Page.md", "[a](../none.md) [b](../README.md#x) [c](https://example.org)"),
                path => path == "README.md"));

    [Fact]
    public void The_commands_of_the_documents_exist() =>
        Findings.None(_pages.SelectMany(page => DocumentRules.DeadCommands(page, Exists, IsSubcommand)));

    [Fact]
    public void A_command_that_does_not_exist_is_found() =>
        Assert.Equal(
            ["README.md says: ./millrace fly", "README.md says: ./none"],
            DocumentRules.DeadCommands(
                new SourceFile("README.md", "```\n./millrace demo\n./millrace fly\n./none # really\n```\n./outside\n"),
                path => path == "millrace", verb => verb == "demo"));

    [Fact]
    public void Every_decision_says_when_it_would_be_reversed() =>
        Findings.None(_pages.Where(page => page.Path.StartsWith("docs/decisions/0", StringComparison.Ordinal))
            .SelectMany(DocumentRules.Undecided));

    [Fact]
    public void A_decision_for_ever_is_found() =>
        Assert.Equal(2, DocumentRules.Undecided(new SourceFile("docs/decisions/0000-x.md", "For ever.\n")).Count());

    [Fact]
    public void Every_package_has_a_reason() =>
        Findings.None(DocumentRules.Unreasoned(
            SourceTree.Get("Directory.Packages.props").Text, SourceTree.Get(Dependencies).Text));

    [Fact]
    public void A_package_without_a_reason_is_found() =>
        Assert.Single(DocumentRules.Unreasoned(
            """<PackageVersion Include="Known" /><PackageVersion Include="New" />""", "`Known`: needed."));

    private static bool Exists(string path) => Path.Exists(Path.Combine(SourceTree.Root, path));

    private static bool IsSubcommand(string verb) =>
        SourceTree.Files.Any(file => file.Path.StartsWith("src/Millrace.Node/", StringComparison.Ordinal)
                                     && file.Extension == ".cs"
                                     && file.Text.Contains($"\"{verb}\"", StringComparison.Ordinal));
}
