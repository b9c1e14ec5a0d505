using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>The command line of <c>millrace</c>: parses, runs, turns failures into a sentence and a code.</summary>
public static class CommandLine
{
    // A node finishes its open reads before it ends.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private const int OptionEditsMax = 2;

    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, Surroundings world, CancellationToken cancel) =>
        RunAsync(args, world, [], cancel);

    /// <summary>All commands, for documents and tests that walk them.</summary>
    public static RootCommand Tree(Surroundings world) => CommandTree.Build(world);

    /// <param name="more">Commands that another part of the program brings along.</param>
    internal static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        Surroundings world,
        IEnumerable<Func<Shell, Command>> more,
        CancellationToken cancel)
    {
        // Numbers are read and written alike everywhere. The first setting ends with this method; threads of the server
        // do not inherit it.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        var root = CommandTree.Build(world, more);
        // No response files: an argument that begins with @ is just text.
        var parsed = root.Parse(
            args.Count == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var json = args.Contains("--json");
        if (Unknown(parsed, args) is { } unknown)
            return Fail(world, json, unknown);
        if (parsed.Action is ParseErrorAction)
            return Fail(world, json, Misspelt(parsed));
        if (Empty(parsed) is { } empty)
            return Fail(world, json, empty);
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = world.Output,
                    Error = world.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = StopWithin,
                },
                cancel);
        }
        catch (CommandFailedException failure)
        {
            return Fail(world, json, failure);
        }
        catch (OperationCanceledException)
        {
            return Fail(world, json, CommandFailedException.Refused("interrupted", "Interrupted."));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Fail(world, json, CommandFailedException.Refused("failed", $"{e.GetType().Name}: {e.Message}"));
        }
    }

    /// <summary>An empty id, as of a script's variable that is not set, would lead to the list of all.</summary>
    private static CommandFailedException? Empty(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>()
            .FirstOrDefault(a => a is { Argument.Arity.MaximumNumberOfValues: 1, Tokens: [{ Value: "" }] }) is { } empty
            ? CommandFailedException.BadInput(
                $"{empty.Argument.Name} is empty: write it out. See: {NamesOf(parsed)} --help")
            : null;

    /// <summary>A misspelt option would be taken for a file, where a command takes several.</summary>
    private static CommandFailedException? Unknown(ParseResult parsed, IReadOnlyList<string> args)
    {
        const string begin = "--";
        if (args.Contains(begin)) // What stands after it is no option, however it looks.
            return null;
        var word = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens)
            .Select(t => t.Value).Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(t => t.StartsWith(begin, StringComparison.Ordinal));
        if (word is null)
            return null;
        var name = word.Split('=')[0];
        var likely = parsed.CommandResult.Command.Options
            .Concat(parsed.RootCommandResult.Command.Options.Where(o => o.Recursive))
            .Select(o => o.Name).Where(o => TextDistance.Edits(name, o, OptionEditsMax) <= OptionEditsMax)
            .MinBy(o => TextDistance.Edits(name, o, OptionEditsMax));
        var hint = likely is null ? "" : $": did you mean {likely}?";
        return CommandFailedException.BadInput(
            $"There is no option {name}{(hint.Length == 0 ? "." : hint)} See: {NamesOf(parsed)} --help");
    }

    private static CommandFailedException Misspelt(ParseResult parsed)
    {
        // Some messages are lists over several lines: here all is one sentence.
        var words = parsed.Errors.SelectMany(
            e => InWords(e.Message).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return CommandFailedException.BadInput($"{string.Join(' ', words)} See: {NamesOf(parsed)} --help");
    }

    /// <summary>The library names types of .NET, which nobody at a command line knows.</summary>
    private static string InWords(string message)
    {
        var type = message.IndexOf(" as expected type '", StringComparison.Ordinal);
        if (type < 0) return message;
        var isWhole = message.IndexOf(nameof(Int32), type, StringComparison.Ordinal) > 0;
        return message[..type] + (isWhole ? " as a whole number." : ".");
    }

    private static string NamesOf(ParseResult parsed) =>
        parsed.CommandResult.Command is var command and not RootCommand ? $"millrace {NameOf(command)}" : "millrace";

    private static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{NameOf(parent)} {command.Name}"
            : command.Name;

    private static int Fail(Surroundings world, bool json, CommandFailedException failure)
    {
        var problem = failure.Problem;
        var details = (failure.ExitCode, problem) switch
        {
            (_, { Code: { } code, Rule: { Length: > 0 } rule }) => $" ({code}, rule {rule})",
            (ExitCode.Refused, { Code: { } code }) => $" ({code})",
            _ => "",
        };
        // The rule's sentence is for every face; only here is there an option for it.
        var hint = problem.Code == "no-purpose" ? " Name one with --purpose." : "";
        world.Error.WriteLine($"millrace: {Screen.Clean(failure.Message)}{hint}{Screen.Clean(details)}");
        if (json)
            world.Output.WriteLine(JsonSerializer.Serialize(problem, ApiJson.Wire.Problem));
        return failure.ExitCode;
    }
}
