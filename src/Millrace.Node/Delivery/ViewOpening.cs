namespace Millrace.Node.Delivery;

/// <summary>A view that is being opened: it is there already, or it is being built.</summary>
/// <param name="View">Whoever waits for it disposes what it gives.</param>
/// <param name="Done">How far its building is, from 0 to 1.</param>
public sealed record ViewOpening(Task<GovernedFile> View, Func<double> Done)
{
    /// <summary>Whether it is open within that time. Else it is let go, and goes on being built.</summary>
    public async Task<bool> IsOpenWithinAsync(TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        if (await Task.WhenAny(View, Task.Delay(patience, time, cancel)) == View)
            return true;
        _ = LetGoAsync();
        return false;
    }

    private async Task LetGoAsync()
    {
        try
        {
            (await View).Dispose();
        }
        catch (Exception)
        {
            // Whoever asks again is told.
        }
    }
}
