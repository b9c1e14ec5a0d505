using Millrace.Engine.Queries;
using Millrace.Node.Api;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;

namespace Millrace.Node.Queries;

/// <summary>
/// SQL over the governed view of a transfer: POST, one SELECT over the table <c>data</c>. Only the answer leaves, and
/// is counted as a read of its rows and bytes. Each request is a read of its own; there is nothing to resume.
/// </summary>
public static class QueryEndpoint
{
    /// <param name="data">The routes of a transfer, behind <see cref="Admission.RequireTokenAsync"/>.</param>
    public static void Map(IEndpointRouteBuilder data) =>
        data.MapPost("/query", AnswerAsync);

    /// <summary>Answers a <see cref="QueryDraft"/>.</summary>
    /// <param name="format">By its name, such as <c>csv</c>; else the Accept header decides, else Parquet.</param>
    /// <param name="permission">The permission to read under, such as <c>permission[1]</c>, where several hold.</param>
    public static async Task<IResult> AnswerAsync(
        string participant, string transfer, string? format, string? permission, HttpContext http, Admission admission,
        QueryAnswers answers, CancellationToken cancel)
    {
        if (ViewFormats.Asked(format, http.Request.GetTypedHeaders().Accept) is not { } asked)
            return Problems.Result(406, "unknown-format", $"An answer can be had as {ViewFormats.Names}.");
        var draft = await Body.ReadAsync(http.Request, ApiJson.Wire.QueryDraft, cancel);
        var wish = new ReadWish(false, null, permission, draft.Sql);
        var decision = await admission.AdmitAsync(participant, transfer, wish, cancel);
        if (decision.Refused(out var refusal, out var admitted))
            return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
        return await answers.SendAsync(
            http, new QueryAsked(participant, transfer, admitted, Question.Free(draft.Sql), asked, wish), cancel);
    }
}
