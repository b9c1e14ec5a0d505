using Millrace.Engine.Delivery;
using Millrace.Engine.Supply;
using Millrace.Node.Delivery;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Downloads;

/// <summary>
/// The files of a collection over HTTP, by their path in its index: GET and HEAD, ranges, ETag. A contract whose rows
/// leave a file out does not have it. Each file is a read of one row and of its bytes.
/// </summary>
public sealed class CollectionEndpoint(
    Database database, IObjectStore objects, ViewStore views, FileIndex index, DataSender sender)
{
    private static readonly Refusal _noFiles = new(
        "no-files", "This product is a table and holds no files: read the table.");

    private static readonly Refusal _withheld = new(
        "files-withheld", "This contract is for the index alone: it does not show the path and sha256 of the files.");

    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapMethods(
            "/data/{transfer}/files/{**path}", [HttpMethods.Get, HttpMethods.Head],
            (string participant, string transfer, string path, string? permission, HttpContext http,
                Admission admission, CollectionEndpoint files, CancellationToken cancel) =>
                files.SendAsync(participant, transfer, path, permission, http, admission, cancel));

    /// <summary>Sends the file, or the part of it that is asked for.</summary>
    /// <param name="permission">The permission to read under, such as <c>permission[1]</c>, where several hold.</param>
    private async Task<IResult> SendAsync(
        string participant, string transfer, string path, string? permission, HttpContext http, Admission admission,
        CancellationToken cancel)
    {
        if (await admission.StrangerAsync(http, participant, transfer, cancel) is { } stranger)
            return stranger;
        var named = http.Request.Headers[ViewAnswer.ReadHeader].FirstOrDefault();
        var wish = new ReadWish(named is not null, named, permission, Way: "file");
        var decision = await admission.AdmitAsync(participant, transfer, wish, cancel);
        if (decision.Refused(out var refusal, out var admitted))
            return Problems.Refused(refusal, StatusCodes.Status403Forbidden);
        if ((await FindAsync(participant, admitted, path, cancel)).Refused(out refusal, out var file))
        {
            if (refusal.Code == "not-found")
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

    private async Task<Decision<GovernedFile>> FindAsync(
        string participant, Admitted admitted, string path, CancellationToken cancel)
    {
        var product = Check.NotNull(await database.ReadAsync(
            s => Tables.Products.FindAsync(s, participant, admitted.Agreement.Product, cancel), cancel));
        if (!product.Value.HoldsFiles)
            return _noFiles; // Digests in a table are words of its holder, and open nothing.
        if (!Shows(admitted.Plan, "path") || !Shows(admitted.Plan, "sha256"))
            return _withheld;
        using var view = await views.OpenAsync(
            admitted.Agreement, participant, admitted.Plan, ViewFormat.Parquet, cancel);
        if (await index.FindAsync(view.Path, path, cancel) is not { } found)
            return new Refusal("not-found", "There is no such file.");
        var file = await objects.OpenAsync(found.Sha256, cancel);
        return new GovernedFile(
            $"{view.Key}/{found.Sha256}", view.Plan, view.Version, ViewFormat.Original, file, found.Sha256, 1,
            found.Bytes, found.MediaType);
    }

    private static bool Shows(AccessPlan plan, string column) =>
        plan.Columns.Any(c => c.Name == column && c.Mask is null);
}
