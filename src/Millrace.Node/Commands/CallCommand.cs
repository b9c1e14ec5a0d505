using System.CommandLine;
using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace call</c>: gets the answer of a query product, into a file or onto the screen.</summary>
internal static class CallCommand
{
    public static Command Create(Shell shell)
    {
        var agreement = new Argument<string>("AGREEMENT") { Description = "The id of an agreement about a query." };
        var purpose = Text("--purpose", "PURPOSE", "What the answer is for; signed and sent to the provider.");
        var project = Text("--project", "NAME", "The undertaking that this purpose belongs to.");
        var with = new Option<string[]>("--with")
        {
            Description = "A value of a parameter; may be repeated. See: millrace catalogue show",
            HelpName = "NAME=VALUE",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The file to write; - or nothing prints the answer.",
            HelpName = "FILE",
            DefaultValueFactory = _ => PrintedAnswer.Sign,
        };
        var format = Text(
            "--format", string.Join('|', ReadCommand.Formats), "The format; else the ending of FILE says it.");
        format.AcceptOnlyFromAmong(ReadCommand.Formats);
        var at = Text("--at", "DID", "Ask this provider, for an agreement that your node does not hold.");
        var command = new ExampleCommand(
            "call",
            "Calls the query of an agreement with values for its parameters; each call counts as a read.",
            "millrace call 01JZ8Q --as analyst --purpose research --project storms --with station=Clark "
                + "--with from=2001-01-01",
            "millrace call 01JZ8Q --as analyst --with station=Clark -o clark.parquet")
        {
            agreement, purpose, project, with, output, format, at,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var path = run.Value(output)!;
            var call = JsonSerializer.Serialize(new CallDraft(Values(run.Value(with) ?? [])), ApiJson.Wire.CallDraft);
            var wanted = new UnfinishedRead(
                run.Value(agreement), run.Value(purpose), run.Value(project),
                PrintedAnswer.Format(run, run.Value(format), path), "", Provider: run.Value(at), Call: call);
            var me = await run.ParticipantAsync(cancel);
            if (path == PrintedAnswer.Sign)
                await PrintedAnswer.PrintAsync(run, me, wanted, cancel);
            else
                ReadCommand.Show(run, await ReadCommand.ReadAsync(run, me, wanted, new UnfinishedFile(path), cancel));
            return ExitCode.Done;
        });
    }

    private static Dictionary<string, JsonElement> Values(string[] given)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var text in given)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var value])
                throw CommandFailedException.BadInput($"Write a value as NAME=VALUE, not as {text}.");
            if (!values.TryAdd(name, JsonSerializer.SerializeToElement(value, ApiJson.Wire.String)))
                throw CommandFailedException.BadInput($"The parameter {name} is given twice.");
        }
        return values;
    }

    private static Option<string?> Text(string name, string kind, string description) =>
        new(name) { Description = description, HelpName = kind };
}
