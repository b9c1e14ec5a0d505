using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace quality show|verify|drift|fitness</c>: what is measured of products and files.</summary>
internal static class QualityCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "quality",
        "Quality: the report of a version shown and verified, what changed between versions, and fitness for AI.",
        "millrace quality show rides --as cta",
        "millrace quality verify rides --as cta",
        "millrace quality drift rides --as cta")
    {
        QualityShowCommand.Create(shell), Verify(shell), DriftCommand.Create(shell), FitnessCommand.Create(shell),
    };

    private static Command Verify(Shell shell)
    {
        var (product, version) = VersionOfProduct();
        var command = new ExampleCommand(
            "verify",
            "Computes profile, rules and score anew from the stored files and compares them with what is stored. Ends "
                + "with 1 where they differ.",
            "millrace quality verify rides --as cta",
            "millrace quality verify rides --version 3 --as cta")
        {
            product, version,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var query = run.Value(version) is { } number ? $"?version={number}" : "";
            var answer = await me.PostAsync(
                $"products/{Uri.EscapeDataString(run.Value(product))}/verification{query}", null,
                ApiJson.Wire.QualityVerification, cancel);
            run.Show(answer, v => Render(run.Screen, v));
            return answer.Value.Same ? ExitCode.Done : ExitCode.Refused;
        });
    }

    /// <summary>Which version of which product.</summary>
    internal static (Argument<string> Product, Option<int?> Version) VersionOfProduct() => (
        new Argument<string>("PRODUCT") { Description = "The id of a product." },
        new Option<int?>("--version")
        {
            Description = "The number of a version; else the latest.",
            HelpName = "N",
        }.Within(1, null));

    private static void Render(Screen screen, QualityVerification verified)
    {
        var what = $"Version {verified.Version} of {verified.Product}";
        if (verified.Same)
        {
            screen.Line(verified.SensitivityCompared
                ? $"{what}: profile, rules, score and sensitivity are what was published."
                : $"{what}: profile, rules and score are what was published. Its sensitivity was judged by earlier "
                    + "rules, which cannot be applied again.");
            return;
        }
        screen.Line($"{what} is not what was published:");
        screen.Table(
            ["path", "stored", "computed"],
            verified.Differences.Select(d => (string[])[d.Path, d.Stored ?? "", d.Computed ?? ""]));
    }
}
