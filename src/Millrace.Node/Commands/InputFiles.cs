using System.Text.Json;

namespace Millrace.Node.Commands;

/// <summary>A file to publish, looked at before anything is sent.</summary>
internal sealed record InputFile(string Path, string Name, long Bytes);

/// <summary>Checks of files before anything is begun; each failure is one sentence.</summary>
internal static class InputFiles
{
    private const int DepthMax = 64;

    /// <summary>Links are not followed: what they lead to was not named.</summary>
    private static readonly EnumerationOptions _everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static IReadOnlyList<InputFile> Check(IReadOnlyList<string> paths)
    {
        var files = paths.Select(Check).ToList();
        if (files.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw CommandFailedException.BadInput($"Two files are called {twice.Key}; within a product names differ.");
        return files;
    }

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

    /// <summary>A JSON object from a file, such as an ODRL offer.</summary>
    public static JsonElement ReadJson(string path)
    {
        Check(path);
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = DepthMax });
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw CommandFailedException.BadInput($"{path} must hold a JSON object.");
        }
        catch (JsonException e)
        {
            throw CommandFailedException.BadInput(
                $"{path} is not JSON, see line {e.LineNumber + 1}; or it nests deeper than {DepthMax}.");
        }
    }

    /// <summary>A file that is small by its nature, whole.</summary>
    public static byte[] Read(string path, int bytesMax) => Check(path).Bytes <= bytesMax
        ? File.ReadAllBytes(path)
        : throw CommandFailedException.BadInput($"{path} is larger than {bytesMax} bytes; is it another file?");

    private static InputFile Check(string path)
    {
        if (Directory.Exists(path))
            throw CommandFailedException.BadInput($"{path} is a folder; name the files in it one by one.");
        return Opened(path, Path.GetFileName(path)) is { Bytes: > 0 } file
            ? file
            : throw CommandFailedException.BadInput($"{path} is empty; make or export it again.");
    }

    private static InputFile Opened(string path, string name)
    {
        if (!File.Exists(path))
            throw CommandFailedException.BadInput($"{path} does not exist; check its name and folder.");
        try
        {
            using var file = File.OpenRead(path);
            return new InputFile(path, name, file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.BadInput($"{path} cannot be read: {e.Message}");
        }
    }
}
