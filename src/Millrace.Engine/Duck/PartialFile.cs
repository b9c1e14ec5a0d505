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
        string sha256;
        await using (var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite))
        {
            sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
            bytes = file.Length;
            file.Flush(flushToDisk: true);
        }
        File.Move(Path, _target, overwrite: true);
        _kept = true;
        return (bytes, sha256);
    }

    public void Dispose()
    {
        if (!_kept) File.Delete(Path);
    }
}
