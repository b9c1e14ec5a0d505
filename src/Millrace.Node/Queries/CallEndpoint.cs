using Millrace.Engine.Queries;
using Millrace.Node.Api;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;
using Millrace.Protocol;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Queries;

/// <summary>
/// Calls of a query product: POST, values for its parameters. The product's SELECT is asked over the governed view of
/// the contract; the answer leaves, and is counted as a read of its rows and bytes. Nothing else of the product does.
/// </summary>
public static class CallEndpoint
{
    // What the gate is asked before the values are looked at: they are bounded by what it admits to.
    private static readonly QueryCall _any = new([]);

    /// <param name="data">The routes of a transfer, behind <see cref="Admission.RequireTokenAsync"/>.</param>
    public static void Map(IEndpointRouteBuilder data) =>
        data.MapPost("/call", AnswerAsync);

    /// <summary>Answers a <see cref="CallDraft"/>.</summary>
    /// <param name="format">By its name, such as <c>csv</c>; else the Accept header decides, else Parquet.</param>
    /// <param name="permission">The permission to call under, such as <c>permission[1]</c>, where several hold.</param>
    public static async Task<IResult> AnswerAsync(
        string participant, string transfer, string? format, string? permission, HttpContext http, Admission admission,
        QueryAnswers answers, CancellationToken cancel)
    {
        if (ViewFormats.Asked(format, http.Request.GetTypedHeaders().Accept) is not { } asked)
            return Problems.Result(406, "unknown-format", $"An answer can be had as {ViewFormats.Names}.");
        var draft = await Body.ReadAsync(http.Request, ApiJson.Wire.CallDraft, cancel);
        var wish = new ReadWish(false, null, permission, Way: "call", Call: _any);
        var decision = await admission.AdmitAsync(participant, transfer, wish, cancel);
        if (decision.Refused(out var refusal, out var admitted))
            return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
        var query = Check.NotNull(admitted.Agreement.Query);
        if (ParameterBounds.Bind(query.Signature, draft.Parameters).Refused(out refusal, out var call))
        {
            await admission.LogRefusalAsync(participant, transfer, refusal, cancel);
            return Problems.Refused(refusal, StatusCodes.Status400BadRequest);
        }
        return await answers.SendAsync(
            http,
            new QueryAsked(participant, transfer, admitted, Question.Of(query, call), asked, wish with { Call = call }),
            cancel);
    }
}
