using System.Security.Cryptography;

namespace Millrace.Node.Storage.Objects;

/// <summary>
/// Objects in a bucket, as <c>objects/ab/abcd…</c>. They are read from local copies in the <see cref="FileCache"/>;
/// a copy is made only of what arrived whole, with the digest that it is named by.
/// </summary>
public sealed class S3ObjectStore(S3Bucket bucket, FileCache cache, IncomingFiles incoming, string dataFolder)
    : IObjectStore
{
    private readonly SingleFlight<string> _fetching = new();

    public string Place => bucket.Place;

    public async Task CheckAsync(CancellationToken cancel)
    {
        var nothing = incoming.New(".check");
        var digest = Convert.ToHexStringLower(SHA256.HashData([]));
        try
        {
            await File.WriteAllBytesAsync(nothing, [], cancel);
            await bucket.PutAsync(KeyOf(digest), nothing, cancel);
            await bucket.GetAsync(KeyOf(digest), digest, nothing, cancel);
        }
        finally
        {
            File.Delete(nothing);
        }
        StoreMark.Require(dataFolder, Place);
    }

    public string NewFile(string extension) => incoming.New(extension);

    public async Task PutAsync(string file, string sha256, CancellationToken cancel)
    {
        if (!await bucket.HasAsync(KeyOf(sha256), new FileInfo(file).Length, cancel))
            await bucket.PutAsync(KeyOf(sha256), file, cancel);
        cache.Keep(file, sha256).Dispose(); // What was just written is the likeliest to be read.
    }

    public async Task<LocalFile> OpenAsync(string sha256, CancellationToken cancel)
    {
        var key = KeyOf(sha256);
        return cache.Find(sha256)
            ?? (await _fetching.JoinAsync(sha256, () => FetchAsync(key, sha256), cancel)).File;
    }

    private async Task<(string, LocalFile)> FetchAsync(string key, string sha256)
    {
        var unfinished = incoming.New(".object");
        try
        {
            await bucket.GetAsync(key, sha256, unfinished, CancellationToken.None);
            return (key, cache.Keep(unfinished, sha256));
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static string KeyOf(string sha256) => $"objects/{IncomingFiles.NameOf(sha256)}";
}
