using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Node.Hosting;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Commands;

/// <summary><c>millrace policy templates</c>: the list, or an offer from one of them.</summary>
internal static class PolicyTemplatesCommand
{
    private static readonly JsonSerializerOptions _indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create(Shell shell)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "A template; without it, all are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var values = new Argument<string[]>("VALUE")
        {
            Description = "A blank of the template as name=value.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string?>("-o", "--output")
        {
            Description = "Where the offer goes; else it is printed.",
            HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "templates",
            "Lists the templates of offers, or fills one in. No node is needed.",
            "millrace policy templates",
            "millrace policy templates research until=2027-01-01 purpose=medical-research -o offer.json")
        {
            name, values, output,
        };
        return shell.Does(command, (run, _) => Task.FromResult(
            run.Value(name) is { } one ? Fill(run, one, Pairs(run.Value(values)), run.Value(output)) : List(run)));
    }

    private static int List(Run run)
    {
        IReadOnlyList<TemplateText> all =
        [
            .. PolicyTemplates.All.Select(t => new TemplateText(
                t.Name, t.English, t.Chinese,
                [.. t.Blanks.Select(b => new BlankText(b.Name, b.English, b.Chinese, b.Expected, b.Usual))])),
        ];
        return PolicyCommands.Show(run, all, CommandJson.Readable.IReadOnlyListTemplateText, () =>
        {
            foreach (var template in all)
            {
                run.Screen.Line($"{template.Name}: {template.Title} {template.TitleZh}");
                run.Screen.Facts([.. template.Blanks.Select(b => ($"{b.Name}=", (string?)Described(b)))]);
            }
        });
    }

    private static string Described(BlankText blank) => $"{blank.Title} ({blank.Expected}{blank.Usual switch
    {
        null => "",
        "" => "; left out if not said",
        var usual => $"; {usual} if not said",
    }})";

    /// <summary>Writes the offer of a template, or prints it where no file is named.</summary>
    internal static int Fill(Run run, string name, IReadOnlyDictionary<string, string> values, string? output)
    {
        if (PolicyTemplates.Find(name) is not { } template)
        {
            var names = string.Join(", ", PolicyTemplates.All.Select(t => t.Name));
            throw CommandFailedException.BadInput($"There is no template {name}; there are: {names}.");
        }
        if (template.Fill(values).Refused(out var refusal, out var offer))
            throw CommandFailedException.BadInput(refusal.Reason);
        var json = JsonObject.Create(Shown.Policy(offer))!;
        json.Remove("@id"); // The node that publishes it gives it one.
        var text = json.ToJsonString(_indented) + "\n";
        foreach (var unkept in PolicyCheck.Unkept(offer))
            run.Screen.Note($"It cannot be published yet: {unkept.Reason} ({unkept.Code}, rule {unkept.Rule})");
        if (output is null)
            run.Screen.Raw(text);
        else
            OutputFile.Write(output, text);
        return ExitCode.Done;
    }

    internal static Dictionary<string, string> Pairs(IReadOnlyList<string>? values)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var text in values ?? [])
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var value] || !pairs.TryAdd(name, value))
                throw CommandFailedException.BadInput($"{text} must be name=value, each name once.");
        return pairs;
    }
}
