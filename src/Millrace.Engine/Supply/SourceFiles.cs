using System.Security.Cryptography;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply;

/// <summary>What can be wrong with a file before and while it is read.</summary>
public static class SourceFiles
{
    /// <exception cref="SourceException">No file that can be read is there.</exception>
    internal static void Examine(string path)
    {
        var name = Path.GetFileName(path);
        if (Directory.Exists(path))
            throw new SourceException("is-directory", $"{name} is a folder; name the files inside it.");
        if (!File.Exists(path))
            throw new SourceException("missing-file", $"{name} is not there; check the path.");
        using var file = File.OpenRead(path);
        if (file.Length == 0) throw CsvSource.Empty(name);
    }

    /// <summary>What changes with a file, or with that which a link leads to, for the time that it is read.</summary>
    internal static (long Bytes, DateTime Written) Stamp(string path)
    {
        using var file = File.OpenHandle(path);
        return (RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
    }

    /// <param name="before">The <see cref="Stamp"/> of each, from before they were read.</param>
    /// <exception cref="SourceException">One has changed: what was read may be half of each.</exception>
    internal static void RequireUnchanged(IReadOnlyList<string> paths, IReadOnlyList<(long, DateTime)> before)
    {
        for (var i = 0; i < paths.Count; i++)
        {
            if (!File.Exists(paths[i]) || Stamp(paths[i]) != before[i])
                throw new SourceException(
                    "source-changed",
                    $"{Path.GetFileName(paths[i])} was changed while it was read: try again when it is complete.");
        }
    }

    /// <summary>A file as the manifest names it.</summary>
    public static SourceFile Described(string path, string name)
    {
        using var file = File.OpenRead(path);
        return new SourceFile(name, file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>A failure as the sentence that the caller gets; null when it is not about the source.</summary>
    internal static SourceException? Explain(Exception failure) => failure switch
    {
        SourceException known => known,
        _ when Failures.Explain(failure) is { } known => new SourceException(known.Code, known.Message),
        _ => null,
    };
}
