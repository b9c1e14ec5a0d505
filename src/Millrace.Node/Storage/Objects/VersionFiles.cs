using Millrace.Node.Storage.Records;

namespace Millrace.Node.Storage.Objects;

/// <summary>The files of a version, held while they are read.</summary>
internal sealed class VersionFiles : IDisposable
{
    private readonly List<LocalFile> _files = [];

    /// <summary>In the order of the version.</summary>
    public IReadOnlyList<string> Paths => [.. _files.Select(f => f.Path)];

    public async Task OpenAsync(IObjectStore objects, IReadOnlyList<FileRecord> files, CancellationToken cancel)
    {
        foreach (var file in files)
            _files.Add(await objects.OpenAsync(file.Sha256, cancel));
    }

    public void Dispose() => _files.ForEach(f => f.Dispose());
}
