using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node;
using Millrace.Node.Storage.Objects;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Objects;

/// <summary>A store of one kind in a folder of its own, without a node.</summary>
internal sealed class StoreWorld : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-objects-");
    private readonly Ids _ids = new(TimeProvider.System);
    private readonly List<S3Bucket> _buckets = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public Limits Limits { get; init; } = Limits.Default;

    public string Folder => _folder.FullName;

    /// <summary>What is left in the folder of unfinished files.</summary>
    public IEnumerable<string> Unfinished => Directory.EnumerateFileSystemEntries(In(IncomingFiles.Folder));

    public string In(string name) => Path.Combine(Folder, name);

    /// <summary>A cache over the folder as it is now.</summary>
    public FileCache Cache() => new(Folder, _ids, new Clock(Time, Limits));

    /// <param name="s3">Null: a folder.</param>
    public IObjectStore Store(S3Options? s3)
    {
        var incoming = new IncomingFiles(Folder, _ids);
        if (s3 is null)
            return new FolderObjectStore(Folder, incoming);
        var bucket = new S3Bucket(s3, new Clock(Time, Limits));
        _buckets.Add(bucket);
        return new S3ObjectStore(bucket, Cache(), incoming, Folder);
    }

    /// <param name="kind"><c>folder</c> or <c>s3</c>.</param>
    public async Task<IObjectStore> StoreAsync(string kind) =>
        Store(kind == "s3" ? await (await S3Server.OfRunAsync()).CreateBucketAsync() : null);

    /// <summary>A file to store, with its digest.</summary>
    public (string File, string Digest) Make(byte[] content)
    {
        var file = new IncomingFiles(Folder, _ids).New(".bin");
        File.WriteAllBytes(file, content);
        return (file, DigestOf(content));
    }

    public static string DigestOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static async Task<byte[]> ReadAsync(IObjectStore store, string digest)
    {
        using var file = await store.OpenAsync(digest, TestNode.Cancel);
        return await File.ReadAllBytesAsync(file.Path, TestNode.Cancel);
    }

    public void Dispose()
    {
        _buckets.ForEach(b => b.Dispose());
        _folder.Delete(recursive: true);
    }
}
