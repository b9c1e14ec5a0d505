using Millrace.Engine.Delivery;
using Millrace.Engine.Queries;
using Millrace.Node.Api;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Queries;

/// <summary>
/// SQL over the governed view of a transfer: POST, one SELECT over the table <c>data</c>. Only the answer leaves, and
/// is counted as a read of its rows and bytes. Each request is a read of its own; there is nothing to resume.
/// </summary>
public static class QueryEndpoint
{
    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapPost("/data/{transfer}/query", AnswerAsync);

    /// <summary>Answers a <see cref="QueryDraft"/>.</summary>
    /// <param name="format">By its name, such as <c>csv</c>; else the Accept header decides, else Parquet.</param>
    /// <param name="permission">The permission to read under, such as <c>permission[1]</c>, where several hold.</param>
    public static async Task<IResult> AnswerAsync(
        string participant, string transfer, string? format, string? permission, HttpContext http, Admission admission,
        ViewStore views, GovernedQuery queries, IObjectStore objects, DataSender sender, Clock clock,
        CancellationToken cancel)
    {
        if (await admission.StrangerAsync(http, participant, transfer, cancel) is { } stranger)
            return stranger;
        if (ViewFormats.Asked(format, http.Request.GetTypedHeaders().Accept) is not { } asked)
            return Problems.Result(406, "unknown-format", $"An answer can be had as {ViewFormats.Names}.");
        var draft = await Body.ReadAsync(http.Request, ApiJson.Wire.QueryDraft, cancel);
        var wish = new ReadWish(false, null, permission, draft.Sql);
        var decision = await admission.AdmitAsync(participant, transfer, wish, cancel);
        if (decision.Refused(out var refusal, out var admitted))
            return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
        var view = await views.OpenAsync(admitted.Agreement, participant, admitted.Plan, ViewFormat.Parquet, cancel);
        var unfinished = objects.NewFile(".answer");
        try
        {
            var limits = new QueryLimits(clock.Limits.QueryRowsMax, clock.Limits.QueryTimeMax);
            var built = await queries.RunAsync(view.Path, draft.Sql, asked, limits, unfinished, cancel);
            var answer = view with
            {
                Format = asked,
                Path = unfinished,
                Sha256 = built.Sha256,
                Rows = built.Rows,
                Bytes = built.Bytes,
            };
            return await SendAsync(http, participant, transfer, answer, wish, sender, cancel) is { } refused
                ? Problems.Refused(refused, StatusCodes.Status403Forbidden)
                : TypedResults.Empty;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static Task<Protocol.Refusal?> SendAsync(
        HttpContext http, string participant, string transfer, GovernedFile answer, ReadWish wish, DataSender sender,
        CancellationToken cancel)
    {
        ViewAnswer.Describe(http.Response, answer);
        return sender.SendAsync(
            http, participant, transfer, answer, new RangeAsked(new FilePart(0, answer.Bytes), false, true), wish,
            cancel);
    }
}
