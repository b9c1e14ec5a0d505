namespace Millrace.Node.Storage.Objects;

/// <summary>
/// Makes a file once for all who ask for it at the same time. The making goes on when one of them leaves. A failure is
/// for those who wait for it, and is not remembered. Thread-safe.
/// </summary>
/// <typeparam name="T">What is to be said of the file.</typeparam>
public sealed class SingleFlight<T>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>Waits for the making under way under that key, else begins one.</summary>
    /// <param name="make">
    /// Is begun before the caller goes on: until its first wait it may use what the caller holds.
    /// </param>
    /// <returns>The file is held for the caller alone.</returns>
    public async Task<(T Said, LocalFile File)> JoinAsync(
        string key, Func<Task<(T Said, LocalFile File)>> make, CancellationToken cancel)
    {
        Flight? flight;
        var isFirst = false;
        lock (_gate)
        {
            if (!_flights.TryGetValue(key, out flight))
            {
                isFirst = true;
                _flights.Add(key, flight = new Flight { Aboard = 1 }); // The making itself, until it has ended.
            }
            flight.Aboard++;
        }
        if (isFirst)
            _ = MakeAsync(key, flight, make);
        try
        {
            var (said, file) = await flight.Made.Task.WaitAsync(cancel);
            return (said, file.Again());
        }
        finally
        {
            Leave(flight);
        }
    }

    private async Task MakeAsync(string key, Flight flight, Func<Task<(T Said, LocalFile File)>> make)
    {
        try
        {
            flight.Made.SetResult(await make());
            Close(key);
        }
        catch (Exception e)
        {
            Close(key); // First: who has been told of the failure and tries anew must not be told of it again.
            flight.Made.SetException(e);
        }
        Leave(flight);
    }

    /// <summary>Who comes from now on begins a making of their own.</summary>
    private void Close(string key)
    {
        lock (_gate)
            _flights.Remove(key);
    }

    /// <summary>The last to leave gives up the file: all who came have it in their own name.</summary>
    private void Leave(Flight flight)
    {
        bool isLast;
        lock (_gate)
            isLast = --flight.Aboard == 0;
        if (isLast && flight.Made.Task.IsCompletedSuccessfully)
            flight.Made.Task.Result.File.Dispose();
    }

    private sealed class Flight
    {
        public TaskCompletionSource<(T Said, LocalFile File)> Made { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Aboard { get; set; }
    }
}
