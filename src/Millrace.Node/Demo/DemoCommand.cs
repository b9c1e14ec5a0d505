using System.CommandLine;
using Millrace.Engine.Analysis;
using Millrace.Engine.Duck;
using Millrace.Node.Commands;

namespace Millrace.Node.Demo;

/// <summary><c>millrace demo</c>: the main job over two nodes, step by step.</summary>
internal static class DemoCommand
{
    private const int HoldersPort = 8080;
    private const int AnalystsPort = 8081;

    public static Command Create(Shell shell)
    {
        var once = new Option<bool>("--once") { Description = "End after the last step." };
        var keep = new Option<string?>("--keep")
        {
            Description = "A new folder to keep everything in; else it is gone at the end.",
            HelpName = "DIR",
        };
        var command = new ExampleCommand(
            "demo",
            "Starts two nodes and does the main job over them: from three raw tables to one answer, under contracts.",
            "millrace demo", "millrace demo --once --keep chicago")
        {
            once, keep,
        };
        return shell.Does(command, async (run, cancel) =>
        {
            var kept = run.Value(keep) is { } wanted ? NewFolder(wanted) : null;
            var folder = kept ?? Directory.CreateTempSubdirectory("millrace-demo-").FullName;
            try
            {
                await RunAsync(run, folder, run.Value(once), cancel);
                return ExitCode.Done;
            }
            catch (DemoFailedException failed)
            {
                throw CommandFailedException.Refused("demo-failed", failed.Message);
            }
            finally
            {
                if (kept is null)
                    Directory.Delete(folder, recursive: true);
            }
        });
    }

    private static async Task RunAsync(Run run, string folder, bool once, CancellationToken cancel)
    {
        var (screen, time) = (run.Screen, run.World.Time);
        screen.Line("Two nodes start, each with its own folder, keys and database.");
        await using var holders = await DemoNode.StartAsync(Path.Combine(folder, "holders"), HoldersPort, time, cancel);
        await using var analysts =
            await DemoNode.StartAsync(Path.Combine(folder, "analysts"), AnalystsPort, time, cancel);
        screen.Facts(
            ("holders", $"{Address(holders)} (process {holders.ProcessId}), portal {holders.Portal}"),
            ("analysts", $"{Address(analysts)} (process {analysts.ProcessId}), portal {analysts.Portal}"),
            ("folder", folder));

        using var duck = new DuckPool(
            new EngineOptions(Path.Combine(folder, "work"), MemoryMegabytes: 1024, JobsMax: 1));
        var space = new ChicagoSpace(holders, analysts, run.World, screen);
        await new ChicagoDemo(space, new LocalQuery(duck), folder, time, screen).RunAsync(cancel);
        screen.Line();
        screen.Line("Every step held.");
        if (once)
            return;
        screen.Line($"The nodes go on until Ctrl-C. Look around: {holders.Portal} and {analysts.Portal}");
        var ended = new TaskCompletionSource();
        await using var _ = cancel.Register(() => ended.TrySetResult());
        await ended.Task;
    }

    private static string Address(DemoNode node) => node.Address.GetLeftPart(UriPartial.Authority);

    private static string NewFolder(string path) =>
        Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()
            ? throw CommandFailedException.BadInput($"The folder {path} is not empty: name a new one.")
            : Directory.CreateDirectory(path).FullName;
}
