using System.Collections.Concurrent;
using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;
using Millrace.Engine.Queries;
using Millrace.Node.Delivery;
using Millrace.Protocol;

namespace Millrace.Node.Queries;

/// <summary>What is asked of the data of a transfer, and by whom.</summary>
internal sealed record QueryAsked(
    string Participant, string Transfer, Admitted Admitted, Question Question, ViewFormat Format, ReadWish Wish);

/// <summary>
/// Runs questions on views, one of each consumer at a time: who asks much waits for itself, and the engine's few turns
/// are left to others. What fails is logged, and if it ran, counted.
/// </summary>
public sealed class QueryRuns(GovernedQuery queries, Admission admission, Clock clock)
{
    // One for each consumer who asked since the start. They all have contracts, so they are not many.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    /// <summary>Writes the answer into a file.</summary>
    /// <returns>The answer, or the gate's refusal, which is all that may be told then.</returns>
    /// <exception cref="QueryException">There is none; the message says so where it was run and counts.</exception>
    internal async Task<Decision<BuiltView>> RunAsync(
        QueryAsked asked, GovernedFile view, string unfinished, CancellationToken cancel)
    {
        var turn = _turns.GetOrAdd(asked.Admitted.Agreement.Peer, _ => new SemaphoreSlim(1));
        if (!await turn.WaitAsync(clock.Limits.QueryTurnWait, cancel))
            throw new QueryException(
                "query-busy", "Another query of yours is running here: ask again when it has ended, one at a time.");
        var runs = false;
        try
        {
            var limits = new QueryLimits(clock.Limits.QueryRowsMax, clock.Limits.QueryTimeMax);
            return await queries.RunAsync(
                view.Path, asked.Question, asked.Format, limits, unfinished, cancel, () => runs = true);
        }
        catch (Exception failure) when (runs)
        {
            return await CountAsync(asked, view, failure);
        }
        catch (QueryException failed)
        {
            // It was not run: that is free, but it is not silent.
            await admission.LogRefusalAsync(
                asked.Participant, asked.Transfer, new Refusal(failed.Code, failed.Message), cancel);
            throw new QueryException(failed.Code, Told(asked, failed));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Counts what was run and gave no answer. A reader who has left counts too: how long it runs tells something.
    /// </summary>
    private async Task<Refusal> CountAsync(QueryAsked asked, GovernedFile view, Exception failure)
    {
        var known = failure as EngineException ?? new QueryException("query-left", "The query was left while it ran.");
        var told = new Refusal(known.Code, $"{Told(asked, known)} It was run, and counts as a read.");
        var refused = await admission.CountFailureAsync(
            asked.Participant, asked.Transfer, view, asked.Wish, told, CancellationToken.None);
        return refused ?? throw (failure is EngineException ? new QueryException(told.Code, told.Reason) : failure);
    }

    /// <summary>Of a query that is called, the caller does not see the text: it is its provider's to mend.</summary>
    private static string Told(QueryAsked asked, EngineException failure) =>
        asked.Wish.Call is not null && failure.Code == "query-failed"
            ? "The query cannot be answered with these values: choose others, or tell its provider."
            : failure.Message;
}
