using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Node.Api;
using Millrace.Node.Commands;

namespace Millrace.Node.Demo;

/// <summary>
/// Someone at the command line of one node: the demo does nothing that a person could not type, and shows what it
/// types.
/// </summary>
internal sealed class DemoPerson(DemoNode node, string participant, Surroundings world, Screen screen)
{
    public string Participant => participant;

    public DemoNode Node => node;

    /// <summary>The DID, as the address of the node makes it.</summary>
    public string Did =>
        $"did:web:{node.Address.Authority.Replace(":", "%3A", StringComparison.Ordinal)}:{participant}";

    /// <summary>Runs a command, and answers what it printed as JSON.</summary>
    /// <exception cref="DemoFailedException">It failed.</exception>
    public async Task<T> RunAsync<T>(JsonTypeInfo<T> type, CancellationToken cancel, params string[] command)
    {
        var (code, output) = await TypeAsync(command, cancel);
        if (code != ExitCode.Done)
            throw new DemoFailedException($"millrace {command[0]} ended with {code}: {Sentence(output)}");
        return JsonSerializer.Deserialize(output, type)
            ?? throw new DemoFailedException($"millrace {command[0]} answered nothing.");
    }

    /// <summary>Runs a command that must be refused, and answers the refusal.</summary>
    /// <exception cref="DemoFailedException">It was not refused.</exception>
    public async Task<Problem> RefusedAsync(CancellationToken cancel, params string[] command)
    {
        var (code, output) = await TypeAsync(command, cancel);
        if (code != ExitCode.Refused)
            throw new DemoFailedException($"millrace {command[0]} ended with {code}, but had to be refused.");
        return JsonSerializer.Deserialize(output, ApiJson.Wire.Problem)
            ?? throw new DemoFailedException("The refusal says nothing.");
    }

    private async Task<(int Code, string Output)> TypeAsync(string[] command, CancellationToken cancel)
    {
        if (command[0] != "participant") // That one is done by the node's operator, for somebody.
            command = [.. command, "--as", participant];
        screen.Line($"   $ millrace {string.Join(' ', command.Select(Quoted))}");
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(
            [.. command, "--data", node.Folder, "--json"],
            world with { Output = output, Error = TextWriter.Null, Motion = false }, cancel);
        return (code, output.ToString());
    }

    private static string Sentence(string output)
    {
        try
        {
            var problem = JsonSerializer.Deserialize(output, ApiJson.Wire.Problem);
            return problem?.Detail ?? problem?.Title ?? output;
        }
        catch (JsonException)
        {
            return output;
        }
    }

    private static string Quoted(string argument)
    {
        var shown = Path.IsPathRooted(argument) ? Path.GetFileName(argument) : argument;
        return shown.Contains(' ', StringComparison.Ordinal) ? $"\"{shown}\"" : shown;
    }
}
