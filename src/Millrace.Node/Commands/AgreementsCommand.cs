using System.CommandLine;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary><c>millrace agreements</c>: the list, or one with its terms.</summary>
internal static class AgreementsCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string?>("AGREEMENT")
        {
            Description = "The id of an agreement; without it they are listed, the newest first.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new ExampleCommand(
            "agreements",
            "Lists the agreements of a participant, or shows one with its terms and how far each reaches.",
            "millrace agreements --as analyst",
            "millrace agreements 01JZ8Q --as analyst")
        {
            id,
            ShareProfileCommand.Create(shell),
        };
        var pages = new PagedList(command);
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            if (run.Value(id) is { } one)
                return run.Show(await GetAsync(me, one, cancel), agreement => Render(run.Screen, agreement));
            var all = await me.GetAsync(pages.Of(run, "agreements"), ApiJson.Wire.IReadOnlyListAgreement, cancel);
            var none = pages.None(run, "No agreement yet; find an offer with: millrace catalogue search");
            return run.Show(all, agreements => RenderAll(run.Screen, agreements, none));
        });
    }

    public static Task<Answer<Agreement>> GetAsync(ParticipantClient me, string id, CancellationToken cancel) =>
        me.GetAsync($"agreements/{Uri.EscapeDataString(id)}", ApiJson.Wire.Agreement, cancel);

    public static void Render(Screen screen, Agreement agreement)
    {
        screen.Line($"Agreement {agreement.Id}");
        screen.Facts(
            ("product", agreement.Title),
            (agreement.Role is "consumer" ? "provider" : "consumer", agreement.Peer),
            ("agreed", Wording.Time(agreement.AgreedAt)),
            ("state", State(agreement)),
            ("provider says", agreement.Withdrawal?.Note),
            ("used", $"{Wording.Count(agreement.Reads)} reads, {Wording.Count(agreement.Rows)} rows, "
                + Wording.Size(agreement.Bytes)));
        screen.Line();
        screen.Terms(agreement.Terms);
        foreach (var done in agreement.Duties ?? [])
            screen.Line($"{done.Duty} was met by {Wording.Time(done.At)}"
                + (done.Note is { } note ? $": {note}" : ""));
    }

    private static void RenderAll(Screen screen, IReadOnlyList<Agreement> agreements, string none)
    {
        if (agreements.Count == 0)
        {
            screen.Line(none);
            return;
        }
        screen.Table(
            ["id", "role", "product", "peer", "agreed", "state", "#reads", "#rows"],
            agreements.Select(a => (string[])
            [
                a.Id, a.Role, a.Title, a.Peer, Wording.Time(a.AgreedAt), State(a),
                Wording.Count(a.Reads), Wording.Count(a.Rows),
            ]));
        PagedList.Note(screen, "millrace agreements", [.. agreements.Select(a => a.Id)]);
    }

    private static string State(Agreement agreement) => agreement switch
    {
        { Withdrawal: { } withdrawal } => $"withdrawn {Wording.Time(withdrawal.At)}"
            + (withdrawal.Ground is { } ground ? $" ({ground})" : ""),
        { State: "expired", EndsAt: { } end } => $"expired {Wording.Time(end)}",
        _ => agreement.State,
    };
}
