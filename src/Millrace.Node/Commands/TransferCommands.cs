using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace transfers …</c>: running access, and the steps that a person takes.</summary>
internal static class TransferCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "transfers",
        "Transfers: the access that runs under agreements, and holding, resuming or ending it.",
        "millrace transfers list --as cta")
    {
        List(shell),
        Show(shell),
        Request(shell),
        Step(shell, "start", "start", "Gives, as provider, the access that was asked for."),
        StepWithReason(
            shell, "suspend", "Holds a transfer, from either side: reads under it stop until it is resumed.",
            "We are checking the figures."),
        Step(shell, "resume", "start", "Resumes a transfer that was held; as provider, with a fresh token."),
        Step(shell, "complete", "complete", "Ends a transfer, from either side, whose data has all been had."),
        StepWithReason(
            shell, "terminate", "Ends a transfer, from either side, before it is complete.", "The project is over."),
    };

    private static Command List(Shell shell)
    {
        var command = new ExampleCommand(
            "list", "Lists the latest transfers: first those that still run.", "millrace transfers list --as cta");
        var pages = new PagedList(command);
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var all = await me.GetAsync(pages.Of(run, "transfers"), ApiJson.Wire.IReadOnlyListTransfer, cancel);
            var none = pages.None(run, "No transfer yet; one begins with: millrace read AGREEMENT");
            return run.Show(all, transfers => RenderAll(run.Screen, transfers, none));
        });
    }

    private static Command Show(Shell shell)
    {
        var id = Id();
        var command = new ExampleCommand(
            "show", "Shows a transfer.", "millrace transfers show urn:uuid:0198d5a1 --as cta")
        {
            id,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var path = $"transfers/{Uri.EscapeDataString(run.Value(id))}";
            var transfer = await me.GetAsync(path, ApiJson.Wire.Transfer, cancel);
            return run.Show(transfer, t => Render(run.Screen, t));
        });
    }

    private static Command Request(Shell shell)
    {
        var agreement = new Argument<string>("AGREEMENT") { Description = "The id of an agreement." };
        var purpose = new Option<string?>("--purpose")
        {
            Description = "What the data are for, as policies name it; it is signed.",
            HelpName = "PURPOSE",
        };
        var project = new Option<string?>("--project")
        {
            Description = "The undertaking that the purpose belongs to.",
            HelpName = "TEXT",
        };
        var command = new ExampleCommand(
            "request",
            "Asks, as consumer, for access under an agreement, without reading yet.",
            "millrace transfers request 01JZ8Q --purpose planning --project storms --as analyst")
        {
            agreement, purpose, project,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var draft = new TransferDraft(run.Value(agreement), run.Value(purpose), run.Value(project));
            var asked = await me.PostAsync(
                "transfers", draft, ApiJson.Wire.TransferDraft, ApiJson.Wire.Transfer, cancel);
            return run.Show(asked, t => Render(run.Screen, t));
        });
    }

    private static Command Step(Shell shell, string name, string act, string description)
    {
        var id = Id();
        var command = new ExampleCommand(name, description, $"millrace transfers {name} urn:uuid:0198d5a1 --as cta")
        {
            id,
        };
        return shell.DoesAs(command, (run, cancel) => TakeAsync(run, run.Value(id), new TransferAct(act), cancel));
    }

    private static Command StepWithReason(Shell shell, string act, string description, string example)
    {
        var id = Id();
        var (code, reason) = EndingOptions.Create();
        var command = new ExampleCommand(
            act, description, $"millrace transfers {act} urn:uuid:0198d5a1 --reason \"{example}\" --as cta")
        {
            id, code, reason,
        };
        return shell.DoesAs(command, (run, cancel) => TakeAsync(
            run, run.Value(id), new TransferAct(act, run.Value(code), run.Value(reason)), cancel));
    }

    private static async Task<int> TakeAsync(Run run, string id, TransferAct act, CancellationToken cancel)
    {
        var me = await run.ParticipantAsync(cancel);
        var path = $"transfers/{Uri.EscapeDataString(id)}/acts";
        var taken = await me.PostAsync(path, act, ApiJson.Wire.TransferAct, ApiJson.Wire.Transfer, cancel);
        return run.Show(taken, transfer => Render(run.Screen, transfer));
    }

    private static void Render(Screen screen, Transfer transfer)
    {
        screen.Line($"Transfer {transfer.Id}");
        screen.Facts(
            ("product", transfer.Title),
            (transfer.Role is "consumer" ? "provider" : "consumer", transfer.Peer),
            ("agreement", transfer.Agreement),
            ("state", transfer.State),
            ("endpoint", transfer.Endpoint?.AbsoluteUri),
            ("flight", transfer.Flight?.AbsoluteUri.TrimEnd('/')),
            ("held", Wording.Why(transfer.Suspension)),
            ("ended", Wording.Why(transfer.Refusal)));
    }

    private static void RenderAll(Screen screen, IReadOnlyList<Transfer> transfers, string none)
    {
        if (transfers.Count == 0)
            screen.Line(none);
        else
            screen.Table(
                ["id", "role", "product", "agreement", "peer", "state"],
                transfers.OrderByDescending(Runs).Select(t => (string[])
                [
                    t.Id, t.Role, t.Title ?? "–", t.Agreement, t.Peer, t.State,
                ]));
        PagedList.Note(screen, "millrace transfers list", [.. transfers.Select(t => t.Id)]);
    }

    private static bool Runs(Transfer transfer) => transfer.State is not ("COMPLETED" or "TERMINATED");

    private static Argument<string> Id() => new("TRANSFER") { Description = "The id of a transfer." };
}
