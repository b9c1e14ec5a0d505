using System.CommandLine;

namespace Millrace.Node.Commands;

/// <summary>What every command is made with: the surroundings, and the options all share.</summary>
internal sealed record Shell(Surroundings World, GlobalOptions Options)
{
    /// <summary>Gives a command its action, which runs with a <see cref="Run"/> that is disposed at the end.</summary>
    public Command Does(Command command, Func<Run, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (parsed, cancel) =>
        {
            await using var run = new Run(this, parsed);
            return await action(run, cancel);
        });
        return command;
    }

    /// <summary>As <see cref="Does"/>, for a command that acts as a participant.</summary>
    public Command DoesAs(Command command, Func<Run, CancellationToken, Task<int>> action)
    {
        command.Options.Add(Options.As);
        return Does(command, action);
    }
}
