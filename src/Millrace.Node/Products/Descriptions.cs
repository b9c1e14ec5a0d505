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

    /// <summary>The newest version, as JSON-LD.</summary>
    /// <param name="form"><c>dcat</c>, which is usual, or <c>croissant</c>.</param>
    public static async Task<IResult> DescribeAsync(
        string participant, string id, string? form, Database database, LocalParticipants locals, NodeAddress address,
        CancellationToken cancel)
    {
        if (form is not (null or "dcat" or "croissant"))
            return Problems.Result(400, "unknown-form", "A product is described as dcat or croissant.");
        var holder = Check.NotNull(await locals.FindAsync(participant, cancel));
        var described = await database.ReadAsync(
            async session => await Tables.Products.FindAsync(session, participant, id, cancel) is { Value: var product }
                ? new Described(
                    product, await ProductVersions.NewestAsync(session, participant, product, cancel), holder,
                    address.DspBase(participant))
                : null,
            cancel);
        if (described is null)
            return Problems.NotFound("product");
        var json = form == "croissant" ? CroissantDescription.Of(described) : DcatDescription.Of(described);
        return TypedResults.Text(json.ToJsonString(_readable), "application/ld+json");
    }
}
