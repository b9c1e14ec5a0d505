using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;

namespace Millrace.Node.Products;

/// <summary>What the columns of a product hold, and what they meet in the products of others.</summary>
public static class ElementEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/products/{id}/elements", ShowAsync);
        participant.MapPost("/products/{id}/elements", DecideAsync);
        participant.MapGet("/products/{id}/joins", JoinsAsync);
    }

    /// <summary>What is confirmed, and what is only proposed for the newest version.</summary>
    public static async Task<IResult> ShowAsync(
        string participant, string id, Database database, CancellationToken cancel) =>
        await ReadAsync(participant, id, database, cancel) is { } elements
            ? TypedResults.Json(elements, ApiJson.Wire.ProductElements)
            : Problems.NotFound("product");

    /// <summary>A person decides on a column: see <see cref="ElementDecisions"/>.</summary>
    public static async Task<IResult> DecideAsync(
        string participant, string id, HttpRequest request, ElementDecisions decisions, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.ElementDraft, cancel);
        return (await decisions.DecideAsync(participant, id, draft, cancel)).Refused(out var refusal, out var shown)
            ? Problems.Refused(refusal, refusal.Code == "not-found" ? 404 : 400)
            : TypedResults.Json(shown, ApiJson.Wire.ProductElements);
    }

    /// <summary>Which columns of other products on this node meet its columns: see <see cref="JoinSearch"/>.</summary>
    public static async Task<IResult> JoinsAsync(
        string participant, string id, JoinSearch search, CancellationToken cancel)
    {
        if (await search.FindAsync(participant, id, cancel) is not { } decision)
            return Problems.NotFound("product");
        return decision.Refused(out var refusal, out var joins)
            ? Problems.Refused(refusal, 400)
            : TypedResults.Json(joins, ApiJson.Wire.ProductJoins);
    }

    /// <summary>What the columns of the newest version hold; null: there is no such product.</summary>
    public static Task<ProductElements?> ReadAsync(
        string participant, string id, Database database, CancellationToken cancel) =>
        database.ReadAsync(
            async session => await ProductVersions.CurrentAsync(session, participant, id, cancel) is { } current
                ? ProductElementsShown.Of(current.Product, current.Newest)
                : null,
            cancel);
}
