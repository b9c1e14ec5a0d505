using Microsoft.Net.Http.Headers;
using Millrace.Node.Api;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;

namespace Millrace.Node.Downloads;

/// <summary>
/// The data of a transfer over HTTP: GET and HEAD, ranges, ETag, in each format of a view. Each response names the read
/// that it belongs to (<c>Millrace-Read</c>); sent back with a range, it goes on with that read.
/// </summary>
public static class DataEndpoint
{
    /// <param name="data">The routes of a transfer, behind <see cref="Admission.RequireTokenAsync"/>.</param>
    public static void Map(IEndpointRouteBuilder data) =>
        data.MapMethods("", [HttpMethods.Get, HttpMethods.Head], SendAsync);

    /// <summary>Sends the governed view, or the part of it that is asked for.</summary>
    /// <param name="format">By its name, such as <c>csv</c>; else the Accept header decides, else Parquet.</param>
    /// <param name="permission">The permission to read under, such as <c>permission[1]</c>, where several hold.</param>
    public static async Task<IResult> SendAsync(
        string participant, string transfer, string? format, string? permission, HttpContext http, Admission admission,
        ViewStore views, DataSender sender, Clock clock, CancellationToken cancel)
    {
        if (ViewFormats.Asked(format, http.Request.GetTypedHeaders().Accept) is not { } asked)
            return Problems.Result(406, "unknown-format", $"This view can be had as {ViewFormats.Names}.");
        var named = http.Request.Headers[ViewAnswer.ReadHeader].FirstOrDefault();
        var wish = new ReadWish(named is not null, named, permission);
        var decision = await admission.AdmitAsync(participant, transfer, wish, cancel);
        if (decision.Refused(out var refusal, out var admitted))
            return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
        asked = ViewFormats.Coded(asked, http.Request.GetTypedHeaders().AcceptEncoding);
        var opening = await views.BeginAsync(admitted.Agreement, participant, admitted.Plan, asked, cancel);
        if (Preference.Patience(http.Request, clock.Limits) is { } patience &&
            !await opening.IsOpenWithinAsync(patience, clock.Time, cancel))
        {
            http.Response.Headers["Preference-Applied"] = "respond-async";
            http.Response.Headers.RetryAfter = "1";
            return TypedResults.Json(
                new BeingBuilt(Math.Round(opening.Done(), 2)), ApiJson.Wire.BeingBuilt,
                statusCode: StatusCodes.Status202Accepted);
        }
        using var view = await opening.View;
        http.Response.Headers.Vary = $"{HeaderNames.Accept}, {HeaderNames.AcceptEncoding}";
        return await ViewAnswer.SendAsync(
            http, participant, transfer, view,
            isPartial => wish with { Resumes = isPartial || wish.Resumes }, sender, cancel) is { } refused
            ? Problems.Refused(refused, StatusCodes.Status403Forbidden)
            : TypedResults.Empty;
    }
}
