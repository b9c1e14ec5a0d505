using Microsoft.Net.Http.Headers;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Downloads;

/// <summary>
/// The data of a transfer over HTTP: GET and HEAD, ranges, ETag, in every format of a view. Each response names the read that
/// it belongs to (<c>Millrace-Read</c>); sent back with a range, it goes on with that read.
/// </summary>
public static class DataEndpoint
{
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
        http.Response.Headers.Vary = HeaderNames.Accept;
        var named = http.Request.Headers[ViewAnswer.ReadHeader].FirstOrDefault();
        return await ViewAnswer.SendAsync(
            http, participant, transfer, view,
            isPartial => new ReadWish(isPartial || named is not null, named, permission), sender, cancel) is { } refused
            ? Problems.Refused(refused, StatusCodes.Status403Forbidden)
            : TypedResults.Empty;
    }
}
