using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace classify</c>: how sensitive the columns of a product are, and a person's word on it.</summary>
internal static class ClassifyCommand
{
    public static Command Create(Shell shell)
    {
        var product = new Argument<string>("PRODUCT") { Description = "The id of a product." };
        var column = new Argument<string?>("COLUMN")
        {
            Description = "The column to decide on.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var level = new Option<int?>("--level")
        {
            Description = "1 (nobody is harmed) to 4; from 3 on the column is masked whatever an offer says.",
            HelpName = "LEVEL",
        };
        var person = new Option<string?>("--person") { Description = "Who decides.", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "Why; it stands in the log.", HelpName = "TEXT" };
        var command = new ExampleCommand(
            "classify",
            "Shows what personal and other sensitive data a product holds, or decides on the level of a column.",
            "millrace classify patients --as clinic",
            "millrace classify patients phone --level 1 --person \"A. Lin\" --reason \"phones of wards\" --as clinic")
        {
            product, column, level, person, reason,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var path = $"products/{Uri.EscapeDataString(run.Value(product))}";
            switch (run.Value(column), run.Value(level), run.Value(person), run.Value(reason))
            {
                case (null, null, null, null):
                    var found = await me.GetAsync(path, ApiJson.Wire.Product, cancel);
                    return run.Show(found, p => Render(run.Screen, p.Classification!));
                case ({ } name, { } number, { } who, { } why):
                    var decided = await me.PostAsync(
                        $"{path}/classification", new LevelDraft(name, number, who, why), ApiJson.Wire.LevelDraft,
                        ApiJson.Wire.Classification, cancel);
                    return run.Show(decided, c => Render(run.Screen, c));
                default:
                    throw CommandFailedException.BadInput(
                        "To decide on a column, give it with --level, --person and --reason; to look, give none of "
                        + "them.");
            }
        });
    }

    /// <summary>What was found, where anything was.</summary>
    private static void Render(Screen screen, Classification shown)
    {
        screen.Line(
            !shown.IsClassified ? $"Version {shown.Version} of {shown.Product} was never classified: publish it again."
            : $"Version {shown.Version} of {shown.Product} is of level {shown.Level}.");
        var told = shown.Columns.Where(c => c.Level > 1 || c.Findings.Count > 0 || c.Decision is not null).ToList();
        if (told.Count == 0)
            return;
        screen.Line();
        screen.Table(
            ["column", "#level", "guard", "why"],
            told.Select(c => (string[])[c.Column, $"{c.Level}", c.Guard ?? "", Why(c)]));
    }

    private static string Why(ColumnLevel column) => string.Join("; ", column.Findings
        .Select(f => $"{f.Kind} ({Wording.Likelihood(f.Likelihood)}): {Wording.Evidence(f)}")
        .Concat(column.Decision is { } d ? [$"level {d.Level} by {d.Person}: {d.Reason}"] : []));
}
