using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>Reads a product's source again.</summary>
public static class ProductRefresh
{
    /// <summary>
    /// Makes a new version of what the product's source holds now (201), or none if that is what the newest version has
    /// (200). The body is the product either way.
    /// </summary>
    public static async Task<IResult> RefreshAsync(
        string participant, string id, UploadReader uploads, ProductPublisher publisher, LocalParticipants locals,
        Database database, CancellationToken cancel)
    {
        if (await database.ReadAsync(s => Tables.Products.FindAsync(s, participant, id, cancel), cancel)
            is not { Value: var product })
        {
            return Problems.NotFound("product");
        }
        if (product.Source is not { } source)
            return Problems.Result(
                400, "no-source",
                $"The product {id} was handed in as files: publish it with a source, and that can be read again.");
        using var fetched = await uploads.FetchAsync(new ProductDraft(id, Source: source), cancel);
        var holder = Check.NotNull(await locals.FindAsync(participant, cancel));
        var wish = new ProductWish(id, null, null, null, null, OnlyIfChanged: true);
        var isRefused = (await publisher.PublishAsync(holder, wish, new HandedIn(fetched.Files), cancel))
            .Refused(out var refusal, out _);
        if (isRefused && refusal!.Code != "unchanged")
            return Problems.Refused(refusal, 400);
        return TypedResults.Json(
            await ProductEndpoints.ReadAsync(participant, id, database, cancel), ApiJson.Wire.Product,
            statusCode: isRefused ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }
}
