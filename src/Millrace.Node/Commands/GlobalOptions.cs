using System.CommandLine;

namespace Millrace.Node.Commands;

/// <summary>The options that many commands share; one set for each command tree.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The node's data folder (else MILLRACE_DATA, else ~/.millrace).",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the management API's JSON instead of text.",
        Recursive = true,
    };

    public Option<string?> As { get; } = new("--as")
    {
        Description = "The participant to act as; may be left out when the node hosts exactly one.",
        HelpName = "PARTICIPANT",
    };
}
