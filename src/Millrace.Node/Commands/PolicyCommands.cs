using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Node.Hosting;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Commands;

/// <summary>
/// <c>millrace policy explain|check|diff|templates|default|prove</c>: terms before anybody agrees to them.
/// </summary>
internal static class PolicyCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "policy",
        "Policies: what they say, whether they can be kept, how two differ, and templates to begin with.",
        "millrace policy explain offer.json")
    {
        Explain(shell), PolicyCheckCommand.Create(shell), Diff(shell), PolicyTemplatesCommand.Create(shell),
        PolicyDefaultCommand.Create(shell), PolicyProveCommand.Create(shell),
    };

    internal static Argument<string> File(string name, string description) => new(name) { Description = description };

    /// <summary>Prints for programs with <c>--json</c>, else for people.</summary>
    internal static int Show<T>(Run run, T answer, JsonTypeInfo<T> type, Action render)
    {
        if (run.Json)
            run.Screen.Raw(JsonSerializer.Serialize(answer, type));
        else
            render();
        return ExitCode.Done;
    }

    private static Command Explain(Shell shell)
    {
        var file = File("FILE", "An ODRL offer or agreement (JSON).");
        var chinese = new Option<bool>("--zh") { Description = "In Chinese." };
        var command = new ExampleCommand(
            "explain",
            "Says a policy in sentences, each with how far it reaches. No node is needed.",
            "millrace policy explain offer.json",
            "millrace policy explain offer.json --zh")
        {
            file, chinese,
        };
        return shell.Does(command, (run, _) =>
        {
            var policy = PolicyFile.Read(run.Value(file));
            var text = new PolicyText(
                policy.Kind == PolicyKind.Offer ? "offer" : "agreement", PolicyHash.Of(policy), Shown.Terms(policy));
            return Task.FromResult(Show(run, text, CommandJson.Readable.PolicyText, () =>
            {
                if (run.Value(chinese)) run.Screen.TermsZh(text.Terms);
                else run.Screen.Terms(text.Terms);
                run.Screen.Line();
                run.Screen.Facts(("terms", text.Hash));
            }));
        });
    }

    private static Command Diff(Shell shell)
    {
        var before = File("BEFORE", "An ODRL offer or agreement (JSON).");
        var after = File("AFTER", "Another one.");
        var chinese = new Option<bool>("--zh") { Description = "In Chinese." };
        var command = new ExampleCommand(
            "diff",
            "Says what one policy has and another lacks, and whether that widens or narrows the use. Order does not "
                + "count. No node is needed.",
            "millrace policy diff offer.json counter.json")
        {
            before, after, chinese,
        };
        return shell.Does(command, (run, _) =>
        {
            var changes = PolicyDifference.Between(
                PolicyFile.Read(run.Value(before)), PolicyFile.Read(run.Value(after)));
            var told = new PolicyChanges(changes.Count == 0,
            [
                .. changes.Select(c => new PolicyChange(
                    c.Added ? "added" : "removed", c.Effect == Effect.Widens ? "widens" : "narrows",
                    Shown.Term(c.Term), c.Rule is { } rule ? Shown.Term(rule) : null)),
            ]);
            return Task.FromResult(Show(
                run, told, CommandJson.Readable.PolicyChanges, () => Render(run.Screen, told, run.Value(chinese))));
        });
    }

    private static void Render(Screen screen, PolicyChanges told, bool chinese)
    {
        if (told.Same)
            screen.Line(chinese ? "两者条款相同。" : "Both say the same.");
        else if (chinese)
            screen.Table(["", "条款", "所属许可", "影响"], told.Changes.Select(c => (string[])
            [
                Sign(c), c.Term.TextZh, c.Rule?.TextZh ?? "", c.Effect == "widens" ? "放宽" : "收紧",
            ]));
        else
            screen.Table(["", "term", "of the permission", "use"], told.Changes.Select(c => (string[])
            [
                Sign(c), c.Term.Text, c.Rule?.Text ?? "", c.Effect,
            ]));
    }

    private static string Sign(PolicyChange change) => change.Change == "added" ? "+" : "-";
}
