using System.CommandLine;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Contracts;

namespace Millrace.Node.Commands;

/// <summary>What came of a contract on a file.</summary>
/// <param name="Kept">No rule of severity error fails, and the least score is reached.</param>
/// <param name="IsDraft">It refuses nothing, and so is kept.</param>
/// <param name="NotChecked">Rules that refer to other products or versions, which only a node has.</param>
internal sealed record ContractVerdict(
    bool Kept, bool IsDraft, QualityReport Quality, IReadOnlyList<string> NotChecked, IReadOnlyList<string> Warnings);

/// <summary><c>millrace contract init|check|export</c>: what is promised of a table.</summary>
internal static class ContractCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "contract",
        "Data contracts (Open Data Contract Standard 3): drafted from a table, checked, given back.",
        "millrace contract init rides.csv -o rides.yaml",
        "millrace contract check rides.csv rides.yaml")
    {
        Init(shell), Check(shell), Export(shell),
    };

    private static Command Init(Shell shell)
    {
        var source = new Argument<string>("FILE|PRODUCT") { Description = "A file of a table, or a product's id." };
        var output = Output();
        var command = new ExampleCommand(
            "init",
            "Drafts a contract from what the table holds: no missing values, keys, ranges, allowed values, patterns, "
                + "and how columns and rows hang together. No value of sensitive columns enters it.",
            "millrace contract init rides.csv -o rides.yaml",
            "millrace contract init rides --as cta -o rides.yaml")
        {
            source, output,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var name = run.Value(source);
            if (!File.Exists(name))
                InputFiles.CheckIsNoFile(name);
            var draft = File.Exists(name)
                ? await DraftAsync(name, cancel)
                : await DraftOfProductAsync(run, name, cancel);
            return Give(run, draft, run.Value(output));
        });
    }

    private static Command Check(Shell shell)
    {
        var table = new Argument<string>("FILE") { Description = "A file of a table." };
        var contract = new Argument<string>("CONTRACT") { Description = "A data contract (YAML)." };
        var command = new ExampleCommand(
            "check",
            "Checks a file against a contract: each rule with how many keep it and the first rows that do not. Ends "
                + "with 1 where it is broken. No node is needed.",
            "millrace contract check rides.csv rides.yaml",
            "millrace contract check rides.csv rides.yaml --json")
        {
            table, contract,
        };
        return shell.Does(command, async (run, cancel) =>
        {
            var text = ContractFile.Read(run.Value(contract));
            try
            {
                var promised = ContractReader.Read(text);
                using var read = await LocalTable.ReadAsync(run.Value(table), cancel);
                var here = promised with
                {
                    Rules = [.. promised.Rules.Where(r => r.Test is not (RefersTo or DriftWithin))],
                };
                var quality = await read.CheckAsync(text, here, run.World.Time.GetUtcNow(), cancel);
                var verdict = new ContractVerdict(
                    quality.Contract!.Breaches.Count == 0, promised.IsDraft, quality,
                    [.. promised.Rules.Except(here.Rules).Select(r => r.Id)], promised.Warnings);
                PolicyCommands.Show(
                    run, verdict, CommandJson.Readable.ContractVerdict, () => Render(run.Screen, verdict));
                return verdict.Kept ? ExitCode.Done : ExitCode.Refused;
            }
            catch (ContractException e)
            {
                throw CommandFailedException.BadInput(e.Message);
            }
        });
    }

    private static Command Export(Shell shell)
    {
        var product = new Argument<string>("PRODUCT") { Description = "The id of a product." };
        var output = Output();
        var command = new ExampleCommand(
            "export",
            "Gives the contract of a product back, with what the product says of itself filled in.",
            "millrace contract export rides --as cta -o rides.yaml")
        {
            product, output,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var text = await me.GetTextAsync(
                $"products/{Uri.EscapeDataString(run.Value(product))}/contract", cancel);
            return Give(run, text, run.Value(output));
        });
    }

    private static async Task<string> DraftAsync(string path, CancellationToken cancel)
    {
        using var table = await LocalTable.ReadAsync(path, cancel);
        return YamlText.Write(ContractDraft.Of(
            Path.GetFileNameWithoutExtension(path), table.Profile, table.Classification.LevelOf,
            await table.RelationsAsync(cancel)));
    }

    private static async Task<string> DraftOfProductAsync(Run run, string id, CancellationToken cancel)
    {
        var me = await run.ParticipantAsync(cancel);
        return await me.GetTextAsync($"products/{Uri.EscapeDataString(id)}/contract/draft", cancel);
    }

    private static int Give(Run run, string yaml, string? path)
    {
        if (path is null)
        {
            run.Screen.Raw(run.Json ? YamlText.Read(yaml)!.ToJsonString() : yaml);
            return ExitCode.Done;
        }
        OutputFile.Write(path, yaml);
        run.Screen.Line($"Wrote {Path.GetFullPath(path)}");
        return ExitCode.Done;
    }

    private static void Render(Screen screen, ContractVerdict verdict)
    {
        var (contract, all) = (verdict.Quality.Contract!, verdict.Quality.Indicators!);
        var missing = all.Where(i => i.Measures.Count == 0).ToList();
        QualityText.Measures(screen, verdict.Quality);
        screen.Line();
        QualityText.Rules(screen, contract);
        screen.Line();
        foreach (var cap in verdict.Quality.Caps)
            screen.Line($"The score is held at {cap.Limit}: {cap.Reason}");
        screen.Line(
            $"Score {Wording.Score(verdict.Quality.Total)}{Wording.Indicators(all.Count - missing.Count, all.Count)}; "
            + (verdict.IsDraft ? "the contract is a draft and refuses nothing."
                : verdict.Kept ? "the contract is kept." : "the contract is broken."));
        screen.Line(
            $"Not evaluated, which is neither 0 nor 100: {string.Join(", ", missing.Select(i => i.Code))}; with --json "
            + "each says what it needs.");
        if (verdict.IsDraft && contract.Rules.Count(r => !r.Held) is > 0 and var broken)
            screen.Note($"Active, it would be broken; rules not kept: {Wording.Count(broken)}.");
        foreach (var breach in contract.Breaches)
            screen.Line($"  {breach}");
        foreach (var rule in verdict.NotChecked)
            screen.Note($"{rule} refers to another product or version: it is checked when you publish.");
        foreach (var warning in verdict.Warnings)
            screen.Note(warning);
    }

    private static Option<string?> Output() => new("-o", "--output")
    {
        Description = "The file to write; else it is shown.",
        HelpName = "FILE",
    };
}
