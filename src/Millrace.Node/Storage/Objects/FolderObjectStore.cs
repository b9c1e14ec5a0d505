using Millrace.Protocol;

namespace Millrace.Node.Storage.Objects;

/// <summary>Objects as files <c>objects/ab/abcd…</c>; unfinished ones in <c>incoming/</c>, which is
/// emptied when a node takes the folder.</summary>
public sealed class FolderObjectStore : IObjectStore
{
    /// <summary>Files that are not yet objects.</summary>
    public const string Incoming = "incoming";

    private readonly string _objects;
    private readonly string _incoming;
    private readonly Ids _ids;

    public FolderObjectStore(string folder, Ids ids)
    {
        _ids = ids;
        _objects = Directory.CreateDirectory(Path.Combine(folder, "objects")).FullName;
        _incoming = Directory.CreateDirectory(Path.Combine(folder, Incoming)).FullName;
    }

    public string NewFile(string extension) => Path.Combine(_incoming, $"{_ids.New()}{extension}");

    public Task PutAsync(string file, string sha256, CancellationToken cancel)
    {
        var target = PathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        // The content must be on the disk before its name is, or a loss of power could leave an empty object.
        using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(handle);
        if (File.Exists(target))
            File.Delete(file);
        else
            File.Move(file, target);
        return Task.CompletedTask;
    }

    public Task<string> LocalAsync(string sha256, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        return File.Exists(path)
            ? Task.FromResult(path)
            : throw new FileNotFoundException($"The object {sha256} is not in the store.");
    }

    private string PathOf(string sha256)
    {
        Check.That(sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower), "an object is named by its SHA-256");
        return Path.Combine(_objects, sha256[..2], sha256);
    }
}
