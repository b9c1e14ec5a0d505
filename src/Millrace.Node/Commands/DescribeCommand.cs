using System.CommandLine;
using System.Text.Json.Nodes;

namespace Millrace.Node.Commands;

/// <summary><c>millrace describe</c>: a product in the forms that catalogues and machine learning read.</summary>
internal static class DescribeCommand
{
    /// <summary>What the Data Provenance Standards demand, and only the holder can tell.</summary>
    private static readonly (string Group, string Member)[] _demanded =
        [("provenance", "origin-geography"), ("provenance", "generation-method"), ("use", "intended-purpose")];

    private static readonly string[] _forms = ["dcat", "croissant", "provenance"];

    public static Command Create(Shell shell)
    {
        var product = new Argument<string>("PRODUCT") { Description = "The id of a product." };
        var form = new Option<string>("--form")
        {
            Description = "DCAT-AP 3 with its quality (DQV), Croissant 1.1, or the Data Provenance Standards 1.0.0.",
            HelpName = string.Join('|', _forms),
            DefaultValueFactory = _ => _forms[0],
        };
        form.AcceptOnlyFromAmong(_forms);
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The file to write; else it is shown.",
            HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "describe",
            "Describes the newest version of a product in a form that others read.",
            "millrace describe rides --as cta",
            "millrace describe rides --as cta --form croissant -o croissant.json",
            "millrace describe rides --as cta --form provenance")
        {
            product, form, output,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var text = await me.GetTextAsync(
                $"products/{Uri.EscapeDataString(run.Value(product))}/description?form={run.Value(form)}", cancel);
            if (run.Value(form) == "provenance" && NotStated(text) is { Count: > 0 } missing)
                run.Screen.Note(
                    $"The standards want more than is stated: {string.Join(", ", missing)}. State it with: millrace "
                    + "publish --about");
            if (run.Value(output) is not { } path)
            {
                run.Screen.Raw(text);
                return ExitCode.Done;
            }
            OutputFile.Write(path, text);
            run.Screen.Line($"Wrote {Path.GetFullPath(path)}");
            return ExitCode.Done;
        });
    }

    private static List<string> NotStated(string text)
    {
        var document = JsonNode.Parse(text)!;
        return
        [
            .. _demanded.Where(m => document[m.Group]?[m.Member] is null).Select(m => $"{m.Group}.{m.Member}"),
        ];
    }
}
