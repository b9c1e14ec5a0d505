using System.CommandLine;
using System.Globalization;
using Millrace.Engine.Supply.Fitness;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace quality fitness</c>: how fit a table is to train and test models on.</summary>
internal static class FitnessCommand
{
    public static Command Create(Shell shell)
    {
        var source = new Argument<string>("PRODUCT|FILE")
        {
            Description = "The id of a product, or a file of a table.",
        };
        var label = new Option<string?>("--label")
        {
            Description = "The column that says what a model is to learn; else the one that the contract names.",
            HelpName = "COLUMN",
        };
        var against = new Option<string?>("--against")
        {
            Description = "What models are tested on, to find copies of it: of a product another one, of a file "
                + "another file.",
            HelpName = "PRODUCT|FILE",
        };
        var command = new ExampleCommand(
            "fitness",
            "Measures how fit a table is for AI, apart from its quality: repeated and nearly repeated texts, balance "
                + "of labels, personal data, copies of a benchmark. A file needs no node.",
            "millrace quality fitness reviews --label stars --as shop",
            "millrace quality fitness reviews.csv --label stars --against test.csv")
        {
            source, label, against,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var (name, column, benchmark) = (run.Value(source), run.Value(label), run.Value(against));
            if (File.Exists(name))
            {
                using var table = await LocalTable.ReadAsync(name, cancel);
                using var other = benchmark is null ? null : await LocalTable.ReadAsync(benchmark, cancel);
                var report = await table.FitnessAsync(column, other, cancel);
                return PolicyCommands.Show(
                    run, report, CommandJson.Readable.FitnessReport, () => Render(run.Screen, report));
            }
            InputFiles.CheckIsNoFile(name);
            var me = await run.ParticipantAsync(cancel);
            var asked = new[] { Asked("label", column), Asked("against", benchmark) };
            var query = string.Join('&', asked.OfType<string>());
            var answer = await me.GetAsync(
                $"products/{Uri.EscapeDataString(name)}/fitness?{query}", ApiJson.Wire.ProductFitness, cancel);
            return run.Show(answer, fitness =>
            {
                run.Screen.Line($"{fitness.Product}, version {fitness.Version}");
                Render(run.Screen, fitness.Report);
            });
        });
    }

    private static void Render(Screen screen, FitnessReport report)
    {
        screen.Table(
            ["measure", "#as they should be", "#of", "#share", "rule", ""],
            report.Measures.Select(m => (string[])
            [
                m.Name, Number(m, m.A), Number(m, m.B), m.Ratio is { } ratio ? Share(ratio) : "–", m.RuleId,
                m.NotEvaluated ?? (m.OneIn is { } n ? $"of one text in {n}" : ""),
            ]));
        screen.Line();
        screen.Line(
            $"Fitness {Wording.Score(report.Total)}, apart from quality; {Share(report.Coverage)} of the measures were "
            + "evaluated.");
    }

    private static string Number(FitnessMeasure measure, double number) => measure.Ratio is null
        ? "" : number.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Share(double share) => share switch
    {
        > 0 and < 0.0001 => "< 0.01 %",
        > 0.9999 and < 1 => "> 99.99 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %"),
    };

    private static string? Asked(string name, string? value) =>
        value is null ? null : $"{name}={Uri.EscapeDataString(value)}";
}
