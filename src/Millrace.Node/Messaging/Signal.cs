namespace Millrace.Node.Messaging;

/// <summary>
/// Wakes whoever waits for a process to move on. It carries no news: a woken waiter reads the state again, and reads
/// it now and then anyway, since another node over the same database may have moved it.
/// </summary>
public sealed class Signal(TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Raise() =>
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Reads until the value has settled or the time is over; answers what was read last.</summary>
    public async Task<T> WaitAsync<T>(
        Func<Task<T>> read, Func<T, bool> settled, TimeSpan atMost, CancellationToken cancel)
    {
        var end = time.GetUtcNow() + atMost;
        while (true)
        {
            var next = Volatile.Read(ref _next).Task; // Taken before the reading: a change in between is not missed.
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
}
