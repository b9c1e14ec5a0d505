using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace scenario add|close|list</c>: needs, with a figure before and after.</summary>
internal static class ScenarioCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "scenario", "Recorded needs, with a measure of success.", "millrace scenario list --as analyst")
    {
        Add(shell), Close(shell), List(shell),
    };

    private static Command Add(Shell shell)
    {
        var title = new Argument<string>("TITLE") { Description = "The need in a few words." };
        var purpose = Required<string>("--purpose", "PURPOSE", "What the data are for, as policies name it.");
        var measure = Required<string>("--measure", "TEXT", "What is measured.");
        var unit = Required<string>("--unit", "UNIT", "The unit of the figure.");
        var before = Before("The figure today, where it is known.");
        var agreements = Agreements();
        var command = new ExampleCommand(
            "add",
            "Records a need and how its success is measured.",
            "millrace scenario add \"Plan trains for storms\" --purpose planning "
                + "--measure \"Days explained\" --unit days --before 0 --as analyst")
        {
            title, purpose, measure, unit, before, agreements,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var draft = new ScenarioDraft(
                run.Value(title), run.Value(purpose)!, run.Value(measure)!, run.Value(unit)!, run.Value(before),
                run.Value(agreements) ?? []);
            var added = await me.PostAsync(
                "scenarios", draft, ApiJson.Wire.ScenarioDraft, ApiJson.Wire.Scenario, cancel);
            return run.Show(added, scenario => Render(run.Screen, scenario));
        });
    }

    private static Command Close(Shell shell)
    {
        var id = new Argument<string>("SCENARIO") { Description = "The id of a scenario." };
        var after = Required<decimal>("--after", "FIGURE", "The figure reached.");
        var before = Before("The figure without the data, where it was not recorded with the need.");
        var agreements = Agreements();
        var command = new ExampleCommand(
            "close",
            "Records the figure reached, and the agreements that made it possible.",
            "millrace scenario close 01JZ8Q --after 181 --agreement 01JZ9A --agreement 01JZ9B --as analyst")
        {
            id, after, before, agreements,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var closed = await me.PostAsync(
                $"scenarios/{Uri.EscapeDataString(run.Value(id))}/outcome",
                new ScenarioOutcome(run.Value(after), run.Value(agreements) ?? [], run.Value(before)),
                ApiJson.Wire.ScenarioOutcome,
                ApiJson.Wire.Scenario,
                cancel);
            return run.Show(closed, scenario => Render(run.Screen, scenario));
        });
    }

    private static Command List(Shell shell) => shell.DoesAs(
        new ExampleCommand("list", "Lists the scenarios.", "millrace scenario list --as analyst"),
        async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var all = await me.GetAsync("scenarios", ApiJson.Wire.IReadOnlyListScenario, cancel);
            return run.Show(all, scenarios =>
            {
                if (scenarios.Count == 0)
                    run.Screen.Line("No scenario yet; record a need with: millrace scenario add");
                else
                    run.Screen.Table(
                        ["id", "title", "purpose", "measure", "#before", "#after", "unit"],
                        scenarios.Select(s => (string[])
                        [
                            s.Id, s.Title, s.Purpose, s.Measure,
                            Figure(s.Before) ?? "–", Figure(s.After) ?? "–", s.Unit,
                        ]));
            });
        });

    private static void Render(Screen screen, Scenario scenario)
    {
        screen.Line(scenario.Title);
        screen.Facts(
            ("id", scenario.Id),
            ("purpose", scenario.Purpose),
            ("measure", scenario.Measure),
            ("before", Figure(scenario.Before) is { } before ? $"{before} {scenario.Unit}" : null),
            ("after", Figure(scenario.After) is { } after ? $"{after} {scenario.Unit}" : null),
            ("agreements", string.Join(", ", scenario.Agreements)));
    }

    private static string? Figure(decimal? figure) => figure is { } known ? Wording.Number(known) : null;

    private static Option<decimal?> Before(string description) =>
        new("--before") { Description = description, HelpName = "FIGURE" };

    private static Option<T> Required<T>(string name, string kind, string description) =>
        new(name) { Description = description, HelpName = kind, Required = true };

    private static Option<string[]> Agreements() =>
        new("--agreement") { Description = "An agreement that meets the need; may be repeated.", HelpName = "ID" };
}
