using Millrace.Node.Delivery;
using Millrace.Node.Hosting;

namespace Millrace.Node.Downloads;

/// <summary>
/// The files of a collection over HTTP, by their path in its index: GET and HEAD, ranges, ETag. A contract whose rows
/// leave a file out does not have it. Each file is a read of one row and of its bytes.
/// </summary>
public static class CollectionEndpoint
{
    /// <param name="data">The routes of a transfer, behind <see cref="Admission.RequireTokenAsync"/>.</param>
    public static void Map(IEndpointRouteBuilder data) =>
        data.MapMethods("/files/{**path}", [HttpMethods.Get, HttpMethods.Head], SendAsync);

    /// <summary>Sends the file, or the part of it that is asked for.</summary>
    /// <param name="permission">The permission to read under, such as <c>permission[1]</c>, where several hold.</param>
    public static async Task<IResult> SendAsync(
        string participant, string transfer, string path, string? permission, HttpContext http, Admission admission,
        CollectionFiles files, DataSender sender, CancellationToken cancel)
    {
        var named = http.Request.Headers[ViewAnswer.ReadHeader].FirstOrDefault();
        var wish = new ReadWish(named is not null, named, permission, Way: "file");
        var decision = await admission.AdmitAsync(participant, transfer, wish, cancel);
        if (decision.Refused(out var refusal, out var admitted))
            return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
        var found = await files.FindAsync(participant, admitted.Agreement, admitted.Plan, path, cancel);
        if (found.Refused(out refusal, out var file))
        {
            if (refusal == CollectionFiles.Unknown)
                return Problems.NotFound("file");
            await admission.LogRefusalAsync(participant, transfer, refusal, cancel);
            return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
        }
        using (file)
        {
            // Whatever it says it is, a browser is not to run it as a page of this node.
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.ContentDisposition = "attachment";
            return await ViewAnswer.SendAsync(
                http, participant, transfer, file,
                isPartial => wish with { Resumes = isPartial || wish.Resumes }, sender, cancel) is { } refused
                ? Problems.Refused(refused, StatusCodes.Status403Forbidden)
                : TypedResults.Empty;
        }
    }
}
