using System.CommandLine;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;
using Millrace.Node.Messaging;

namespace Millrace.Node.Commands;

/// <summary><c>millrace read</c>: gets the governed data of an agreement into a file.</summary>
internal static class ReadCommand
{
    public static readonly string[] Formats = ["parquet", "csv", "jsonl", "arrow"];

    public static Command Create(Shell shell)
    {
        var agreement = new Argument<string>("AGREEMENT") { Description = "The id of an agreement." };
        var purpose = Text("--purpose", "PURPOSE", "What the data are for; signed and sent to the provider.");
        var project = Text("--project", "NAME", "The undertaking that this purpose belongs to.");
        var output = new Option<string>("--output", "-o")
        {
            Description = "The file to write; one that broke off is gone on with. With --sql, - or nothing prints.",
            HelpName = "FILE",
        };
        var format = Text("--format", string.Join('|', Formats), "The format; else the ending of FILE says it.");
        format.AcceptOnlyFromAmong(Formats);
        var sql = Text("--sql", "SELECT", "Only the answer to a query; the data are its table \"data\".");
        var files = new Option<bool>("--files")
        {
            Description = "The files of a collection, into the folder FILE; those that are there already stay.",
        };
        var at = Text("--at", "DID", "Ask this provider, for an agreement that your node does not hold.");
        var command = new ExampleCommand(
            "read",
            "Reads the data of an agreement, only what it allows, into a file, and checks that they arrived whole.",
            "millrace read 01JZ8Q --as analyst --purpose research --project storms -o rides.parquet",
            "millrace read 01JZ8Q --as analyst --purpose research --project storms -o rides.csv.gz",
            "millrace read 01JZ8Q --as analyst --purpose research --project storms "
                + "--sql \"SELECT day, count(*) AS rides FROM data GROUP BY day ORDER BY day\"",
            "millrace read 01JZ8Q --as analyst --purpose research --project storms --files -o photos")
        {
            agreement, purpose, project, output, format, sql, files, at,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var path = run.Value(output) ?? PrintedAnswer.Sign;
            if (path == PrintedAnswer.Sign && run.Value(sql) is null)
                throw CommandFailedException.BadInput("Name the file to write: -o FILE.");
            if (run.Value(files))
            {
                if (run.Value(sql) is not null || run.Value(format) is not null)
                    throw CommandFailedException.BadInput("Files come as they are: leave out --sql and --format.");
                await CollectionRead.RunAsync(
                    run,
                    new UnfinishedRead(
                        run.Value(agreement), run.Value(purpose), run.Value(project), "jsonl", "",
                        Provider: run.Value(at)),
                    path, cancel);
                return ExitCode.Done;
            }
            var (plain, coding) = Coding(path);
            var wanted = new UnfinishedRead(
                run.Value(agreement), run.Value(purpose), run.Value(project),
                PrintedAnswer.Format(run, run.Value(format), plain), "", Provider: run.Value(at), Sql: run.Value(sql),
                Coding: coding);
            if (coding is not null && (wanted.Sql is not null || wanted.Format is not ("csv" or "jsonl")))
                throw CommandFailedException.BadInput(
                    "Whole views as CSV and JSON Lines can be compressed; name the file without .gz or .zst.");
            var file = path == PrintedAnswer.Sign ? null : new UnfinishedFile(path);
            var me = await run.ParticipantAsync(cancel);
            if (file is null)
                await PrintedAnswer.PrintAsync(run, me, wanted, cancel);
            else
                Show(run, await ReadAsync(run, me, wanted, file, cancel));
            return ExitCode.Done;
        });
    }

    /// <summary>Says what was read, to a person or a program.</summary>
    public static void Show(Run run, ReadReport report)
    {
        if (run.Json)
            run.Screen.Raw(JsonSerializer.Serialize(report, CommandJson.Default.ReadReport));
        else
            Render(run.Screen, report);
    }

    /// <summary>Reads what is wanted into a file, and checks that it arrived whole.</summary>
    public static async Task<ReadReport> ReadAsync(
        Run run, ParticipantClient me, UnfinishedRead wanted, UnfinishedFile file, CancellationToken cancel)
    {
        var download = new Download(me, file, run.World.Time);
        var (read, resumed) = await BeginAsync(run, me, wanted, file, cancel);
        Task<DownloadResult> Get(UnfinishedRead from) => run.Screen.ProgressAsync(
            $"Reading {Path.GetFileName(file.Target)}", progress => download.RunAsync(from, progress, cancel));

        DownloadResult result;
        try
        {
            result = await Get(read);
        }
        catch (CommandFailedException refused) when (refused.Problem.Status is >= 400 and < 500)
        {
            file.Drop(); // What may not be read to the end is not kept in part.
            if (!resumed)
                throw;
            // The transfer of the earlier run may just be over; a new one tells whether reading is still allowed.
            result = await Get(read = await StartAsync(run, me, wanted, cancel));
        }
        var bytes = file.Bytes;
        var sha256 = await download.FinishAsync(result, cancel);
        if (result.Sha256 is null)
            run.Screen.Note("The provider sent no digest, so the file could not be verified.");
        await CompleteAsync(me, read.Transfer, cancel);
        return new ReadReport(
            read.Agreement, read.Transfer, file.Target, read.Format, bytes, Convert.ToHexStringLower(sha256),
            result.Sha256 is not null, result.Rows, result.Read);
    }

    /// <summary>The name without the ending that says how the file is to be compressed, and how.</summary>
    private static (string Plain, string? Coding) Coding(string path) => Path.GetExtension(path) switch
    {
        ".gz" => (path[..^3], "gzip"),
        ".zst" => (path[..^4], "zstd"),
        _ => (path, null),
    };

    /// <summary>The format that is named, else that of the file's ending.</summary>
    public static string Format(string? named, string path)
    {
        var ending = Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
        return named ?? (Formats.Contains(ending) ? ending : throw CommandFailedException.BadInput(
            $"{path} does not end in .{string.Join(", .", Formats)}; say the format with --format."));
    }

    /// <summary>Goes on with the transfer of an earlier run of the same command, or starts one.</summary>
    private static async Task<(UnfinishedRead Read, bool Resumed)> BeginAsync(
        Run run, ParticipantClient me, UnfinishedRead wanted, UnfinishedFile file, CancellationToken cancel)
    {
        if (file.Earlier() is { ETag: not null } earlier && earlier.IsFor(wanted))
        {
            run.Screen.Note($"Going on after {Wording.Size(file.Bytes)}.");
            return (earlier, true);
        }
        file.Drop();
        return (await StartAsync(run, me, wanted, cancel), false);
    }

    public static async Task<UnfinishedRead> StartAsync(
        Run run, ParticipantClient me, UnfinishedRead wanted, CancellationToken cancel)
    {
        var draft = new TransferDraft(
            wanted.Agreement, wanted.Purpose, wanted.Project, wanted.Provider,
            Format: wanted.Call is null ? null : DataFormats.HttpCall);
        return wanted with { Transfer = (await TransferStart.RunAsync(run, me, draft, cancel)).Id };
    }

    /// <summary>Tells the provider that all is had, so that the token is of no use to anybody any more.</summary>
    public static async Task CompleteAsync(ParticipantClient me, string transfer, CancellationToken cancel)
    {
        try
        {
            await me.PostAsync(
                $"transfers/{Uri.EscapeDataString(transfer)}/completion", null, ApiJson.Wire.Transfer, cancel);
        }
        catch (CommandFailedException)
        {
            // The data are here, whole: a transfer that stays open costs nothing.
        }
    }

    private static void Render(Screen screen, ReadReport report)
    {
        screen.Line($"Wrote {report.File}");
        screen.Facts(
            ("rows", report.Rows is { } rows ? Wording.Count(rows) : null),
            ("size", Wording.Size(report.Bytes)),
            ("sha256", report.Sha256 + (report.Verified ? ", as the provider says" : ", not verified")),
            ("read", report.Read));
    }

    private static Option<string?> Text(string name, string kind, string description) =>
        new(name) { Description = description, HelpName = kind };
}
