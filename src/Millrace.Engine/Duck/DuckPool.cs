using DuckDB.NET.Data;

namespace Millrace.Engine.Duck;

/// <summary>
/// The one gate to DuckDB in a process: it keeps all jobs together within <see cref="EngineOptions"/>. Each job gets a
/// fresh, hardened instance and a folder of its own; both are gone after it. Thread-safe.
/// </summary>
/// <remarks>
/// Opening an instance takes some 10 ms and closing it as long, much of a small job: one stands open for the next job,
/// and nobody who waits for a job's answer waits for its closing.
/// </remarks>
public sealed class DuckPool : IDisposable
{
    private const long LitterMax = 64L << 20;

    private readonly SemaphoreSlim _turns;
    private readonly Lock _lock = new();
    private DuckDBConnection? _ready;
    private Task _closing = Task.CompletedTask;
    private bool _isDisposed;

    /// <exception cref="ArgumentException">The options have mistakes; the message lists all.</exception>
    public DuckPool(EngineOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes)
            throw new ArgumentException(string.Join(" ", mistakes), nameof(options));
        Options = options with { TempDirectory = Path.GetFullPath(options.TempDirectory) };
        _turns = new SemaphoreSlim(options.JobsMax);
    }

    public EngineOptions Options { get; }

    /// <summary>For when no job runs any more.</summary>
    public void Dispose()
    {
        lock (_lock) _isDisposed = true;
        _closing.Wait();
        _ready?.Dispose();
        _turns.Dispose();
    }

    /// <summary>Runs a job in its turn, on a thread of the pool.</summary>
    /// <param name="files">Files outside of the job's folder that it may read and write.</param>
    /// <param name="threads">Null: as many as each job has.</param>
    internal async Task<T> RunAsync<T>(
        IReadOnlyList<string> files, Func<DuckSession, T> job, CancellationToken cancel,
        Action<DuckDBConnection>? prepare = null, int? threads = null)
    {
        var options = Options with { Threads = threads ?? Options.Threads };
        await _turns.WaitAsync(cancel);
        var folder = Path.Combine(Options.TempDirectory, $"job-{Environment.ProcessId}-{Path.GetRandomFileName()}");
        DuckSession? session = null;
        var before = GC.GetTotalAllocatedBytes();
        try
        {
            Directory.CreateDirectory(folder);
            return await Task.Run(
                () => job(session = DuckSession.Open(TakeReady(), options, folder, files, prepare, cancel)), cancel);
        }
        finally
        {
            Discard(folder);
            lock (_lock) _closing = Task.WhenAll(_closing, Task.Run(() => Close(session, before)));
        }
    }

    /// <summary>
    /// As <see cref="RunAsync"/>, but failures of files and disks come as an <see cref="EngineException"/> too.
    /// </summary>
    internal async Task<T> ExplainedAsync<T>(
        IReadOnlyList<string> files, Func<DuckSession, T> job, CancellationToken cancel,
        Action<DuckDBConnection>? prepare = null)
    {
        try
        {
            return await RunAsync(files, job, cancel, prepare);
        }
        catch (Exception e) when (e is not EngineException && Failures.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>What cannot be deleted now, a start of the node deletes; no job fails for it.</summary>
    private static void Discard(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The turn is given back when the memory is, and in any case.</summary>
    private void Close(DuckSession? session, long before)
    {
        try
        {
            session?.Dispose();
            GiveBack(before);
        }
        finally
        {
            _turns.Release();
        }
        MakeReady();
    }

    /// <summary>What a large job leaves would stay for as long as little else is done: nobody asks for room.</summary>
    /// <param name="before">What the process had allocated when the job began.</param>
    private static void GiveBack(long before)
    {
        if (GC.GetTotalAllocatedBytes() - before > LitterMax)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private DuckDBConnection TakeReady()
    {
        lock (_lock)
        {
            if (_ready is { } ready)
            {
                _ready = null;
                return ready;
            }
        }
        return DuckSession.NewInstance();
    }

    private void MakeReady()
    {
        lock (_lock)
        {
            if (_isDisposed || _ready is not null) return;
            try
            {
                _ready = DuckSession.NewInstance();
            }
            catch (DuckDBException)
            {
                // The next job opens its own, and says what is wrong.
            }
        }
    }
}
