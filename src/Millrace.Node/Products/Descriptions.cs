using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>A product described in the forms that others read.</summary>
public static class Descriptions
{
    private static readonly JsonSerializerOptions _readable = new(Api.ApiJson.Wire.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapGet("/products/{id}/description", DescribeAsync);

    /// <summary>The newest version, as JSON-LD, or as plain JSON of the Data Provenance Standards.</summary>
    /// <param name="form"><c>dcat</c>, which is usual, <c>croissant</c> or <c>provenance</c>.</param>
    public static async Task<IResult> DescribeAsync(
        string participant, string id, string? form, Database database, LocalParticipants locals, NodeAddress address,
        CancellationToken cancel)
    {
        if (form is not (null or "dcat" or "croissant" or "provenance"))
            return Problems.Result(400, "unknown-form", "A product is described as dcat, croissant or provenance.");
        var holder = Check.NotNull(await locals.FindAsync(participant, cancel));
        var described = await database.ReadAsync(
            async session =>
            {
                if (await ProductVersions.CurrentAsync(session, participant, id, cancel)
                    is not { Product: var product, Newest: var newest })
                {
                    return null;
                }
                var previous = await ProductVersions.FindAsync(session, participant, id, newest.Number - 1, cancel);
                return new Described(product, newest, holder, address.DspBase(participant), previous?.CreatedAt);
            },
            cancel);
        if (described is null)
            return Problems.NotFound("product");
        var json = form switch
        {
            "croissant" => CroissantDescription.Of(described),
            "provenance" => ProvenanceDescription.Of(described),
            _ => DcatDescription.Of(described),
        };
        return TypedResults.Text(
            json.ToJsonString(_readable), form == "provenance" ? "application/json" : "application/ld+json");
    }
}
