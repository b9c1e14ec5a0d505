using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.Fields;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>A pack in a line.</summary>
internal sealed record FieldLine(string Field, int Version, Named Title, int Elements, int Lists);

/// <summary>What the columns of a table may hold.</summary>
/// <param name="Rules">The version of the rules of matching.</param>
/// <param name="Shown">From this confidence on a match is a proposal.</param>
internal sealed record FieldMatches(int Rules, double Shown, IReadOnlyList<MatchedColumn> Columns);

/// <summary>What columns can be converted to.</summary>
internal sealed record ConversionTargets(IReadOnlyList<Unit> Units, IReadOnlyList<string> Lists);

/// <summary>
/// <c>millrace fields list|show|units|match|offer</c>: what a field of work calls its data and the terms it begins
/// with, for which no node is needed; and what a product holds of it.
/// </summary>
internal static class FieldsCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "fields",
        "Packs of fields of work: their data elements with standards, code lists and rules; and which of them a table "
            + "holds.",
        "millrace fields list",
        "millrace fields match trips.csv")
    {
        List(shell), Show(shell), ListUnits(shell), Match(shell), Offer(shell), ElementCommands.Of(shell),
        ElementCommands.Confirm(shell), ElementCommands.Reject(shell),
    };

    private static Command List(Shell shell)
    {
        var command = new ExampleCommand(
            "list", "Lists the packs.", "millrace fields list", "millrace fields list --json");
        return shell.Does(command, (run, _) =>
        {
            IReadOnlyList<FieldLine> all =
            [
                .. FieldPacks.All.Select(p => new FieldLine(
                    p.Field, p.Version, p.Title, p.Elements.Count, p.Lists.Count)),
            ];
            return Task.FromResult(PolicyCommands.Show(
                run, all, CommandJson.Readable.IReadOnlyListFieldLine, () => run.Screen.Table(
                    ["field", "title", "名称", "#elements", "#code lists"],
                    all.Select(f => (string[])
                        [f.Field, f.Title.En, f.Title.Zh, Wording.Count(f.Elements), Wording.Count(f.Lists)]))));
        });
    }

    private static Command Show(Shell shell)
    {
        var field = new Argument<string>("FIELD") { Description = "The name of a pack." };
        var chinese = new Option<bool>("--zh") { Description = "In Chinese." };
        var command = new ExampleCommand(
            "show", "Shows the elements of a pack, each with the standard it comes from.",
            "millrace fields show transport", "millrace fields show transport --zh")
        {
            field, chinese,
        };
        return shell.Does(command, (run, _) =>
        {
            var pack = Find(run.Value(field));
            return Task.FromResult(PolicyCommands.Show(
                run, pack, CommandJson.Readable.FieldPack, () => Render(run.Screen, pack, run.Value(chinese))));
        });
    }

    private static Command ListUnits(Shell shell)
    {
        var command = new ExampleCommand(
            "units", "Lists the units and code lists that columns can be converted to.", "millrace fields units");
        return shell.Does(command, (run, _) =>
        {
            var all = new ConversionTargets(Units.All, FieldPacks.Lists);
            return Task.FromResult(PolicyCommands.Show(
                run, all, CommandJson.Readable.ConversionTargets, () =>
                {
                    run.Screen.Table(
                        ["unit", "measures", "also written"],
                        all.Units.Select(u => (string[])[u.Code, u.Dimension, string.Join(", ", u.Words)]));
                    run.Screen.Line();
                    run.Screen.Line($"Code lists: {string.Join(", ", all.Lists)}.");
                }));
        });
    }

    private static Command Match(Shell shell)
    {
        var source = new Argument<string>("FILE|PRODUCT") { Description = "A file of a table, or a product's id." };
        var field = new Option<string?>("--field")
        {
            Description = "Only elements of this field, and of those that all have.",
            HelpName = "FIELD",
        };
        var output = new Option<string?>("-o", "--output")
        {
            Description = "Writes a draft of a data contract with the meanings and rules of what is proposed.",
            HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "match",
            "Proposes which elements the columns of a table hold, with a confidence from 0 to 1 and the reasons.",
            "millrace fields match trips.csv",
            "millrace fields match trips.csv --field transport -o trips.yaml",
            "millrace fields match trips --as cta")
        {
            source, field, output,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var only = run.Value(field) is { } name ? Find(name).Field : null;
            var profile = await ProfileAsync(run, run.Value(source), cancel);
            var found = ColumnMatcher.Match(profile, only);
            PolicyCommands.Show(
                run, new FieldMatches(ColumnMatcher.CurrentRules, ColumnMatcher.Shown, found),
                CommandJson.Readable.FieldMatches, () => Render(run.Screen, found));
            if (run.Value(output) is { } path)
            {
                var title = Path.GetFileNameWithoutExtension(run.Value(source));
                OutputFile.Write(path, YamlText.Write(FieldContract.Of(title, profile, found)));
                run.Screen.Note($"Wrote {Path.GetFullPath(path)}");
            }
            return ExitCode.Done;
        });
    }

    private static Command Offer(Shell shell)
    {
        var field = new Argument<string>("FIELD") { Description = "The name of a pack." };
        var values = new Argument<string[]>("VALUE")
        {
            Description = "A blank of the pack's template as name=value.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string?>("-o", "--output")
        {
            Description = "Where the offer goes; else it is printed.",
            HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "offer",
            "Gives the terms that a field begins with as an offer to publish with. No node is needed.",
            "millrace fields offer science -o offer.json",
            "millrace fields offer transport until=2027-01-01 -o offer.json")
        {
            field, values, output,
        };
        return shell.Does(command, (run, _) =>
        {
            var pack = Find(run.Value(field));
            if (pack.Offer is not { } offer)
                throw CommandFailedException.BadInput(
                    $"The field {pack.Field} has no terms of its own; see millrace policy templates.");
            var filled = new Dictionary<string, string>(offer.Values);
            foreach (var (name, value) in PolicyTemplatesCommand.Pairs(run.Value(values))) filled[name] = value;
            return Task.FromResult(PolicyTemplatesCommand.Fill(run, offer.Template, filled, run.Value(output)));
        });
    }

    private static FieldPack Find(string name) => FieldPacks.Find(name) ?? throw CommandFailedException.BadInput(
        $"There is no field {name}; there are: {string.Join(", ", FieldPacks.All.Select(p => p.Field))}.");

    /// <summary>Of a file on the spot; of a product as its latest version has it.</summary>
    private static async Task<TableProfile> ProfileAsync(Run run, string source, CancellationToken cancel)
    {
        if (File.Exists(source))
        {
            using var table = await LocalTable.ReadAsync(source, cancel);
            return table.Profile;
        }
        InputFiles.CheckIsNoFile(source);
        var me = await run.ParticipantAsync(cancel);
        var product = await me.GetAsync($"products/{Uri.EscapeDataString(source)}", ApiJson.Wire.Product, cancel);
        return product.Value.Latest.Profile.Deserialize(CommandJson.Readable.TableProfile)!;
    }

    private static void Render(Screen screen, FieldPack pack, bool chinese)
    {
        screen.Line($"{(chinese ? pack.Title.Zh : pack.Title.En)}, version {pack.Version}");
        screen.Line();
        screen.Table(
            ["element", "term", "type", "unit", "source"],
            pack.Elements.Select(e => (string[])
            [
                e.Id, (chinese ? e.Zh : e.En).Term, JsonNamingPolicy.CamelCase.ConvertName($"{e.Type}"), e.Unit ?? "",
                string.Join("; ", e.Source),
            ]));
        screen.Line();
        foreach (var (name, title) in pack.Standards)
            screen.Line($"  {name}: {title}");
    }

    private static void Render(Screen screen, IReadOnlyList<MatchedColumn> columns)
    {
        screen.Table(
            ["column", "element", "term", "名称", "#confidence", "why"],
            columns.Select(c => c.Proposed is { } m
                ? (string[])
                [
                    c.Column, $"{m.Field}/{m.Element.Id}", m.Element.En.Term, m.Element.Zh.Term,
                    m.Confidence.ToString("0.00", CultureInfo.InvariantCulture), string.Join("; ", m.Reasons),
                ]
                : [c.Column, "", "", "", "", ""]));
        screen.Line();
        var known = columns.Count(c => c.Proposed is not null);
        screen.Line($"{known} of {columns.Count} columns are proposed to hold an element. Look before you rely on it.");
        var field = columns.Select(c => c.Proposed?.Field).FirstOrDefault(f => f is not (null or FieldPacks.Common));
        if (field is not null)
            screen.Line($"Terms to begin with: millrace fields offer {field}");
    }
}
