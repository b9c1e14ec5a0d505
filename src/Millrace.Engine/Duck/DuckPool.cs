using DuckDB.NET.Data;

namespace Millrace.Engine.Duck;

/// <summary>
/// The one gate to DuckDB in a process: it keeps all jobs together within <see cref="EngineOptions"/>. Each job gets a
/// fresh, hardened instance (about 10 ms) and a folder of its own; both are gone when it ends. Thread-safe.
/// </summary>
public sealed class DuckPool : IDisposable
{
    private readonly SemaphoreSlim _turns;

    /// <exception cref="ArgumentException">The options have mistakes; the message lists all.</exception>
    public DuckPool(EngineOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes)
            throw new ArgumentException(string.Join(" ", mistakes), nameof(options));
        Options = options with { TempDirectory = Path.GetFullPath(options.TempDirectory) };
        _turns = new SemaphoreSlim(options.JobsMax);
    }

    public EngineOptions Options { get; }

    public void Dispose() => _turns.Dispose();

    /// <summary>Runs a job in its turn, on a thread of the pool.</summary>
    /// <param name="files">Files outside of the job's folder that it may read and write.</param>
    internal async Task<T> RunAsync<T>(
        IReadOnlyList<string> files, Func<DuckSession, T> job, CancellationToken cancel,
        Action<DuckDBConnection>? prepare = null)
    {
        await _turns.WaitAsync(cancel);
        var folder = Path.Combine(Options.TempDirectory, $"job-{Environment.ProcessId}-{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(folder);
            return await Task.Run(
                () =>
                {
                    using var session = DuckSession.Open(Options, folder, files, prepare, cancel);
                    return job(session);
                },
                cancel);
        }
        finally
        {
            _turns.Release();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }
}
