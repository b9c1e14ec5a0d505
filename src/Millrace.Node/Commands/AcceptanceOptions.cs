using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>The options by which a person accepts terms that the node cannot keep by itself.</summary>
internal sealed class AcceptanceOptions
{
    private readonly Option<string[]> _accept = new("--accept")
    {
        Description = "Accepts a term that the node cannot keep by itself, for the organisation; may be given again.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _person = new("--person")
    {
        Description = "Who accepts these terms: the name goes into the log.", HelpName = "NAME",
    };

    /// <param name="command">It gets the options.</param>
    public AcceptanceOptions(Command command)
    {
        command.Options.Add(_accept);
        command.Options.Add(_person);
    }

    /// <summary>What was accepted; null: nothing.</summary>
    public TermAcceptance? Of(Run run) =>
        run.Value(_accept) is { Length: > 0 } paths ? new TermAcceptance(run.Value(_person) ?? "", paths) : null;
}
