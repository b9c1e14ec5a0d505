using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;
using Millrace.Engine.Queries;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Objects;
using Millrace.Protocol;

namespace Millrace.Node.Queries;

/// <summary>Computes answers over governed views and sends them: each is a read of its own.</summary>
public sealed class QueryAnswers(
    ViewStore views, GovernedQuery queries, IObjectStore objects, DataSender sender, Admission admission, Clock clock)
{
    /// <exception cref="QueryException">It was not run; nothing was counted.</exception>
    internal async Task<IResult> SendAsync(
        HttpContext http, string participant, string transfer, Admitted admitted, Question question, ViewFormat format,
        ReadWish wish, CancellationToken cancel)
    {
        using var view = await views.OpenAsync(
            admitted.Agreement, participant, admitted.Plan, ViewFormat.Parquet, cancel);
        var unfinished = objects.NewFile(".answer");
        var runs = false;
        try
        {
            var limits = new QueryLimits(clock.Limits.QueryRowsMax, clock.Limits.QueryTimeMax);
            var built = await queries.RunAsync(
                view.Path, question, format, limits, unfinished, cancel, () => runs = true);
            runs = false;
            var answer = view with
            {
                Format = format,
                File = new LocalFile(unfinished),
                Sha256 = built.Sha256,
                Rows = built.Rows,
                Bytes = built.Bytes,
            };
            var whole = new RangeAsked(new FilePart(0, answer.Bytes), false, true);
            return await sender.SendAsync(http, participant, transfer, answer, whole, wish, cancel) is { } refused
                ? Problems.Refused(refused, StatusCodes.Status403Forbidden)
                : TypedResults.Empty;
        }
        catch (Exception failure) when (runs)
        {
            var told = await FailedAsync(participant, transfer, view, wish, failure);
            if (failure is not EngineException)
                throw;
            return told;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>
    /// Counts what was run and gave no answer. A reader who has left counts too: how long it runs tells something.
    /// </summary>
    private async Task<IResult> FailedAsync(
        string participant, string transfer, GovernedFile view, ReadWish wish, Exception failure)
    {
        var known = failure as EngineException ?? new QueryException("query-left", "The query was left while it ran.");
        var told = new Refusal(known.Code, $"{known.Message} It was run, and counts as a read.");
        var refused = await admission.CountFailureAsync(
            participant, transfer, view, wish, told, CancellationToken.None);
        return refused is not null
            ? Problems.Refused(refused, StatusCodes.Status403Forbidden)
            : Problems.Refused(told, Problems.Of(known)?.Status ?? StatusCodes.Status422UnprocessableEntity);
    }
}
