using System.CommandLine;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;

namespace Millrace.Node.Commands;

/// <summary>What a table holds, as <c>millrace profile</c> tells it.</summary>
/// <param name="Files">Their names, without folders.</param>
/// <param name="Withheld">The columns of which no value is told, for they are sensitive.</param>
internal sealed record ProfileReport(
    IReadOnlyList<string> Files, TableProfile Profile, IReadOnlyList<string> Withheld,
    ClassificationReport Classification)
{
    public static ProfileReport Of(IReadOnlyList<string> paths, LocalTable table)
    {
        var shown = ShownProfile.Of(table.Profile, table.Classification);
        return new ProfileReport(
            [.. paths.Select(p => Path.GetFileName(p))], shown.Profile, shown.Withheld, table.Classification);
    }
}

/// <summary><c>millrace profile</c>: what files hold, column by column.</summary>
internal static class ProfileCommand
{
    public static Command Create(Shell shell)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "A file of a table; several, with the same columns, are one table.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new ExampleCommand(
            "profile",
            "Says what a table holds, column by column: missing and different values, ranges, histograms, frequent "
                + "values, shapes, sensitive data. No node is needed. Of sensitive columns no value is told.",
            "millrace profile rides.csv",
            "millrace profile rides-2024.parquet rides-2025.parquet --json")
        {
            files,
        };
        return shell.Does(command, async (run, cancel) =>
        {
            var paths = run.Value(files);
            InputFiles.Check(paths);
            if (!run.Json)
                await TellSoonAsync(run, paths[0], cancel);
            using var table = await run.Screen.WaitAsync(
                $"Reading and measuring {Wording.Size(paths.Sum(p => new FileInfo(p).Length))}",
                () => LocalTable.ReadAsync(paths, cancel));
            var report = ProfileReport.Of(paths, table);
            return PolicyCommands.Show(run, report, CommandJson.Readable.ProfileReport, () =>
            {
                foreach (var line in ProfileText.Lines(report))
                    run.Screen.Line(line);
            });
        });
    }

    /// <summary>A large file takes its time: what its first rows hold, on the error output.</summary>
    private static async Task TellSoonAsync(Run run, string path, CancellationToken cancel)
    {
        using var head = await LocalTable.ReadHeadAsync(path, cancel);
        if (head is null)
            return;
        run.Screen.Note(
            $"PROVISIONAL: only the first {Wording.Count(head.Profile.Rows)} rows of {Path.GetFileName(path)}.");
        foreach (var line in ProfileText.Lines(ProfileReport.Of([path], head)))
            run.Screen.Note(line);
        run.Screen.Note("");
        run.Screen.Note("END OF THE PROVISIONAL RESULT. The whole table is being measured.");
    }
}
