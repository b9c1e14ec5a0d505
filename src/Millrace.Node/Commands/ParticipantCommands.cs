using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace participant add|list</c>.</summary>
internal static class ParticipantCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "participant", "The organisations that this node hosts.", "millrace participant list")
    {
        Add(shell), List(shell),
    };

    public static void Render(Screen screen, Participant participant) => screen.Facts(
        ("id", participant.Id),
        ("title", participant.Title),
        ("DID", participant.Did),
        ("catalogue", participant.Catalogue.AbsoluteUri),
        ("role", participant.Operator ? "operator of the space" : null));

    private static Command Add(Shell shell)
    {
        var id = new Argument<string>("NAME")
        {
            Description = "A short name for addresses: lower-case letters, digits and hyphens.",
        };
        var title = new Option<string?>("--title") { Description = "Its full name; else NAME.", HelpName = "TEXT" };
        var isOperator = new Option<bool>("--operator") { Description = "It runs the space." };
        var command = new ExampleCommand(
            "add",
            "Adds a participant, with its own keys and its own log.",
            "millrace participant add cta --title \"Chicago Transit Authority\"")
        {
            id, title, isOperator,
        };
        return shell.Does(command, async (run, cancel) =>
        {
            var node = await run.NodeAsync(cancel, isFirst: true);
            var draft = new ParticipantDraft(run.Value(id), run.Value(title) ?? run.Value(id), run.Value(isOperator));
            var added = await node.PostAsync(
                "participants", draft, ApiJson.Wire.ParticipantDraft, ApiJson.Wire.Participant, cancel);
            return run.Show(added, participant =>
            {
                run.Screen.Line($"Added {participant.Id}.");
                Render(run.Screen, participant);
            });
        });
    }

    private static Command List(Shell shell) => shell.Does(
        new ExampleCommand("list", "Lists the participants of this node.", "millrace participant list"),
        async (run, cancel) =>
        {
            var node = await run.NodeAsync(cancel);
            var all = await node.GetAsync("participants", ApiJson.Wire.IReadOnlyListParticipant, cancel);
            return run.Show(all, participants =>
            {
                if (participants.Count == 0)
                    run.Screen.Line("No participant yet; add one with: millrace participant add NAME");
                else
                    run.Screen.Table(
                        ["id", "title", "DID", "operator"],
                        participants.Select(p => (string[])[p.Id, p.Title, p.Did, p.Operator ? "yes" : ""]));
            });
        });
}
