using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Contracts;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;

namespace Millrace.Node.Products;

/// <summary>What a description says of a product; null or empty: nothing.</summary>
internal sealed record ImportedDescription(
    string? Title, string? Text, IReadOnlyList<string> Keywords, ProvenanceStatement? Provenance = null)
{
    /// <summary>What it says that columns hold; elements that are none of ours are left out.</summary>
    public IReadOnlyList<ColumnElement> Elements { get; init; } = [];

    /// <summary>The licences that it names, by their addresses where they have one.</summary>
    public IReadOnlyList<string> Licenses { get; init; } = [];
}

/// <summary>
/// Reads descriptions that somebody wrote elsewhere: DCAT, Croissant or schema.org as JSON-LD, a data contract (ODCS),
/// or a document of the Data Provenance Standards. Members of JSON-LD are known by the last part of their names,
/// whatever prefix they have: no context is fetched.
/// </summary>
internal static class DescriptionImport
{
    private const string Dataset = "Dataset";

    private static readonly string[] _contractTexts = ["purpose", "limitations", "usage"];

    private static readonly string[] _licenseNames = ["@id", "url", "@value", "name", "title"];

    public static Decision<ImportedDescription> Read(string text)
    {
        try
        {
            if (!text.TrimStart().StartsWith('{'))
                return YamlText.Read(text) is JsonObject contract ? OfContract(contract) : Unknown();
            // Duplicates are refused here already.
            var json = JsonNode.Parse(text, null, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var document = json!.AsObject();
            return document["source"] is JsonObject || document["provenance"] is JsonObject
                ? OfProvenance(document)
                : Datasets(document).FirstOrDefault() is { } dataset ? OfLinkedData(dataset, document) : Unknown();
        }
        catch (JsonException e)
        {
            return new Refusal("bad-description", $"The description cannot be read at {e.Path ?? "$"}: {What(e)}.");
        }
        catch (ContractException e)
        {
            return new Refusal("bad-description", e.Message);
        }
    }

    private static ImportedDescription OfProvenance(JsonObject json)
    {
        var document = json.Deserialize(ProvenanceJson.Default.ProvenanceDocument)!;
        return new ImportedDescription(
            document.Source?.Title, document.Source?.Description, [],
            new ProvenanceStatement(document.Provenance, document.Use));
    }

    private static ImportedDescription OfLinkedData(JsonObject dataset, JsonObject document) => new(
        Text(Member(dataset, "title") ?? Member(dataset, "name")), Text(Member(dataset, "description")),
        [.. Items(Member(dataset, "keyword") ?? Member(dataset, "keywords")).Select(Text).OfType<string>()])
    {
        Elements = [.. Fields(dataset).Concat(Columns(dataset))],
        Licenses = [.. LicensesOf(dataset, document).Distinct()],
    };

    /// <summary>DCAT-AP has them with the distributions, which may stand elsewhere in the graph.</summary>
    private static IEnumerable<string> LicensesOf(JsonObject dataset, JsonObject document) =>
        from node in Items(Member(dataset, "distribution")).OfType<JsonObject>().Prepend(dataset)
        from license in Items(Member(InGraph(node, document), "license"))
        let name = LicenseName(license is JsonObject referred ? InGraph(referred, document) : license)
        where name is not (null or "" or CroissantDescription.ByContract)
        select name;

    /// <summary>What is said of a node to which only its id refers.</summary>
    private static JsonObject InGraph(JsonObject node, JsonObject document) =>
        node.Count == 1 && Text(node["@id"]) is { } id
            ? Items(document["@graph"]).OfType<JsonObject>().FirstOrDefault(o => Text(o["@id"]) == id) ?? node
            : node;

    private static string? LicenseName(JsonNode? license) => license is JsonObject node
        ? _licenseNames.Select(m => Text(Member(node, m))).FirstOrDefault(
            t => t is not null && !t.StartsWith("_:", StringComparison.Ordinal))
        : Text(license);

    /// <summary>Croissant: the fields of the record sets.</summary>
    private static IEnumerable<ColumnElement> Fields(JsonObject dataset) =>
        from set in Items(Member(dataset, "recordSet")).OfType<JsonObject>()
        from field in Items(Member(set, "field")).OfType<JsonObject>()
        let column = Text(Within(Within(Member(field, "source"), "extract"), "column")) ?? Text(Member(field, "name"))
        from property in Items(Member(field, "equivalentProperty"))
        let element = Named(column, Iri(property))
        where element is not null
        select element;

    /// <summary>CSV on the Web, as our DCAT has it: the columns of the table's schema.</summary>
    private static IEnumerable<ColumnElement> Columns(JsonObject dataset) =>
        from schema in Items(Member(dataset, "tableSchema")).OfType<JsonObject>()
        let list = Member(schema, "column") ?? Member(schema, "columns")
        from column in Items(Within(list, "@list") ?? list).OfType<JsonObject>()
        let element = Named(Text(Member(column, "name")), Iri(Member(column, "propertyUrl")))
        where element is not null
        select element;

    /// <summary>An Open Data Contract: what its properties name as their definition.</summary>
    private static IEnumerable<ColumnElement> Properties(JsonObject contract) =>
        from table in Items(contract["schema"]).OfType<JsonObject>()
        from property in Items(table["properties"]).OfType<JsonObject>()
        from definition in Items(property["authoritativeDefinitions"]).OfType<JsonObject>()
        let element = Named(Text(property["name"]), Text(definition["url"]))
        where element is not null
        select element;

    private static ColumnElement? Named(string? column, string? iri) =>
        column is not null && ColumnElement.NameOf(iri) is { } element ? new ColumnElement(column, element) : null;

    private static string? Iri(JsonNode? node) => Text(Within(node, "@id") ?? node);

    private static JsonNode? Within(JsonNode? node, string name) =>
        node is JsonObject json ? Member(json, name) : null;

    private static ImportedDescription OfContract(JsonObject contract) => new(
        Text(contract["name"]),
        contract["description"] is JsonObject parts
            ? string.Join(" ", _contractTexts.Select(p => Text(parts[p])).OfType<string>())
            : Text(contract["description"]),
        [.. Items(contract["tags"]).Select(Text).OfType<string>()])
    {
        Elements = [.. Properties(contract)],
    };

    /// <summary>The document itself, or what its graph holds.</summary>
    private static IEnumerable<JsonObject> Datasets(JsonObject document) =>
        Items(document["@graph"] ?? document).OfType<JsonObject>()
            .Where(o => Items(o["@type"]).Any(t => Text(t) is { } type && LastPart(type) == Dataset));

    private static JsonNode? Member(JsonObject node, string name) =>
        node.FirstOrDefault(m => LastPart(m.Key) == name).Value;

    private static string LastPart(string name) => name[(name.LastIndexOfAny([':', '/', '#']) + 1)..];

    private static IEnumerable<JsonNode?> Items(JsonNode? node) =>
        node is null ? [] : node as IEnumerable<JsonNode?> ?? [node];

    /// <summary>Of texts in several languages the English one, else the first.</summary>
    private static string? Text(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        JsonObject { Count: > 0 } tagged when tagged["@value"] is { } value => Text(value),
        JsonObject { Count: > 0 } languages => Text(languages["en"] ?? languages.First().Value),
        JsonArray { Count: > 0 } several => Text(
            several.FirstOrDefault(t => t is JsonObject o && Text(o["@language"]) == "en") ?? several[0]),
        _ => null,
    };

    private static Refusal Unknown() => new(
        "bad-description",
        "A description is a JSON-LD document with a Dataset (DCAT, Croissant, schema.org), a data contract (YAML), or "
        + "a document of the Data Provenance Standards.");

    private static string What(JsonException e) =>
        e.Message.Split(" Path:", StringSplitOptions.None)[0].TrimEnd('.').Split('\n')[0];
}
