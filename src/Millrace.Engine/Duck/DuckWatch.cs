using DuckDB.NET.Data;

namespace Millrace.Engine.Duck;

/// <summary>Looks how far a statement is while another thread runs it.</summary>
internal sealed class DuckWatch : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private readonly Timer _timer;

    public DuckWatch(DuckDBConnection connection, IProgress<double> progress) =>
        _timer = new Timer(
            _ =>
            {
                // Below 0 nothing is known: no statement runs, or its share cannot be told.
                if (connection.GetQueryProgress().Percentage is >= 0 and var percent)
                    progress.Report(Math.Min(percent / 100, 1));
            },
            null, _pause, _pause);

    /// <summary>Afterwards the connection is not looked at any more.</summary>
    public void Dispose()
    {
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended))
            ended.WaitOne();
    }
}
