using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary>An answer that goes onto the screen instead of into a file.</summary>
internal static class PrintedAnswer
{
    /// <summary>The name that stands for the screen.</summary>
    public const string Sign = "-";

    /// <summary>Prints the answer once it is here whole, and is what the provider sent.</summary>
    public static async Task PrintAsync(
        Run run, ParticipantClient me, UnfinishedRead wanted, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("millrace-answer-");
        try
        {
            var path = Path.Combine(folder.FullName, "answer");
            await ReadCommand.ReadAsync(run, me, wanted, new UnfinishedFile(path), cancel);
            run.Screen.Raw(await File.ReadAllTextAsync(path, cancel));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The format that is named, else that of the file's ending, else one that can be printed.</summary>
    public static string Format(Run run, string? named, string path)
    {
        if (path != Sign)
            return ReadCommand.Format(named, path);
        return named switch
        {
            null => run.Json ? "jsonl" : "csv",
            "csv" or "jsonl" => named,
            _ => throw CommandFailedException.BadInput($"An answer in {named} goes into a file: name one with -o."),
        };
    }
}
