using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace duty</c>: the provider records that a precondition is met.</summary>
internal static class DutyCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string>("AGREEMENT") { Description = "The id of an agreement." };
        var duty = new Argument<string>("DUTY")
        {
            Description = "Where the precondition stands, such as permission[0].duty[0].",
        };
        var note = new Option<string?>("--note")
        {
            Description = "What it rests on, such as the number of an invoice.",
            HelpName = "TEXT",
        };
        var command = new ExampleCommand(
            "duty",
            "Records, as the provider of an agreement, that a precondition is met; what waited for it may be read.",
            "millrace duty 01JZ8Q permission[0].duty[0] --note \"invoice 17 is paid\" --as cta")
        {
            id, duty, note,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var done = await me.PostAsync(
                $"agreements/{Uri.EscapeDataString(run.Value(id))}/duties",
                new DutyDraft(run.Value(duty), run.Value(note)),
                ApiJson.Wire.DutyDraft,
                ApiJson.Wire.Agreement,
                cancel);
            return run.Show(done, agreement => AgreementsCommand.Render(run.Screen, agreement));
        });
    }
}
