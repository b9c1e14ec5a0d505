using System.Text;
using System.Text.Json;

namespace Millrace.Node.Commands;

/// <summary>A file to publish, looked at before anything is sent.</summary>
internal sealed record InputFile(string Path, string Name, long Bytes);

/// <summary>Checks of files before anything is begun; each failure is one sentence.</summary>
internal static class InputFiles
{
    private const int DepthMax = 64;

    private static readonly string[] _endings =
        [".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".arrow", ".xlsx", ".zip", ".gz"];

    /// <summary>An empty file is opened within much less.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Links are not followed: what they lead to was not named.</summary>
    private static readonly EnumerationOptions _everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>Refuses what is neither a file nor may be the id of a product: rides.csv, or a path.</summary>
    public static void CheckIsNoFile(string fileOrProduct)
    {
        var ending = Path.GetExtension(fileOrProduct);
        if (fileOrProduct.Contains('/') || fileOrProduct.Contains('\\')
            || _endings.Contains(ending, StringComparer.OrdinalIgnoreCase))
            throw Missing(fileOrProduct);
    }

    private static CommandFailedException Missing(string path) =>
        CommandFailedException.BadInput($"{path} does not exist; check its name and folder.");

    public static IReadOnlyList<InputFile> Check(IReadOnlyList<string> paths)
    {
        var files = paths.Select(Check).ToList();
        if (files.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw CommandFailedException.BadInput($"Two files are called {twice.Key}; within a product names differ.");
        return files;
    }

    /// <summary>
    /// Files of a table, and those in folders, as if they were named one by one; none that is hidden.
    /// </summary>
    public static IReadOnlyList<InputFile> OfTable(IReadOnlyList<string> paths) =>
        Check([.. paths.SelectMany(path => Directory.Exists(path) ? Within(path) : [path])]);

    /// <summary>Files of any kind, and all files below folders, each named by its place there.</summary>
    public static IReadOnlyList<InputFile> Collect(IReadOnlyList<string> paths)
    {
        var files = paths.SelectMany(path => Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", _everything)
                .Order(StringComparer.Ordinal)
                .Select(file => Opened(
                    file, Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/')))
            : [Opened(path, Path.GetFileName(path))]).ToList();
        if (files.Count == 0)
            throw CommandFailedException.BadInput($"{paths[0]} holds no file.");
        if (files.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw CommandFailedException.BadInput($"Two files are called {twice.Key}; within a product names differ.");
        return files;
    }

    /// <summary>A JSON object from a file, such as an ODRL offer. It may be a pipe.</summary>
    public static JsonElement ReadJson(string path)
    {
        ReadOnlyMemory<byte> text = Read(path, Limits.Default.RequestBytesMax);
        if (text.Span.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..]; // Editors on Windows put it there.
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = DepthMax });
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
                throw CommandFailedException.BadInput($"{path} must hold a JSON object.");
            return Twice(document.RootElement, "") is { } twice
                ? throw CommandFailedException.BadInput($"{path} has {twice} twice; leave one of them out.")
                : document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw CommandFailedException.BadInput(
                $"{path} is not JSON, see line {e.LineNumber + 1}; or it nests deeper than {DepthMax}.");
        }
    }

    /// <summary>A file that is small by its nature, whole. It may be a pipe, which can be read only once.</summary>
    public static byte[] Read(string path, int bytesMax)
    {
        using var file = Open(path);
        var bytes = new byte[bytesMax + 1];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read > bytesMax)
            throw CommandFailedException.BadInput($"{path} is larger than {bytesMax} bytes; is it another file?");
        return read > 0 ? bytes[..read] : throw Empty(path);
    }

    private static IReadOnlyList<string> Within(string folder)
    {
        List<string> Seen(IEnumerable<string> entries) =>
            [.. entries.Where(e => Path.GetFileName(e)[0] != '.').Order(StringComparer.Ordinal)];
        // A part of a table that is left out must not go unnoticed.
        if (Seen(Directory.EnumerateDirectories(folder)) is [var inner, ..])
            throw CommandFailedException.BadInput(
                $"{folder} has a folder in it, {Path.GetFileName(inner)}, whose files would be left out: name the "
                + "folders and files of the table one by one, or give --files for a product of files.");
        return Seen(Directory.EnumerateFiles(folder)) is { Count: > 0 } files
            ? files
            : throw CommandFailedException.BadInput($"{folder} holds no file.");
    }

    private static InputFile Check(string path) =>
        Opened(path, Path.GetFileName(path)) is { Bytes: > 0 } file ? file : throw Empty(path);

    private static InputFile Opened(string path, string name)
    {
        // A pipe that nobody writes to keeps whoever opens it waiting.
        if (new FileInfo(path) is { Exists: true, Length: 0 }
            && Task.WaitAny([Task.Run(() => Open(path).Dispose())], _patience) < 0)
        {
            throw IsPipe(path);
        }
        using var file = Open(path);
        return file.CanSeek ? new InputFile(path, name, file.Length) : throw IsPipe(path);
    }

    private static CommandFailedException IsPipe(string path) =>
        CommandFailedException.BadInput($"{path} is a pipe; save what comes out of it as a file.");

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw CommandFailedException.BadInput($"{path} is a folder; name the files in it one by one.");
        if (!File.Exists(path))
            throw Missing(path);
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.BadInput($"{path} cannot be read: {e.Message}");
        }
    }

    private static CommandFailedException Empty(string path) =>
        CommandFailedException.BadInput($"{path} is empty; make or export it again.");

    /// <summary>The place of the first member that its object has twice: nobody could say which one counts.</summary>
    private static string? Twice(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Array)
            return json.EnumerateArray().Select((item, i) => Twice(item, $"{path}[{i}]"))
                .FirstOrDefault(twice => twice is not null);
        if (json.ValueKind != JsonValueKind.Object)
            return null;
        var names = new HashSet<string>();
        foreach (var member in json.EnumerateObject())
        {
            var place = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!names.Add(member.Name))
                return place;
            if (Twice(member.Value, place) is { } within)
                return within;
        }
        return null;
    }
}
