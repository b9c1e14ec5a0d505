using System.CommandLine;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class HelpTests
{
    public static TheoryData<string> AllCommands => [.. Walk(Tree(), "")];

    [Theory, MemberData(nameof(AllCommands))]
    public async Task Every_command_has_help_with_examples_that_can_be_typed(string command)
    {
        var help = await CommandRunner.RunAsync(
            CommandRunner.NoStart, [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(ExitCode.Done, help.ExitCode);
        Assert.Empty(help.Error);
        var lines = help.Output.Split('\n').ToList();
        var examples = lines.SkipWhile(l => !l.StartsWith("Example", StringComparison.Ordinal)).Skip(1)
            .Select(l => l.Trim()).Where(l => l.Length > 0).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            Assert.StartsWith($"millrace {command}", example, StringComparison.Ordinal);
            Assert.Empty(Tree().Parse(example["millrace ".Length..]).Errors);
        });
    }

    [Fact]
    public async Task Without_any_word_the_commands_are_listed()
    {
        var help = await CommandRunner.RunAsync(CommandRunner.NoStart);
        Assert.Equal(ExitCode.Done, help.ExitCode);
        Assert.All(
            ["serve", "participant", "peer", "member", "policy", "publish", "catalogue", "negotiate", "negotiations",
                "agreements", "duty", "transfers", "read", "withdraw",
                "evidence", "usage", "scenario"],
            name => Assert.Contains($"\n  {name}", help.Output, StringComparison.Ordinal));
    }

    private static RootCommand Tree() =>
        CommandLine.Tree(CommandRunner.World(TextWriter.Null, TextWriter.Null, CommandRunner.NoStart));

    private static IEnumerable<string> Walk(Command command, string path) => command.Subcommands.SelectMany(c =>
        Walk(c, $"{path} {c.Name}".Trim()).Prepend($"{path} {c.Name}".Trim()));
}
