using System.CommandLine;
using Millrace.Engine.Supply.Drift;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace quality drift</c>: what changed between two versions of a product, or two files.</summary>
internal static class DriftCommand
{
    public static Command Create(Shell shell)
    {
        var product = new Argument<string>("PRODUCT|FILE")
        {
            Description = "The id of a product, or the file of the earlier table.",
        };
        var file = new Argument<string?>("FILE")
        {
            Description = "The file of the later table.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var from = Number("--from", "The number of the earlier version; else the one before.");
        var to = Number("--to", "The number of the later version; else the latest.");
        var command = new ExampleCommand(
            "drift",
            "Says what changed between two versions: rows, columns, missing values, and how far the values of each "
                + "column moved, by the size of the effect. Two files need no node.",
            "millrace quality drift rides --as cta",
            "millrace quality drift rides --from 2 --to 5 --as cta",
            "millrace quality drift january.csv february.csv")
        {
            product, file, from, to,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            if (run.Value(file) is { } later)
            {
                if (run.Value(from) is not null || run.Value(to) is not null)
                    throw CommandFailedException.BadInput("Files have no versions: leave --from and --to away.");
                using var before = await LocalTable.ReadAsync(run.Value(product), cancel);
                using var after = await LocalTable.ReadAsync(later, cancel);
                var report = await before.CompareAsync(after, cancel);
                return PolicyCommands.Show(
                    run, report, CommandJson.Readable.DriftReport, () => Render(run.Screen, report));
            }
            var me = await run.ParticipantAsync(cancel);
            var asked = new[] { Asked("from", run.Value(from)), Asked("to", run.Value(to)) };
            var path = $"products/{Uri.EscapeDataString(run.Value(product))}/drift"
                + $"?{string.Join('&', asked.OfType<string>())}";
            var answer = await me.GetAsync(path, ApiJson.Wire.ProductDrift, cancel);
            return run.Show(answer, drift =>
            {
                run.Screen.Line($"{drift.Product}: version {drift.From} and version {drift.To}");
                Render(run.Screen, drift.Report);
            });
        });
    }

    private static void Render(Screen screen, DriftReport report)
    {
        screen.Line(report.Said.Text);
        foreach (var change in report.Schema)
            screen.Line(change.Said.Text + (change.IsBreaking ? " No version of a product may do so." : ""));
        foreach (var column in report.Columns.Where(c => c.Extent != DriftExtent.Small))
            screen.Line(column.Said.Text);
        foreach (var column in report.Columns.Where(report.IsRenewed))
            screen.Line(column.Said.Text);
        var still = report.Columns.Where(c => c.Extent == DriftExtent.Small && !report.IsRenewed(c)).ToList();
        if (still.Count == 0)
            return;
        screen.Line();
        screen.Line("Moved little or not at all, or not compared:");
        foreach (var column in still)
            screen.Line($"  {column.Said.Text}");
    }

    private static Option<int?> Number(string name, string description) => new Option<int?>(name)
    {
        Description = description,
        HelpName = "N",
    }.Within(1, null);

    private static string? Asked(string name, int? number) => number is { } n ? $"{name}={n}" : null;
}
