using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace usage</c>: what was used, and what it costs.</summary>
internal static class UsageCommand
{
    public static Command Create(Shell shell) => shell.DoesAs(
        new ExampleCommand(
            "usage", "Shows what was used under each agreement and what it costs.", "millrace usage --as analyst"),
        async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var usage = await me.GetAsync("usage", ApiJson.Wire.Usage, cancel);
            return run.Show(usage, u => Render(run.Screen, u));
        });

    private static void Render(Screen screen, Usage usage)
    {
        if (usage.Lines.Count == 0)
        {
            screen.Line("Nothing used yet.");
            return;
        }
        screen.Table(
            ["agreement", "role", "product", "peer", "#reads", "#rows", "#size", "price", "#due"],
            usage.Lines.Select(l => (string[])
            [
                l.Agreement, l.Role, l.Title, l.Peer, Wording.Count(l.Reads), Wording.Count(l.Rows),
                Wording.Size(l.Bytes),
                l.Price is { } p ? $"{Wording.Number(p.Amount)} {p.Currency} per {p.Per}" : "free",
                $"{Wording.Number(l.Due)} {l.Currency}".TrimEnd(),
            ]));
        screen.Line();
        foreach (var total in usage.Totals)
            screen.Line($"{(total.Role is "consumer" ? "To pay" : "To receive")}: "
                + $"{Wording.Number(total.Due)} {total.Currency}");
    }
}
