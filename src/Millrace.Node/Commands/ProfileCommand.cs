using System.CommandLine;

namespace Millrace.Node.Commands;

/// <summary><c>millrace profile</c>: what files hold, column by column.</summary>
internal static class ProfileCommand
{
    private static readonly string[] _languages = ["en", "zh"];

    public static Command Create(Shell shell)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "A file of a table; several, with the same columns, are one table.",
            Arity = ArgumentArity.OneOrMore,
        };
        var html = new Option<bool>("--html")
        {
            Description = "Print one HTML document, drawn as in the portal, that needs no network and no script.",
        };
        var language = new Option<string?>("--language")
        {
            Description = "The language of the document; else that of LC_ALL, LC_MESSAGES or LANG.",
            HelpName = string.Join('|', _languages),
        };
        language.AcceptOnlyFromAmong(_languages);
        var command = new ExampleCommand(
            "profile",
            "Says what a table holds, column by column: missing and different values, ranges, histograms, frequent "
                + "values, shapes, gaps in dates, keys, languages, sensitive data; and which columns are a key or go "
                + "together. No node is needed. Of sensitive columns no value is told.",
            "millrace profile rides.csv",
            "millrace profile rides.csv --html > rides.html",
            "millrace profile rides-2024.parquet rides-2025.parquet --json")
        {
            files, html, language,
        };
        return shell.Does(command, async (run, cancel) =>
        {
            var (paths, isHtml) = (run.Value(files), run.Value(html));
            if (isHtml && run.Json)
                throw CommandFailedException.BadInput("A report is HTML or JSON: leave out --html or --json.");
            if (!isHtml && run.Value(language) is not null)
                throw CommandFailedException.BadInput("Only documents have a language: add --html.");
            var bytes = InputFiles.Check(paths).Sum(f => f.Bytes);
            if (!run.Json && !isHtml)
                await TellSoonAsync(run, paths[0], cancel);
            using var table = await run.Screen.WaitAsync(
                $"Reading and measuring {Wording.Size(bytes)}",
                () => LocalTable.ReadAsync(paths, cancel));
            var report = ProfileReport.Of(paths, table);
            if (isHtml)
            {
                run.Screen.Raw(await run.World.DrawReport(report, run.Value(language) ?? Usual(run.World)));
                return ExitCode.Done;
            }
            return PolicyCommands.Show(run, report, CommandJson.Readable.ProfileReport, () =>
            {
                foreach (var line in ProfileText.Lines(report))
                    run.Screen.Line(line);
            });
        });
    }

    /// <summary>The language that the surroundings ask for, as POSIX has it.</summary>
    private static string Usual(Surroundings world)
    {
        var asked = ((string[])["LC_ALL", "LC_MESSAGES", "LANG"]).Select(world.Variable)
            .FirstOrDefault(v => !string.IsNullOrEmpty(v));
        return _languages.FirstOrDefault(l => asked?.StartsWith(l, StringComparison.Ordinal) == true) ?? _languages[0];
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
