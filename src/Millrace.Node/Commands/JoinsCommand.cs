using System.CommandLine;
using System.Globalization;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace joins</c>: which columns of other products meet the columns of one.</summary>
internal static class JoinsCommand
{
    public static Command Create(Shell shell)
    {
        var product = new Argument<string>("PRODUCT") { Description = "The id of a product of one's own." };
        var command = new ExampleCommand(
            "joins",
            "Shows which columns of other products on this node meet the columns of a product: by what was confirmed "
                + "that they hold, and by their values. No value is shown.",
            "millrace joins ridership --as transit",
            "millrace joins ridership --as transit --json")
        {
            product,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var answer = await run.Screen.WaitAsync(
                "Comparing columns",
                () => me.GetAsync(
                    $"products/{Uri.EscapeDataString(run.Value(product))}/joins", ApiJson.Wire.ProductJoins, cancel));
            return run.Show(answer, joins => Render(run.Screen, joins));
        });
    }

    private static void Render(Screen screen, ProductJoins shown)
    {
        screen.Line(
            $"{shown.Product}, version {shown.Version}, with {Wording.Count(shown.Compared)} products of the catalogue"
            + (shown.More ? "; there are more than are compared." : "."));
        if (shown.Joins.Count == 0)
        {
            screen.Line("Nothing meets its columns.");
            return;
        }
        screen.Line();
        screen.Table(
            ["column", "meets", "of", "holder", "one row each", "#yours in theirs", "#theirs in yours", "by"],
            shown.Joins.Select(j => (string[])
            [
                j.Column, j.OtherColumn, j.Product, j.ProviderTitle, Keys(j.Keys), Share(j.MineInTheirs, j),
                Share(j.TheirsInMine, j), By(j),
            ]));
    }

    private static string By(JoinInfo join) => string.Join(", ", new[]
    {
        join.Element is { } element ? $"element {element.Element}" : null,
        join.By == "element" ? null : join.ByDay ? "values, by day" : "values",
        join.Error is { } error ? string.Create(CultureInfo.InvariantCulture, $"± {100 * error:0} %") : null,
    }.Where(part => part is not null));

    private static string Keys(string keys) => keys switch
    {
        "mine" => "here",
        "theirs" => "there",
        "both" => "here and there",
        _ => "–",
    };

    private static string Share(double? share, JoinInfo join) =>
        share is { } least ? string.Create(CultureInfo.InvariantCulture, $"≥ {100 * least:0} %")
        : join.Error is null ? "–"
        : "< 50 %";
}
