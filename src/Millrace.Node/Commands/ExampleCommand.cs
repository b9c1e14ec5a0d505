using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Millrace.Node.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampleCommand(string name, string description, params string[] examples)
    : Command(name, description)
{
    /// <summary>Whole command lines that work as they stand.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>The usual help, and the examples below it.</summary>
internal sealed class ExampleHelp(HelpAction usual, int width) : SynchronousCommandLineAction
{
    // Help stays available when the rest of the line is wrong.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.MaxWidth = width;
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not ExampleCommand { Examples.Count: > 0 } command)
            return ExitCode.Done;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in command.Examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return ExitCode.Done;
    }
}
