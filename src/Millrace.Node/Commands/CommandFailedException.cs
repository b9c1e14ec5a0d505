using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>Ends a command: one sentence for people, a problem for programs, an exit code for scripts.</summary>
public sealed class CommandFailedException : Exception
{
    public CommandFailedException(int exitCode, Problem problem)
        : base(problem.Reason ?? problem.Detail ?? problem.Title ?? "The node gave no reason.")
    {
        ExitCode = exitCode;
        Problem = problem;
    }

    /// <summary>One of <see cref="Commands.ExitCode"/>.</summary>
    public int ExitCode { get; }

    public Problem Problem { get; }

    public static CommandFailedException BadInput(string sentence) =>
        new(Commands.ExitCode.BadInput, new Problem(Detail: sentence, Code: "bad-input"));

    public static CommandFailedException Refused(string code, string sentence, string? rule = null) =>
        new(Commands.ExitCode.Refused, new Problem(Detail: sentence, Code: code, Rule: rule));

    public static CommandFailedException NoNode(string sentence) =>
        new(Commands.ExitCode.NoNode, new Problem(Detail: sentence, Code: "no-node"));
}
