using System.CommandLine;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary><c>millrace evidence verify|list|entry|receipt|key</c>: the log of what happened.</summary>
internal static class EvidenceCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "evidence", "The append-only log of what happened.", "millrace evidence verify --as cta")
    {
        Verify(shell), List(shell), Entry(shell), Receipt(shell), Key(shell),
    };

    private static Command Verify(Shell shell)
    {
        var receipt = new Option<string?>("--receipt")
        {
            Description = "Check this receipt instead, without any node; with --entry and --key.",
            HelpName = "FILE",
        };
        var entry = new Option<string?>("--entry")
        {
            Description = "The entry that the receipt is of, as the command entry writes it.",
            HelpName = "FILE",
        };
        var key = new Option<string?>("--key")
        {
            Description = "The log's verifier key, as its participant publishes it (see its DID document).",
            HelpName = "KEY",
        };
        var command = new ExampleCommand(
            "verify",
            "Checks the whole log: every entry, the tree and its signed head. Or checks one receipt, for whoever has "
            + "it. Exit code 1 if anything is wrong.",
            "millrace evidence verify --as cta",
            "millrace evidence verify --receipt entry-17.tlog-proof --entry entry-17.json --key \"$(cat log.key)\"")
        {
            receipt, entry, key,
        };
        return shell.DoesAs(command, (run, cancel) =>
            (run.Value(receipt), run.Value(entry), run.Value(key)) switch
            {
                (null, null, null) => VerifyLogAsync(run, cancel),
                ({ } proof, { } logged, { } verifier) => Task.FromResult(
                    VerifyReceipt(run, ReceiptCheck.Run(proof, logged, verifier))),
                _ => throw CommandFailedException.BadInput(
                    "A receipt is checked with all three: --receipt, --entry and --key."),
            });
    }

    private static async Task<int> VerifyLogAsync(Run run, CancellationToken cancel)
    {
        var me = await run.ParticipantAsync(cancel);
        var verdict = await run.Screen.WaitAsync("Verifying the log", () => me.PostAsync(
            "evidence/verify", null, ApiJson.Wire.EvidenceVerdict, cancel));
        run.Show(verdict, v => Render(run.Screen, v));
        return verdict.Value.Valid ? ExitCode.Done : ExitCode.Refused;
    }

    private static int VerifyReceipt(Run run, ReceiptVerdict verdict) => run.Show(
        new Answer<ReceiptVerdict>(verdict, JsonSerializer.Serialize(verdict, CommandJson.Default.ReceiptVerdict)),
        v =>
        {
            run.Screen.Line($"The log has this entry as entry {v.Index}.");
            run.Screen.Facts(
                ("log", v.Origin), ("entries", Wording.Count(v.Size)), ("root", v.Root), ("hash", v.Hash));
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
            Description = "The index of the first entry; a negative one counts from the end.",
            HelpName = "INDEX",
        };
        var limit = new Option<int>("--limit")
        {
            Description = "How many entries.",
            HelpName = "COUNT",
            DefaultValueFactory = _ => 100,
        }.Within(1, Limits.Default.PageMax);
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

    private static Command Key(Shell shell) => shell.DoesAs(
        new ExampleCommand(
            "key", "Prints the key that checks the log and its receipts.", "millrace evidence key --as cta"),
        async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var key = await me.GetAsync("evidence/key", ApiJson.Wire.LogKey, cancel);
            return run.Show(key, k =>
            {
                run.Screen.Raw(k.Key);
                run.Screen.Note($"Anybody finds it at {k.Address}");
            });
        });

    private static Command Entry(Shell shell) => Text(
        shell, "entry", "Prints an entry exactly as it was logged, for whoever gets its receipt.",
        "millrace evidence entry 17 --as cta -o entry-17.json", (_, text) => text);

    private static Command Receipt(Shell shell) => Text(
        shell, "receipt", "Prints the receipt of an entry: a proof that anyone can check without the node.",
        "millrace evidence receipt 17 --as cta -o entry-17.tlog-proof",
        (index, text) => JsonSerializer.Serialize(new ReceiptText(index, text), CommandJson.Default.ReceiptText));

    /// <summary>A command that prints a text about an entry, or writes it to a file.</summary>
    /// <param name="json">What is printed for programs.</param>
    private static Command Text(
        Shell shell, string name, string description, string example, Func<long, string, string> json)
    {
        var index = new Argument<long>("INDEX") { Description = "The index of an entry." };
        var output = new Option<string?>("--output", "-o") { Description = "Write it to a file.", HelpName = "FILE" };
        var command = new ExampleCommand(name, description, example) { index, output };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var text = await me.GetTextAsync($"evidence/{run.Value(index)}/{name}", cancel);
            if (run.Value(output) is { } path)
                await WriteAsync(path, text, cancel);
            if (run.Json)
                run.Screen.Raw(json(run.Value(index), text));
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
