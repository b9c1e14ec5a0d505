using System.CommandLine;
using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace evidence verify|list|receipt</c>: the log of what happened.</summary>
internal static class EvidenceCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "evidence", "The append-only log of what happened.", "millrace evidence verify --as cta")
    {
        Verify(shell), List(shell), Receipt(shell),
    };

    private static Command Verify(Shell shell) => shell.DoesAs(
        new ExampleCommand(
            "verify",
            "Checks the whole log: every entry, the tree and its signed head. Exit code 1 if anything is wrong.",
            "millrace evidence verify --as cta"),
        async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var verdict = await run.Screen.WaitAsync("Verifying the log", () => me.PostAsync(
                "evidence/verify", null, ApiJson.Wire.EvidenceVerdict, cancel));
            run.Show(verdict, v => Render(run.Screen, v));
            return verdict.Value.Valid ? ExitCode.Done : ExitCode.Refused;
        });

    private static void Render(Screen screen, EvidenceVerdict verdict)
    {
        screen.Line(verdict.Valid ? "The log is whole." : "THE LOG IS NOT WHOLE.");
        screen.Facts(("log", verdict.Origin), ("entries", Wording.Count(verdict.Size)), ("root", verdict.Root));
        screen.Line();
        screen.Table(
            ["check", "result", "detail"],
            verdict.Checks.Select(c => (string[])[c.Name, c.Valid ? "holds" : "FAILS", c.Detail]));
    }

    private static Command List(Shell shell)
    {
        var from = new Option<long>("--from")
        {
            Description = "The index of the first entry.",
            HelpName = "INDEX",
        };
        var limit = new Option<int>("--limit")
        {
            Description = "How many entries.",
            HelpName = "COUNT",
            DefaultValueFactory = _ => 100,
        };
        var command = new ExampleCommand(
            "list", "Lists entries of the log.", "millrace evidence list --from 0 --limit 20 --as cta")
        {
            from, limit,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var page = await me.GetAsync(
                $"evidence?from={run.Value(from)}&limit={run.Value(limit)}", ApiJson.Wire.EvidencePage, cancel);
            return run.Show(page, p =>
            {
                run.Screen.Table(
                    ["#index", "time", "type", "body"],
                    p.Entries.Select(e => (string[])
                        [Wording.Count(e.Index), Wording.Time(e.Time), e.Type, e.Body.GetRawText()]));
                run.Screen.Line($"{Wording.Count(p.Entries.Count)} of {Wording.Count(p.Size)} entries.");
            });
        });
    }

    private static Command Receipt(Shell shell)
    {
        var index = new Argument<long>("INDEX") { Description = "The index of an entry." };
        var output = new Option<string?>("--output", "-o") { Description = "Write it to a file.", HelpName = "FILE" };
        var command = new ExampleCommand(
            "receipt",
            "Prints the receipt of an entry: a proof that anyone can check without the node.",
            "millrace evidence receipt 17 --as cta -o entry-17.tlog-proof")
        {
            index, output,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var text = await me.GetTextAsync($"evidence/{run.Value(index)}/receipt", cancel);
            if (run.Value(output) is { } path)
                await WriteAsync(path, text, cancel);
            if (run.Json)
                run.Screen.Raw(JsonSerializer.Serialize(
                    new ReceiptText(run.Value(index), text), CommandJson.Default.ReceiptText));
            else if (run.Value(output) is null)
                run.Screen.Raw(text);
            return ExitCode.Done;
        });
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancel)
    {
        try
        {
            await File.WriteAllTextAsync(path, text, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.BadInput($"{path} cannot be written: {e.Message}");
        }
    }
}
