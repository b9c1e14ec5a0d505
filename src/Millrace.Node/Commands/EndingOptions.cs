using System.CommandLine;

namespace Millrace.Node.Commands;

/// <summary>What one says to the other side when one suspends or ends something.</summary>
internal static class EndingOptions
{
    public static (Option<string?> Code, Option<string?> Reason) Create() =>
    (
        new("--code") { Description = "A short word for programs.", HelpName = "WORD" },
        new("--reason") { Description = "A sentence for the other side.", HelpName = "TEXT" }
    );
}
