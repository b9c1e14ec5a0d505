using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>
/// A product as catalogues of open data have it: DCAT-AP 3, with its quality in the Data Quality Vocabulary (DQV), its
/// origin in PROV-O and its offers in ODRL.
/// </summary>
internal static class DcatDescription
{
    private const string Quality = Dspace.MillraceNamespace + "quality/";
    private const string Characteristics = Dspace.MillraceNamespace + "iso25012/";

    public static JsonObject Of(Described described)
    {
        var (product, version) = (described.Product, described.Version);
        var description = new JsonObject
        {
            ["@context"] = new JsonObject
            {
                ["csvw"] = "http://www.w3.org/ns/csvw#",
                ["dcat"] = "http://www.w3.org/ns/dcat#",
                ["dct"] = "http://purl.org/dc/terms/",
                ["dqv"] = "http://www.w3.org/ns/dqv#",
                ["foaf"] = "http://xmlns.com/foaf/0.1/",
                ["odrl"] = "http://www.w3.org/ns/odrl/2/",
                ["prov"] = "http://www.w3.org/ns/prov#",
                ["spdx"] = "http://spdx.org/rdf/terms#",
                ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
            },
            ["@id"] = described.Address,
            ["@type"] = "dcat:Dataset",
            ["dct:identifier"] = product.Id,
            ["dct:title"] = product.Title,
            ["dct:description"] = DescriptionParts.Text(product),
            ["dcat:keyword"] = new JsonArray([.. product.Keywords.Select(k => (JsonNode)k)]),
            ["dct:publisher"] = new JsonObject
            {
                ["@id"] = described.Holder.Did,
                ["@type"] = "foaf:Agent",
                ["foaf:name"] = described.Holder.Title,
            },
            ["dct:issued"] = Typed("dateTime", Moment(product.CreatedAt)),
            ["dct:modified"] = Typed("dateTime", Moment(version.CreatedAt)),
            ["dcat:version"] = version.Number.ToString(CultureInfo.InvariantCulture),
            ["odrl:hasPolicy"] = DescriptionParts.Offers(product),
            ["dcat:distribution"] = new JsonArray([.. version.Files.Select(f => File(described, f))]),
            ["prov:wasGeneratedBy"] = Made(version),
            ["dqv:hasQualityMeasurement"] = new JsonArray(
                [.. version.Quality.Dimensions.Where(d => d.Ratio is not null).Select(d => Measured(described, d))]),
        };
        if (product.Confirmed.Count > 0)
            description["csvw:tableSchema"] = new JsonObject
            {
                ["@type"] = "csvw:Schema",
                ["csvw:column"] = new JsonObject
                {
                    ["@list"] = new JsonArray(
                        [.. version.Schema.Columns.Select(c => (JsonNode)Column(product, c.Name))]),
                },
            };
        return description;
    }

    private static JsonObject Made(ProductVersionRecord version)
    {
        var activity = new JsonObject
        {
            ["@type"] = "prov:Activity",
            ["prov:endedAtTime"] = Typed("dateTime", Moment(version.CreatedAt)),
            ["prov:used"] = new JsonArray([.. version.Source.Files.Select(Source)]),
        };
        if (version.Source.Conversions is { } conversions)
            activity["dct:description"] = new JsonArray([.. conversions.Select(c => (JsonNode)c.Sentence)]);
        return activity;
    }

    /// <summary>DCAT knows no columns: CSV on the Web does. Without a confirmed element, a name.</summary>
    private static JsonObject Column(ProductRecord product, string name)
    {
        var column = new JsonObject { ["@type"] = "csvw:Column", ["csvw:name"] = name };
        if (DescriptionParts.ElementOf(product, name) is not { } element)
            return column;
        column["csvw:propertyUrl"] = new JsonObject { ["@type"] = "csvw:uriTemplate", ["@value"] = element.Iri };
        if (element.Meaning is { } meaning)
        {
            column["dct:title"] = Both(meaning.En.Term, meaning.Zh.Term);
            column["dct:description"] = Both(meaning.En.Definition, meaning.Zh.Definition);
        }
        return column;
    }

    private static JsonArray Both(string en, string zh) =>
    [
        new JsonObject { ["@language"] = "en", ["@value"] = en },
        new JsonObject { ["@language"] = "zh", ["@value"] = zh },
    ];

    private static JsonNode File(Described described, FileRecord file) => new JsonObject
    {
        ["@id"] = $"{described.Address}#{file.Sha256}",
        ["@type"] = "dcat:Distribution",
        ["dct:title"] = file.Name,
        ["dcat:accessURL"] = new JsonObject { ["@id"] = described.Service.AbsoluteUri },
        ["dcat:mediaType"] = new JsonObject
        {
            ["@id"] = $"https://www.iana.org/assignments/media-types/{DescriptionParts.Parquet}",
        },
        ["dcat:byteSize"] = Typed("nonNegativeInteger", file.Bytes.ToString(CultureInfo.InvariantCulture)),
        ["spdx:checksum"] = Checksum(file.Sha256),
    };

    /// <summary>What was handed in: by name and digest, it is not to be had.</summary>
    private static JsonNode Source(SourceFile file) => new JsonObject
    {
        ["@type"] = "prov:Entity",
        ["dct:title"] = file.Name,
        ["spdx:checksum"] = Checksum(file.Sha256),
    };

    private static JsonNode Measured(Described described, Dimension dimension) => new JsonObject
    {
        ["@type"] = "dqv:QualityMeasurement",
        ["dqv:computedOn"] = new JsonObject { ["@id"] = described.Address },
        ["dqv:isMeasurementOf"] = new JsonObject
        {
            ["@id"] = Quality + dimension.RuleId,
            ["@type"] = "dqv:Metric",
            ["dqv:inDimension"] = new JsonObject
            {
                ["@id"] = Characteristics + dimension.Characteristic,
                ["@type"] = "dqv:Dimension",
            },
        },
        ["dqv:value"] = Typed("double", dimension.Ratio!.Value.ToString("R", CultureInfo.InvariantCulture)),
    };

    private static JsonObject Checksum(string sha256) => new()
    {
        ["@type"] = "spdx:Checksum",
        ["spdx:algorithm"] = new JsonObject { ["@id"] = "spdx:checksumAlgorithm_sha256" },
        ["spdx:checksumValue"] = Typed("hexBinary", sha256),
    };

    private static JsonObject Typed(string type, string value) =>
        new() { ["@type"] = $"xsd:{type}", ["@value"] = value };

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
