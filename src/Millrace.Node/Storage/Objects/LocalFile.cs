namespace Millrace.Node.Storage.Objects;

/// <summary>A file that stays where it is until this is disposed; disposing it again does nothing.</summary>
/// <param name="hold">Holds the file once more, until its answer is run; null: it stays as it is.</param>
public sealed class LocalFile(string path, Func<Action>? hold = null) : IDisposable
{
    private Action? _release = hold?.Invoke();

    public string Path => path;

    /// <summary>The same file, held for someone else. Only while this is not disposed.</summary>
    public LocalFile Again() => new(path, hold);

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
