using System.Security.Cryptography;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary>Gets the files of a collection into a folder: first their index, then each that is not there yet.</summary>
internal static class CollectionRead
{
    /// <param name="wanted">The agreement and purpose.</param>
    /// <param name="folder">Is made where it is missing; what is in it and not in the collection stays.</param>
    public static async Task RunAsync(Run run, UnfinishedRead wanted, string folder, CancellationToken cancel)
    {
        if (File.Exists(folder))
            throw CommandFailedException.BadInput($"{folder} is a file; name a folder to write the files into.");
        var me = await run.ParticipantAsync(cancel);
        var read = await ReadCommand.StartAsync(run, me, wanted, cancel);
        var files = await IndexAsync(run, me, read, cancel);
        var fetched = 0;
        await run.Screen.ProgressAsync($"Reading {files.Count} files", async progress =>
        {
            var (done, total) = (0L, files.Sum(f => f.Bytes));
            foreach (var file in files)
            {
                if (await FetchAsync(run, me, read, file, folder, cancel))
                    fetched++;
                progress.Report((done += file.Bytes, total));
            }
            return fetched;
        });
        await ReadCommand.CompleteAsync(me, read.Transfer, cancel);
        var report = new CollectionReport(
            read.Agreement, read.Transfer, Path.GetFullPath(folder), files.Count, files.Sum(f => f.Bytes), fetched);
        if (run.Json)
            run.Screen.Raw(JsonSerializer.Serialize(report, CommandJson.Default.CollectionReport));
        else
            Render(run.Screen, report);
    }

    /// <summary>What may be had, as the index of the contract shows it.</summary>
    private static async Task<List<IndexedFile>> IndexAsync(
        Run run, ParticipantClient me, UnfinishedRead read, CancellationToken cancel)
    {
        var temporary = Directory.CreateTempSubdirectory("millrace-index-");
        try
        {
            var file = new UnfinishedFile(Path.Combine(temporary.FullName, "index.jsonl"));
            var download = new Download(me, file, run.World.Time);
            await download.FinishAsync(await download.RunAsync(read, new Progress<Headway>(), cancel), cancel);
            var files = new List<IndexedFile>();
            foreach (var line in File.ReadLines(file.Target))
                files.Add(Read(line));
            return files;
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    /// <summary>The names are the provider's words: one that leads out of the folder is not followed.</summary>
    private static IndexedFile Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        string? Text(string name) =>
            json.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
                ? value.GetString()
                : null;
        if (Text("path") is not { } path || Text("sha256") is not { } sha256)
            throw CommandFailedException.Refused(
                "no-files", "The contract shows no files: its data have no path and sha256. Leave out --files.");
        if (!CollectionPath.IsPlain(path))
            throw CommandFailedException.Refused(
                "bad-name", $"The provider names a file {path}, which leads out of the folder. Nothing was written.");
        return new IndexedFile(path, "", Size(json.RootElement), sha256);
    }

    /// <summary>For the progress alone; a contract may hide it.</summary>
    private static long Size(JsonElement row) =>
        row.TryGetProperty("bytes", out var json) && json.ValueKind is JsonValueKind.Number
            && json.TryGetInt64(out var bytes) ? bytes : 0;

    /// <returns>Whether it was not there yet.</returns>
    private static async Task<bool> FetchAsync(
        Run run, ParticipantClient me, UnfinishedRead read, IndexedFile file, string folder, CancellationToken cancel)
    {
        var target = Path.Combine(folder, file.Path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Refused("cannot-write", $"{target} cannot be written: {e.Message}");
        }
        if (File.Exists(target) && await HashAsync(target, cancel) == file.Sha256)
            return false;
        var unfinished = new UnfinishedFile(target);
        unfinished.Drop();
        var download = new Download(me, unfinished, run.World.Time);
        var result = await download.RunAsync(
            read with { File = file.Path }, new Progress<Headway>(), cancel);
        var sha256 = Convert.ToHexStringLower(await download.FinishAsync(result, cancel));
        return sha256 == file.Sha256 ? true : throw CommandFailedException.Refused(
            "changed", $"{file.Path} is not the file of the index: a new version came meanwhile. Read again.");
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancel)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
    }

    private static void Render(Screen screen, CollectionReport report)
    {
        screen.Line($"Wrote {report.Folder}");
        screen.Facts(
            ("files", Wording.Count(report.Files)),
            ("size", Wording.Size(report.Bytes)),
            ("fetched now", Wording.Count(report.Fetched)));
    }
}
