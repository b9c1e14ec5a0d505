using System.CommandLine;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary>One run of a command: what was typed, where it prints, and the node it talks to.</summary>
internal sealed class Run : IAsyncDisposable
{
    private readonly Shell _shell;
    private readonly ParseResult _parsed;
    private NodeConnection? _connection;

    public Run(Shell shell, ParseResult parsed)
    {
        (_shell, _parsed) = (shell, parsed);
        Screen = new Screen(shell.World);
    }

    public Screen Screen { get; }

    public Surroundings World => _shell.World;

    public bool Json => Value(_shell.Options.Json);

    public string? As => Value(_shell.Options.As);

    /// <summary>An absolute path: <c>--data</c>, else MILLRACE_DATA, else <c>~/.millrace</c>.</summary>
    public string DataFolder => Path.GetFullPath(
        Value(_shell.Options.Data)
        ?? (World.Variable("MILLRACE_DATA") is { Length: > 0 } folder ? folder : null)
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".millrace"));

    public T? Value<T>(Option<T> option) => _parsed.GetValue(option);

    // The parser has seen to those that are required; an optional one that was left out is null.
    public T Value<T>(Argument<T> argument) => _parsed.GetValue(argument)!;

    /// <summary>The running node, or one started for this run.</summary>
    /// <param name="isFirst">Whether the command may be the first of a new node; others need one that is there.</param>
    public async Task<NodeClient> NodeAsync(CancellationToken cancel, bool isFirst = false)
    {
        _connection ??= await NodeFinder.ConnectAsync(DataFolder, isFirst, World, cancel);
        return _connection.Client;
    }

    /// <summary>The participant named by <c>--as</c>, or the only one there is.</summary>
    public async Task<ParticipantClient> ParticipantAsync(CancellationToken cancel)
    {
        var node = await NodeAsync(cancel);
        var all = await node.GetAsync("participants", ApiJson.Wire.IReadOnlyListParticipant, cancel);
        return new ParticipantClient(node, ParticipantChoice.Choose(As, all.Value), World.Time);
    }

    /// <summary>Prints an answer: as the API gave it with <c>--json</c>, else for people.</summary>
    public int Show<T>(Answer<T> answer, Action<T> render)
    {
        if (Json)
            Screen.Raw(answer.Json);
        else
            render(answer.Value);
        return ExitCode.Done;
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;
}
