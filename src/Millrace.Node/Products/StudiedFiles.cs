using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Products;

/// <summary>The files of a table that is studied, opened one by one, when they are needed.</summary>
internal sealed class StudiedFiles(IObjectStore objects, TableToStudy table) : IDisposable
{
    private readonly LocalFile?[] _opened = new LocalFile?[table.Kept.Count];

    public int Count => table.Kept.Count + (table.Added is null ? 0 : 1);

    public string Sha256(int i) => i < table.Kept.Count ? table.Kept[i].Sha256 : table.AddedSha256!;

    /// <summary>The local path of a file, which stays until this is disposed.</summary>
    public async Task<string> OpenAsync(int i, CancellationToken cancel) =>
        i == table.Kept.Count
            ? table.Added!
            : (_opened[i] ??= await objects.OpenAsync(table.Kept[i].Sha256, cancel)).Path;

    public async Task<IReadOnlyList<string>> OpenAllAsync(CancellationToken cancel)
    {
        var paths = new List<string>();
        for (var i = 0; i < Count; i++)
            paths.Add(await OpenAsync(i, cancel));
        return paths;
    }

    public void Dispose()
    {
        foreach (var file in _opened)
            file?.Dispose();
    }
}
