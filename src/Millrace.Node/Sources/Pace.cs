namespace Millrace.Node.Sources;

/// <summary>Lets so many rows through in a second, and no more.</summary>
/// <param name="rowsPerSecond">Null: as many as come.</param>
public sealed class Pace(int? rowsPerSecond, TimeProvider time)
{
    private const int StepsOfASecond = 10;

    public static readonly Pace None = new(null, TimeProvider.System);

    private readonly long _start = time.GetTimestamp();
    private readonly int _step = Math.Max(1, (rowsPerSecond ?? 0) / StepsOfASecond);
    private long _rows;

    /// <summary>Waits until a row is due.</summary>
    public async ValueTask NextAsync(CancellationToken cancel)
    {
        if (rowsPerSecond is not { } rate || ++_rows % _step != 0)
            return;
        var early = TimeSpan.FromSeconds((double)_rows / rate) - time.GetElapsedTime(_start);
        if (early > TimeSpan.Zero)
            await Task.Delay(early, time, cancel);
    }
}
