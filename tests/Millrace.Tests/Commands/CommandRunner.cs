using Millrace.Node.Commands;
using Millrace.Node.Hosting;

namespace Millrace.Tests.Commands;

/// <summary>What a command printed and ended with.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs commands in this process, as they run when their output is piped.</summary>
internal static class CommandRunner
{
    public static readonly NodeStart NoStart = (_, _) => throw new IOException("The port is taken.");

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<CommandResult> RunAsync(FakeNode node, params string[] args) =>
        RunAsync(NoStart, [.. args, "--data", node.Folder.FullName]);

    public static async Task<CommandResult> RunAsync(NodeStart start, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(args, World(output, error, start), Cancel);
        return new CommandResult(code, output.ToString(), error.ToString());
    }

    public static Surroundings World(TextWriter output, TextWriter error, NodeStart start) =>
        new(output, error, _ => null, start, ReportDrawings.DrawAsync, TimeProvider.System);
}
