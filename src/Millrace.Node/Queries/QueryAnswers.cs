using Millrace.Engine.Delivery;
using Millrace.Engine.Queries;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Queries;

/// <summary>Computes answers over governed views and sends them: each is a read of its own.</summary>
public sealed class QueryAnswers(
    ViewStore views, GovernedQuery queries, IObjectStore objects, DataSender sender, Clock clock)
{
    /// <exception cref="QueryException">It could not be answered; nothing was counted.</exception>
    internal async Task<IResult> SendAsync(
        HttpContext http, string participant, string transfer, Admitted admitted, Question question, ViewFormat format,
        ReadWish wish, CancellationToken cancel)
    {
        using var view = await views.OpenAsync(
            admitted.Agreement, participant, admitted.Plan, ViewFormat.Parquet, cancel);
        var unfinished = objects.NewFile(".answer");
        try
        {
            var limits = new QueryLimits(clock.Limits.QueryRowsMax, clock.Limits.QueryTimeMax);
            var built = await queries.RunAsync(view.Path, question, format, limits, unfinished, cancel);
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
        finally
        {
            File.Delete(unfinished);
        }
    }
}
