namespace Millrace.Node.Storage.Objects;

/// <summary>Objects as files <c>objects/ab/abcd…</c>. They stay for ever, so nothing needs to be held.</summary>
public sealed class FolderObjectStore(string dataFolder, IncomingFiles incoming) : IObjectStore
{
    /// <summary>The folder of the objects, in the data folder.</summary>
    public const string Objects = "objects";

    private readonly string _folder = Path.Combine(dataFolder, Objects);

    public string Place => "the data folder";

    public Task CheckAsync(CancellationToken cancel)
    {
        StoreMark.RequireNone(dataFolder);
        Directory.CreateDirectory(_folder);
        return Task.CompletedTask;
    }

    public string NewFile(string extension) => incoming.New(extension);

    public Task PutAsync(string file, string sha256, CancellationToken cancel)
    {
        IncomingFiles.Keep(file, PathOf(sha256));
        return Task.CompletedTask;
    }

    public Task<LocalFile> OpenAsync(string sha256, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        return File.Exists(path)
            ? Task.FromResult(new LocalFile(path))
            : throw ObjectStoreException.Gone(sha256, Place);
    }

    private string PathOf(string sha256) => Path.Combine(_folder, IncomingFiles.NameOf(sha256));
}
