using System.CommandLine;

namespace Millrace.Node.Commands;

/// <summary><c>millrace describe</c>: a product in the forms that catalogues and machine learning read.</summary>
internal static class DescribeCommand
{
    private static readonly string[] _forms = ["dcat", "croissant"];

    public static Command Create(Shell shell)
    {
        var product = new Argument<string>("PRODUCT") { Description = "The id of a product." };
        var form = new Option<string>("--form")
        {
            Description = "DCAT-AP 3 with its quality (DQV), or Croissant 1.1.",
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
            "Describes the newest version of a product as JSON-LD, with its files, quality and offers.",
            "millrace describe rides --as cta",
            "millrace describe rides --as cta --form croissant -o croissant.json")
        {
            product, form, output,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var text = await me.GetTextAsync(
                $"products/{Uri.EscapeDataString(run.Value(product))}/description?form={run.Value(form)}", cancel);
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
}
