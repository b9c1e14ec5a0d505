using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Millrace.Node.Storage.Objects;

/// <summary>Objects as files <c>objects/ab/abcd…</c>. They stay for ever, so nothing needs to be held.</summary>
public sealed class FolderObjectStore(string dataFolder, IncomingFiles incoming) : IObjectStore
{
    /// <summary>The folder of the objects, in the data folder.</summary>
    public const string Objects = "objects";

    private readonly string _folder = Path.Combine(dataFolder, Objects);

    /// <summary>Files that had their digest, as they were then: one that has not changed is not read again.</summary>
    private readonly ConcurrentDictionary<string, (long Bytes, DateTime Written)> _whole = new();

    public string Place => "the data folder";

    public Task CheckAsync(CancellationToken cancel)
    {
        StoreMark.RequireNone(dataFolder);
        Directory.CreateDirectory(_folder);
        return Task.CompletedTask;
    }

    public string NewFile(string extension) => incoming.New(extension);

    public async Task PutAsync(string file, string sha256, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        if (File.Exists(path) && !await IsWholeAsync(path, sha256, cancel))
            File.Delete(path); // What comes now is whole.
        IncomingFiles.Keep(file, path);
        _whole[path] = Stamp(path);
    }

    public async Task<LocalFile> OpenAsync(string sha256, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        if (!File.Exists(path))
            throw ObjectStoreException.Gone(sha256, Place);
        return await IsWholeAsync(path, sha256, cancel)
            ? new LocalFile(path)
            : throw ObjectStoreException.Spoilt(sha256, Place);
    }

    private async Task<bool> IsWholeAsync(string path, string sha256, CancellationToken cancel)
    {
        var stamp = Stamp(path);
        if (_whole.TryGetValue(path, out var known) && known == stamp)
            return true;
        await using var file = File.OpenRead(path);
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)) != sha256)
            return false;
        _whole[path] = stamp;
        return true;
    }

    private static (long Bytes, DateTime Written) Stamp(string path)
    {
        var file = new FileInfo(path);
        return (file.Length, file.LastWriteTimeUtc);
    }

    private string PathOf(string sha256) => Path.Combine(_folder, IncomingFiles.NameOf(sha256));
}
