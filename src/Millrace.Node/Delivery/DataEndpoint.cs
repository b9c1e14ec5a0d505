using System.Globalization;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Delivery;

/// <summary>
/// The data of a transfer over HTTP: GET and HEAD, ranges, ETag, in every format of a view. Each response names the read that
/// it belongs to (<c>Millrace-Read</c>); sent back with a range, it goes on with that read.
/// </summary>
public static class DataEndpoint
{
    public const string ReadHeader = "Millrace-Read";
    public const string RowsHeader = "Millrace-Rows";
    public const string VersionHeader = "Millrace-Version";

    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapMethods("/data/{transfer}", [HttpMethods.Get, HttpMethods.Head], SendAsync);

    /// <summary>Sends the governed view, or the part of it that is asked for.</summary>
    /// <param name="format">By its name, such as <c>csv</c>; else the Accept header decides, else Parquet.</param>
    /// <param name="permission">The permission to read under, such as <c>permission[1]</c>, where several hold.</param>
    public static async Task<IResult> SendAsync(
        string participant, string transfer, string? format, string? permission, HttpContext http, Database database,
        Gate gate, ViewStore views, DataSender sender, CancellationToken cancel)
    {
        if (PeerAuthentication.Bearer(http.Request.Headers.Authorization).Refused(out var refusal, out var token))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.Refused(refusal, StatusCodes.Status401Unauthorized);
        }
        var found = await database.ReadAsync(s => Tables.Transfers.FindAsync(s, participant, transfer, cancel), cancel);
        if (found?.Value is not { Process.Role: Role.Provider, TokenHash: { } hash } ||
            !DataToken.Matches(token, Convert.FromHexString(hash)))
        {
            return Problems.NotFound("transfer"); // A stranger must not learn that it exists.
        }
        var headers = http.Request.GetTypedHeaders();
        if (ViewFormats.Asked(format, headers.Accept) is not { } asked)
            return Problems.Result(406, "unknown-format", $"This view can be had as {ViewFormats.Names}.");

        var access = await database.ReadAsync(s => gate.LoadAsync(s, participant, transfer, cancel), cancel);
        if (gate.Decide(access, UsageRecord.None, permission).Refused(out refusal, out var permit) ||
            Gate.Plan(access, permit).Refused(out refusal, out var plan))
        {
            await database.WriteAsync(u => gate.LogRefusalAsync(u, access, refusal, cancel), cancel);
            return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
        }
        var view = await views.OpenAsync(access.Agreement.Value, participant, plan, asked, cancel);
        return await AnswerAsync(http, headers, participant, transfer, permission, view, sender, cancel);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, RequestHeaders headers, string participant, string transfer, string? permission,
        GovernedFile view, DataSender sender, CancellationToken cancel)
    {
        var tag = new EntityTagHeaderValue($"\"{view.Sha256}\"");
        var response = http.Response.GetTypedHeaders();
        response.ETag = tag;
        response.CacheControl = new CacheControlHeaderValue { NoStore = true };
        http.Response.Headers.AcceptRanges = "bytes";
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers[RowsHeader] = view.Rows.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[VersionHeader] = view.Version.ToString(CultureInfo.InvariantCulture);
        // RFC 9530: the digest is of the whole view, also where only a part is sent.
        http.Response.Headers["Repr-Digest"] =
            $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(view.Sha256))}:";
        if (headers.IfNoneMatch.Any(t => t.Compare(tag, useStrongComparison: false)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);

        var asked = RangeAsked.Of(headers, tag, view.Bytes);
        if (!asked.IsSatisfiable)
        {
            response.ContentRange = new ContentRangeHeaderValue(view.Bytes);
            return TypedResults.StatusCode(StatusCodes.Status416RangeNotSatisfiable);
        }
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = ViewFormats.MediaType(view.Format);
            http.Response.ContentLength = view.Bytes;
            return TypedResults.Empty; // Nothing is read, so nothing is counted.
        }
        var named = http.Request.Headers[ReadHeader].FirstOrDefault();
        var wish = new ReadWish(asked.IsPartial || named is not null, named, permission);
        return await sender.SendAsync(http, participant, transfer, view, asked, wish, cancel) is { } refusal
            ? Problems.Refused(refusal, StatusCodes.Status403Forbidden)
            : TypedResults.Empty;
    }
}
