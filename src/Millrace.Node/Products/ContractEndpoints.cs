using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Contracts;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>The contract that a product's versions are checked against, and the proof of their figures.</summary>
public static class ContractEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/products/{id}/contract", ExportAsync);
        participant.MapGet("/products/{id}/contract/draft", DraftAsync);
        participant.MapPost("/products/{id}/verification", VerifyAsync);
    }

    /// <summary>The contract of the latest version (ODCS, YAML), with what the product says of itself filled
    /// in.</summary>
    public static async Task<IResult> ExportAsync(
        string participant, string id, Database database, CancellationToken cancel)
    {
        if (await database.ReadAsync(s => ProductVersions.CurrentAsync(s, participant, id, cancel), cancel)
            is not { Product: var product, Newest: var version })
        {
            return Problems.NotFound("product");
        }
        return version.Contract is { } text
            ? TypedResults.Text(YamlText.Write(Filled(text, product, version)), "application/yaml")
            : Problems.Result(
                404, "no-contract", "The product has no contract: publish a version with one to give it one.");
    }

    /// <summary>A contract (ODCS, YAML) drafted from what the latest version holds.</summary>
    public static async Task<IResult> DraftAsync(
        string participant, string id, ContractDrafts drafts, CancellationToken cancel) =>
        await drafts.DraftAsync(participant, id, cancel) is { } draft
            ? TypedResults.Text(YamlText.Write(draft), "application/yaml")
            : Problems.NotFound("product");

    /// <summary>Computes the figures of a version anew from its files, and says what differs.</summary>
    /// <param name="version">Its number; without it the latest.</param>
    public static async Task<IResult> VerifyAsync(
        string participant, string id, int? version, QualityVerifier verifier, CancellationToken cancel) =>
        await verifier.VerifyAsync(participant, id, version, cancel) is { } verified
            ? TypedResults.Json(verified, ApiJson.Wire.QualityVerification)
            : Problems.NotFound(version is null ? "product" : "version");

    /// <summary>What its author left open, the product knows.</summary>
    private static JsonObject Filled(string text, ProductRecord product, ProductVersionRecord version)
    {
        var contract = Check.NotNull(YamlText.Read(text) as JsonObject);
        contract["id"] ??= product.Id;
        contract["name"] ??= product.Title;
        contract["version"] ??= version.Number.ToString(CultureInfo.InvariantCulture);
        contract["dataProduct"] ??= product.Id;
        if (product.Description.Length > 0 && contract["description"] is null)
            contract["description"] = new JsonObject { ["purpose"] = product.Description };
        if (product.Keywords.Count > 0 && contract["tags"] is null)
            contract["tags"] = new JsonArray([.. product.Keywords.Select(k => (JsonNode)k)]);
        foreach (var property in (contract["schema"] as JsonArray ?? []).OfType<JsonObject>()
            .SelectMany(table => (table["properties"] as JsonArray ?? []).OfType<JsonObject>()))
        {
            Define(property, product);
        }
        return contract;
    }

    /// <summary>The confirmed element of a column, beside the definitions that its author named.</summary>
    private static void Define(JsonObject property, ProductRecord product)
    {
        if (property["name"] is not JsonValue name
            || DescriptionParts.ElementOf(product, name.ToString()) is not { } element)
        {
            return;
        }
        if (property["authoritativeDefinitions"] is not JsonArray definitions)
            property["authoritativeDefinitions"] = definitions = [];
        if (!definitions.OfType<JsonObject>().Any(d => d["url"]?.ToString() == element.Iri))
            definitions.Add((JsonNode)new JsonObject { ["url"] = element.Iri, ["type"] = "businessDefinition" });
    }
}
