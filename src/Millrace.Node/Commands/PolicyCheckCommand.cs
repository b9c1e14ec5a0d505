using System.CommandLine;
using System.Globalization;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Commands;

/// <summary><c>millrace policy check</c>: whether terms can be kept, and who could read what under them.</summary>
internal static class PolicyCheckCommand
{
    public static Command Create(Shell shell)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "An ODRL offer (JSON). With --product it may be left out: then the product's own terms are "
                + "tried.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var columns = Text("--columns", "LIST", "The table it is for, as name:type,name:type, to check against.");
        var source = Text("--derived-from", "FILE", "An agreement whose terms a derived product must keep.");
        var product = Text("--product", "ID", "Ask a node: who could read what of this product?");
        var participant = Text("--participant", "DID", "Who would read; else everybody of whom something is known.");
        var purpose = Text("--purpose", "NAME", "The purpose that would be signed.");
        var at = Text("--at", "TIME", "When; else now. A day like 2027-01-01, or a time with its zone.");
        var command = new ExampleCommand(
            "check",
            "Says what keeps an offer from being published; with --product, who could read what, and when. Ends with 1 "
                + "where it cannot be published, or where nobody could read.",
            "millrace policy check offer.json --columns id:integer,name:text",
            "millrace policy check --product rides --purpose research --at 2027-01-01 --as cta")
        {
            file, columns, source, product, participant, purpose, at,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var path = run.Value(file);
            if (run.Value(product) is not { } id)
                return Findings(
                    run, path ?? throw CommandFailedException.BadInput("Name a file, or a --product of the node."),
                    run.Value(columns), run.Value(source));
            var draft = new TrialDraft(
                run.Value(participant), run.Value(purpose), Moment(run.Value(at)),
                path is null ? null : Shown.Policy(PolicyFile.Read(path)));
            var me = await run.ParticipantAsync(cancel);
            var tried = await me.PostAsync(
                $"products/{Uri.EscapeDataString(id)}/trial", draft, ApiJson.Wire.TrialDraft, ApiJson.Wire.Trial,
                cancel);
            run.Show(tried, trial => Render(run.Screen, trial));
            return tried.Value.Answers.Any(a => a.Refusal is null) ? ExitCode.Done : ExitCode.Refused;
        });
    }

    private static int Findings(Run run, string path, string? columns, string? source)
    {
        var policy = PolicyFile.Read(path);
        var refusals = columns is null ? PolicyCheck.Unkept(policy) : PolicyCheck.Check(policy, Schema(columns));
        if (source is not null)
            refusals = [.. refusals, .. CarriedTerms.Lacking(PolicyFile.Read(source), policy)];
        var findings = new PolicyFindings(
            refusals.Count == 0, [.. refusals.Select(r => new RefusalInfo(r.Code, r.Reason, r.Rule))]);
        PolicyCommands.Show(run, findings, CommandJson.Readable.PolicyFindings, () =>
        {
            if (findings.Enforceable)
                run.Screen.Line("Every term can be kept: it may be published.");
            else
                run.Screen.Table(
                    ["rule", "code", "why it cannot be kept"],
                    findings.Findings.Select(f => (string[])[f.Rule ?? "", f.Code, f.Reason]));
        });
        return findings.Enforceable ? ExitCode.Done : ExitCode.Refused;
    }

    private static void Render(Screen screen, Trial trial)
    {
        screen.Line($"Who could read {trial.Product} at {Wording.Time(trial.At)}:");
        screen.Table(
            ["participant", "under", "answer", "sees", "left"],
            trial.Answers.Select(a => (string[])[a.Participant, $"{a.Under} {a.Terms}", Answer(a), Sees(a), Left(a)]));
    }

    private static string Answer(TrialAnswer answer) => answer.Refusal switch
    {
        null => $"yes, {answer.Permission}",
        { Rule: { } rule } no => $"no: {no.Reason} ({no.Code}, {rule})",
        var no => $"no: {no.Reason} ({no.Code})",
    };

    private static string Sees(TrialAnswer answer) => answer.Plan is { } plan
        ? $"{string.Join(", ", plan.Columns.Select(c => c.Mask is { } mask ? $"{c.Name} ({mask})" : c.Name))}; "
            + plan.Rows
        : "";

    private static string Left(TrialAnswer answer) => string.Join(", ", new[]
    {
        answer.ReadsLeft is { } reads ? $"{Wording.Count(reads)} reads" : null,
        answer.RowsLeft is { } rows ? $"{Wording.Count(rows)} rows" : null,
        answer.BytesLeft is { } bytes ? Wording.Size(bytes) : null,
    }.OfType<string>());

    private static TableSchema Schema(string columns) => new(
    [
        .. columns.Split(',').Select(text =>
            text.LastIndexOf(':') is > 0 and var at
            && Enum.TryParse<ColumnType>(text[(at + 1)..], ignoreCase: true, out var type) && Enum.IsDefined(type)
                ? new Column(text[..at], type)
                : throw CommandFailedException.BadInput(
                    $"{text} must be name:type, the type one of "
                    + $"{string.Join(", ", Enum.GetNames<ColumnType>()).ToLowerInvariant()}.")),
    ]);

    private static DateTimeOffset? Moment(string? text) =>
        text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw CommandFailedException.BadInput($"{text} is no time like 2027-01-01 or 2027-01-01T08:00:00Z.");

    private static Option<string?> Text(string name, string kind, string description) =>
        new(name) { Description = description, HelpName = kind };
}
