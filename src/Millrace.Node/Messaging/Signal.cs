namespace Millrace.Node.Messaging;

/// <summary>
/// Wakes whoever waits for something of a participant to move on: a process, by its pid, or the log. It carries no
/// news: a woken waiter reads the state again, and reads it now and then anyway, since another node over the same
/// database may have moved it.
/// </summary>
public sealed class Signal(TimeProvider time)
{
    /// <summary>The subject of those who follow a log.</summary>
    public const string Log = "log";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Participant, string Subject), Waiting> _waiting = [];

    public void Raise(string participant, string subject)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue((participant, subject), out var waiting))
                waiting.Raise();
        }
    }

    /// <summary>Reads until the value has settled or the time is over; answers what was read last.</summary>
    public async Task<T> WaitAsync<T>(
        string participant, string subject, Func<Task<T>> read, Func<T, bool> settled, TimeSpan atMost,
        CancellationToken cancel)
    {
        var end = time.GetUtcNow() + atMost;
        var waiting = Enter((participant, subject));
        try
        {
            while (true)
            {
                var next = waiting.Next; // Taken before the reading: a change in between is not missed.
                var value = await read();
                var left = end - time.GetUtcNow();
                if (settled(value) || left <= TimeSpan.Zero)
                    return value;
                try
                {
                    await next.WaitAsync(left < LookAgain ? left : LookAgain, time, cancel);
                }
                catch (TimeoutException)
                {
                    // Look again.
                }
            }
        }
        finally
        {
            Leave((participant, subject), waiting);
        }
    }

    private Waiting Enter((string, string) key)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(key, out var waiting))
                _waiting.Add(key, waiting = new Waiting());
            waiting.Count++;
            return waiting;
        }
    }

    private void Leave((string, string) key, Waiting waiting)
    {
        lock (_gate)
        {
            if (--waiting.Count == 0)
                _waiting.Remove(key);
        }
    }

    /// <summary>Those who wait for the same.</summary>
    private sealed class Waiting
    {
        private TaskCompletionSource _next = New();

        public int Count { get; set; }

        public Task Next => Volatile.Read(ref _next).Task;

        public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
