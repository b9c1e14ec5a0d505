namespace Millrace.Tests.Architecture;

/// <summary>A text file of this repository.</summary>
/// <param name="Path">From the root of the repository, with forward slashes.</param>
/// <param name="Text">Its content as it is, line ends included.</param>
public sealed record SourceFile(string Path, string Text)
{
    /// <summary>Its lines without line ends; the empty one after the last line end is none.</summary>
    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    public string Extension => System.IO.Path.GetExtension(Path);
}

/// <summary>The files of the repository that the tests run in.</summary>
public static class SourceTree
{
    private static readonly string[] _foreignFolders = [".git", "artifacts", "node_modules", "bin", "obj"];

    private static readonly string[] _textExtensions =
    [
        "", ".cs", ".razor", ".sql", ".css", ".js", ".json", ".md", ".sh", ".props", ".csproj", ".slnx", ".csv", ".txt",
    ];

    /// <summary>The folder of the solution: the nearest one above the test program that holds it.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every text file, read once.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. Read(Root, "")];

    public static SourceFile Get(string path) => Files.Single(file => file.Path == path);

    private static IEnumerable<SourceFile> Read(string folder, string prefix)
    {
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            if (_textExtensions.Contains(Path.GetExtension(path)))
                yield return new SourceFile(prefix + Path.GetFileName(path), File.ReadAllText(path));
        foreach (var inner in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            if (Path.GetFileName(inner) is var name && !_foreignFolders.Contains(name)
                && !name.EndsWith("-data", StringComparison.Ordinal)) // What a node keeps when it is tried out here.
                foreach (var file in Read(inner, $"{prefix}{name}/"))
                    yield return file;
    }

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Millrace.slnx"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder)
                       ?? throw new InvalidOperationException("The tests do not run inside the repository."));
}
