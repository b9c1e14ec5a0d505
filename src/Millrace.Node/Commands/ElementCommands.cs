using System.CommandLine;
using System.Globalization;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>
/// <c>millrace fields of|confirm|reject</c>: what the columns of a product hold, and a person's word on it.
/// </summary>
internal static class ElementCommands
{
    public static Command Of(Shell shell)
    {
        var product = Product();
        var command = new ExampleCommand(
            "of",
            "Shows which elements the columns of a product hold: confirmed, or only proposed.",
            "millrace fields of trips --as cta")
        {
            product,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var answer = await me.GetAsync(Path(run.Value(product)), ApiJson.Wire.ProductElements, cancel);
            return run.Show(answer, e => Render(run.Screen, e));
        });
    }

    public static Command Confirm(Shell shell)
    {
        var (product, column) = (Product(), Column());
        var element = new Argument<string?>("ELEMENT")
        {
            Description = "What it holds, such as common/calendar-date; else what is proposed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (person, reason) = (Person(), Reason());
        var command = new ExampleCommand(
            "confirm",
            "Confirms which element a column of a product holds, for this version and later ones. Others are told.",
            "millrace fields confirm trips date --person \"A. Lin\" --reason \"days of service\" --as cta",
            "millrace fields confirm trips stop transport/stop-id --person \"A. Lin\" --reason \"GTFS ids\" --as cta")
        {
            product, column, element, person, reason,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var path = Path(run.Value(product));
            var chosen = run.Value(element);
            if (chosen is null)
            {
                var shown = await me.GetAsync(path, ApiJson.Wire.ProductElements, cancel);
                var found = shown.Value.Columns.FirstOrDefault(c => c.Column == run.Value(column));
                chosen = found?.Proposed?.Element.Element
                    ?? throw CommandFailedException.BadInput(
                        $"Nothing is proposed for {run.Value(column)}: name the element that it holds, one of those of "
                        + "millrace fields show.");
            }
            var draft = new ElementDraft(run.Value(column), run.Value(person)!, run.Value(reason)!, chosen);
            var decided = await me.PostAsync(
                path, draft, ApiJson.Wire.ElementDraft, ApiJson.Wire.ProductElements, cancel);
            return run.Show(decided, e => Render(run.Screen, e));
        });
    }

    public static Command Reject(Shell shell)
    {
        var (product, column, person, reason) = (Product(), Column(), Person(), Reason());
        var command = new ExampleCommand(
            "reject",
            "Says that a column does not hold what is proposed, or was confirmed before.",
            "millrace fields reject trips price --person \"A. Lin\" --reason \"a fare class\" --as cta")
        {
            product, column, person, reason,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var draft = new ElementDraft(run.Value(column), run.Value(person)!, run.Value(reason)!);
            var decided = await me.PostAsync(
                Path(run.Value(product)), draft, ApiJson.Wire.ElementDraft, ApiJson.Wire.ProductElements, cancel);
            return run.Show(decided, e => Render(run.Screen, e));
        });
    }

    private static void Render(Screen screen, ProductElements shown)
    {
        screen.Line($"{shown.Product}, version {shown.Version}");
        screen.Table(
            ["column", "element", "term", "名称", "status", "why"],
            shown.Columns.Select(c => (c.Confirmed ?? c.Proposed?.Element) is { } e
                ? (string[])[c.Column, e.Element, e.En?.Term ?? "", e.Zh?.Term ?? "", Status(c), Why(c)]
                : [c.Column, "", "", "", Status(c), Why(c)]));
        if (shown.Columns.Any(c => c.Proposed is not null))
        {
            screen.Line();
            screen.Line(
                $"A proposal tells nobody anything. Confirm it with: millrace fields confirm {shown.Product} COLUMN");
        }
    }

    private static string Status(ColumnElements column) =>
        column.Confirmed is not null ? "confirmed"
        : column.Proposed is { } p
            ? $"proposed ({p.Confidence.ToString("0.00", CultureInfo.InvariantCulture)})"
        : column.Decision?.Rejected is { } rejected ? $"not {rejected}"
        : "";

    private static string Why(ColumnElements column) =>
        column.Proposed is { } proposed ? string.Join("; ", proposed.Reasons)
        : column.Decision is { } decision ? $"{decision.Person}: {decision.Reason}"
        : "";

    private static string Path(string product) => $"products/{Uri.EscapeDataString(product)}/elements";

    private static Argument<string> Product() => new("PRODUCT") { Description = "The id of a product." };

    private static Argument<string> Column() => new("COLUMN") { Description = "The column to decide on." };

    private static Option<string> Person() =>
        new("--person") { Description = "Who decides.", HelpName = "NAME", Required = true };

    private static Option<string> Reason() =>
        new("--reason") { Description = "Why; it stands in the log.", HelpName = "TEXT", Required = true };
}
