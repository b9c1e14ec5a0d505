using Millrace.Node.Storage;

namespace Millrace.Node.Delivery;

/// <summary>
/// Ends reads whose time is over, and closes what a crash left: what was reserved for it stands.
/// </summary>
public sealed partial class ReadSweeper(Database database, OpenReads reads, Clock clock, ILogger<ReadSweeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Ends what is over now.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        var open = await database.ReadAsync(
            s => s.QueryAsync(
                "SELECT participant, id FROM read WHERE state = 'open' ORDER BY id LIMIT @limit",
                [("limit", clock.Limits.PageMax)], row => (row.GetString(0), row.GetString(1)), cancel),
            cancel);
        foreach (var (participant, id) in open)
        {
            await database.WriteAsync(
                async unit =>
                {
                    if (await Tables.Reads.FindAsync(unit, participant, id, cancel) is { } read &&
                        reads.IsOver(read.Value))
                    {
                        await reads.EndAsync(unit, read, cancel);
                    }
                },
                cancel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.Time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(broken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reads whose time is over could not be closed.")]
    private partial void Failed(Exception exception);
}
