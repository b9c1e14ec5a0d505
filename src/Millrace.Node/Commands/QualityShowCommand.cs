using System.CommandLine;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace quality show</c>: the report that a version was published with.</summary>
internal static class QualityShowCommand
{
    public static Command Create(Shell shell)
    {
        var (product, version) = QualityCommands.VersionOfProduct();
        var command = new ExampleCommand(
            "show",
            "Shows the quality report of a version: each measure, the first rows behind it, and the contract's rules.",
            "millrace quality show rides --as cta",
            "millrace quality show rides --version 3 --as cta")
        {
            product, version,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var number = run.Value(version);
            var query = number is { } n ? $"?before={n + 1}" : "";
            var answer = await me.GetAsync(
                $"products/{Uri.EscapeDataString(run.Value(product))}{query}", ApiJson.Wire.Product, cancel);
            var shown = number is null
                ? answer.Value.Latest
                : answer.Value.Versions.FirstOrDefault(v => v.Number == number)
                    ?? throw CommandFailedException.BadInput(
                        $"The product {answer.Value.Id} has no version {number}; its latest is "
                        + $"{answer.Value.Latest.Number}.");
            var report = shown.Quality.Deserialize(CommandJson.Readable.QualityReport)!;
            return PolicyCommands.Show(run, report, CommandJson.Readable.QualityReport, () =>
            {
                run.Screen.Line($"{answer.Value.Id}, version {shown.Number}");
                Render(run.Screen, report, Wording.Quality(shown.Quality));
            });
        });
    }

    private static void Render(Screen screen, QualityReport report, string total)
    {
        QualityText.Measures(screen, report);
        if (report.Contract is { } contract)
        {
            screen.Line();
            QualityText.Rules(screen, contract);
        }
        screen.Line();
        foreach (var cap in report.Caps)
            screen.Line($"The score is held at {cap.Limit}: {cap.Reason}");
        screen.Line($"Score {total}");
    }
}
