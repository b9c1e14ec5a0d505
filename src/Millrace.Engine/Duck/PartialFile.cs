using System.Security.Cryptography;

namespace Millrace.Engine.Duck;

/// <summary>A file that appears under its name only when it is whole. Disposed before: nothing is left.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _target;
    private bool _kept;

    public PartialFile(string target)
    {
        _target = System.IO.Path.GetFullPath(target);
        Path = $"{_target}.{System.IO.Path.GetRandomFileName()}.partial";
        Directory.CreateDirectory(Check.NotNull(System.IO.Path.GetDirectoryName(_target)));
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>Makes the bytes durable, hashes them and gives the file its name.</summary>
    public async Task<(long Bytes, string Sha256)> KeepAsync(CancellationToken cancel)
    {
        long bytes;
        byte[] sha256;
        await using (var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite))
        {
            var flushing = Task.Run(() => RandomAccess.FlushToDisk(file.SafeFileHandle), CancellationToken.None);
            var hashing = SHA256.HashDataAsync(file, cancel).AsTask();
            await Task.WhenAll(flushing, hashing);
            (bytes, sha256) = (file.Length, await hashing);
        }
        File.Move(Path, _target, overwrite: true);
        _kept = true;
        return (bytes, Convert.ToHexStringLower(sha256));
    }

    public void Dispose()
    {
        if (!_kept) File.Delete(Path);
    }
}
