using Millrace.Engine.Supply;
using Millrace.Node.Hosting;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>Refreshes by the clock: whose turn was missed while no node ran has it once, at the start.</summary>
public sealed partial class RefreshRunner(
    RefreshTurns turns, ProductRefresh refresh, Clock clock, ILogger<RefreshRunner> logger) : BackgroundService
{
    private const int RenewalsPerSilence = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>What may be well at the next time without anybody's doing.</summary>
    private static readonly HashSet<string> _passing =
        ["source-lost", "source-changed", "overtaken", "peer-unreachable", "peer-slow"];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, clock.Limits.RefreshersMax).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock.Time);
        do
        {
            try
            {
                while (await turns.TakeAsync(stopping) is { } turn)
                    await RunAsync(turn, stopping);
            }
            catch (Exception broken) when (!stopping.IsCancellationRequested)
            {
                Failed(broken);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task RunAsync(RefreshTurn turn, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewed = RenewAsync(turn, ended);
        try
        {
            await RefreshAsync(turn, ended.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The claim was lost: whoever has it now says what came of it.
        }
        finally
        {
            await ended.CancelAsync();
            await renewed;
        }
    }

    private async Task RefreshAsync(RefreshTurn turn, CancellationToken cancel)
    {
        Refusal? refusal;
        var mayHeal = false;
        try
        {
            refusal = await refresh.RunAsync(
                turn.Participant, turn.Product, false,
                (unit, version, isNew) => turns.SucceedAsync(unit, turn, version, isNew, cancel), cancel);
        }
        catch (Exception broken) when (!cancel.IsCancellationRequested)
        {
            if (Problems.Of(broken) is null)
                RefreshFailed(broken, turn.Product, turn.Participant);
            var problem = Problems.Of(broken) ?? Problems.Failed;
            var reason = broken is SourceException { Kept: var kept } ? kept : problem.Detail;
            refusal = new Refusal(Check.NotNull(problem.Code), Check.NotNull(reason));
            mayHeal = problem.Status >= StatusCodes.Status500InternalServerError;
        }
        if (refusal is not null)
            await turns.FailAsync(turn, refusal, mayHeal || _passing.Contains(refusal.Code), cancel);
    }

    private async Task RenewAsync(RefreshTurn turn, CancellationTokenSource ended)
    {
        using var timer = new PeriodicTimer(clock.Limits.RefreshSilenceMax / RenewalsPerSilence, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                if (!await turns.RenewAsync(turn, ended.Token))
                    await ended.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The turn is over.
        }
        catch (Exception broken)
        {
            Failed(broken); // Without its claim the turn can save nothing.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sources that are due could not be looked for, or renewed.")]
    private partial void Failed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The product {Product} of {Participant} could not be refreshed.")]
    private partial void RefreshFailed(Exception exception, string product, string participant);
}
