using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace withdraw</c>: the provider ends an agreement.</summary>
internal static class WithdrawCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string>("AGREEMENT") { Description = "The id of an agreement." };
        var ground = new Option<string>("--ground")
        {
            Description = "Why the agreement ends.",
            HelpName = string.Join('|', WithdrawalDraft.Grounds),
            Required = true,
        };
        ground.AcceptOnlyFromAmong([.. WithdrawalDraft.Grounds]);
        var note = new Option<string?>("--note") { Description = "A sentence for the other side.", HelpName = "TEXT" };
        var command = new ExampleCommand(
            "withdraw",
            "Withdraws an agreement as its provider; the next read under it is refused.",
            "millrace withdraw 01JZ8Q --ground breach --as cta")
        {
            id, ground, note,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var withdrawn = await me.PostAsync(
                $"agreements/{Uri.EscapeDataString(run.Value(id))}/withdrawal",
                new WithdrawalDraft(run.Value(ground)!, run.Value(note)),
                ApiJson.Wire.WithdrawalDraft,
                ApiJson.Wire.Agreement,
                cancel);
            return run.Show(withdrawn, agreement => AgreementsCommand.Render(run.Screen, agreement));
        });
    }
}
