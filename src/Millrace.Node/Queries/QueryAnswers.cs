using Millrace.Engine.Delivery;
using Millrace.Engine.Queries;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Queries;

/// <summary>Computes answers over governed views and sends them: each is a read of its own.</summary>
public sealed class QueryAnswers(ViewStore views, QueryRuns runs, IObjectStore objects, DataSender sender)
{
    /// <exception cref="QueryException">It could not be answered.</exception>
    internal async Task<IResult> SendAsync(HttpContext http, QueryAsked asked, CancellationToken cancel)
    {
        var (participant, admitted) = (asked.Participant, asked.Admitted);
        using var view = await views.OpenAsync(
            admitted.Agreement, participant, admitted.Plan, ViewFormat.Parquet, cancel);
        var unfinished = objects.NewFile(".answer");
        try
        {
            if ((await runs.RunAsync(asked, view, unfinished, cancel)).Refused(out var refusal, out var built))
                return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
            var answer = view with
            {
                Format = asked.Format,
                File = new LocalFile(unfinished),
                Sha256 = built.Sha256,
                Rows = built.Rows,
                Bytes = built.Bytes,
            };
            var whole = new RangeAsked(new FilePart(0, answer.Bytes), false, true);
            return await sender.SendAsync(http, participant, asked.Transfer, answer, whole, asked.Wish, cancel)
                is { } refused
                ? Problems.Refused(refused, StatusCodes.Status403Forbidden)
                : TypedResults.Empty;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
