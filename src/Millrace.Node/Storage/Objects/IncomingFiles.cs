using Millrace.Protocol;

namespace Millrace.Node.Storage.Objects;

/// <summary>Files that are not yet what they are to become. Their folder is emptied when a node takes it.</summary>
public sealed class IncomingFiles(string dataFolder, Ids ids)
{
    public const string Folder = "incoming";

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(dataFolder, Folder)).FullName;

    /// <summary>A path for a new file.</summary>
    public string New(string extension) => Path.Combine(_folder, $"{ids.New()}{extension}");

    /// <summary>Gives a file its final name. What is there under that name has the same content, and stays.</summary>
    public static void Keep(string file, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        // The content must be on the disk before its name is, or a loss of power could leave an empty object.
        using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(handle);
        if (File.Exists(target))
            File.Delete(file);
        else
            File.Move(file, target, overwrite: true); // Someone else may have brought the same by now.
    }

    /// <summary><c>ab/abcd…</c>: no folder gets too many files.</summary>
    public static string NameOf(string sha256)
    {
        Check.That(sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower), "an object is named by its SHA-256");
        return $"{sha256[..2]}/{sha256}";
    }
}
