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
    private const string Standard = Dspace.MillraceNamespace + "gbt36344/";

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
                ["millrace"] = Dspace.MillraceNamespace,
                ["oa"] = "http://www.w3.org/ns/oa#",
                ["odrl"] = "http://www.w3.org/ns/odrl/2/",
                ["prov"] = "http://www.w3.org/ns/prov#",
                ["rdf"] = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
                ["rdfs"] = "http://www.w3.org/2000/01/rdf-schema#",
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
                [
                    .. version.Quality.Dimensions.Where(d => d.Ratio is not null).Select(d => Measured(described, d)),
                    .. Overall(described, version.Quality),
                ]),
        };
        if (version.Quality.Caps.Count > 0)
            description["dqv:hasQualityAnnotation"] =
                new JsonArray([.. version.Quality.Caps.Select(c => Held(described, c))]);
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
        // The shapes of DCAT-AP look for these types in the description itself.
        ["dcat:accessURL"] = new JsonObject
        {
            ["@id"] = described.Service.AbsoluteUri,
            ["@type"] = "rdfs:Resource",
        },
        ["dcat:mediaType"] = new JsonObject
        {
            ["@id"] = $"https://www.iana.org/assignments/media-types/{DescriptionParts.Parquet}",
            ["@type"] = "dct:MediaType",
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

    private static JsonNode Measured(Described described, Dimension dimension)
    {
        var measured = Measurement(
            // The rules of a contract measure several dimensions.
            described, $"{dimension.RuleId}/{dimension.Name}", dimension.Ratio!.Value,
            new JsonObject { ["@id"] = Characteristics + dimension.Characteristic, ["@type"] = "dqv:Dimension" },
            new JsonObject
            {
                ["@id"] = Standard + dimension.StandardCode,
                ["@type"] = "dqv:Dimension",
                ["dqv:inCategory"] = new JsonObject
                {
                    ["@id"] = Standard + dimension.StandardCode[..2],
                    ["@type"] = "dqv:Category",
                },
            });
        measured["millrace:elementsKept"] = Number(dimension.A);
        measured["millrace:elementsChecked"] = Number(dimension.B);
        return measured;
    }

    /// <summary>The total, 0 to 100, and the share of the standard's indicators that it rests on.</summary>
    private static IEnumerable<JsonNode> Overall(Described described, QualityReport report)
    {
        var method = Math.Min(report.Method, 2); // The figures of a later one are those of 2.
        JsonObject Whole() => new() { ["@id"] = Quality + "overall", ["@type"] = "dqv:Dimension" };
        if (report.Total is { } total)
            yield return Measurement(described, $"total/{method}", total, Whole());
        yield return Measurement(described, $"coverage/{method}", report.Coverage, Whole());
    }

    private static JsonObject Measurement(
        Described described, string metric, double value, params JsonObject[] dimensions) => new()
    {
        ["@type"] = "dqv:QualityMeasurement",
        ["dqv:computedOn"] = new JsonObject { ["@id"] = described.Address },
        ["dqv:isMeasurementOf"] = new JsonObject
        {
            ["@id"] = Quality + metric,
            ["@type"] = "dqv:Metric",
            ["dqv:inDimension"] = new JsonArray([.. dimensions]),
        },
        ["dqv:value"] = Number(value),
    };

    /// <summary>Why the total is not higher than it is.</summary>
    private static JsonNode Held(Described described, Cap cap) => new JsonObject
    {
        ["@type"] = "dqv:QualityAnnotation",
        ["oa:motivatedBy"] = new JsonObject { ["@id"] = "dqv:qualityAssessment" },
        ["oa:hasTarget"] = new JsonObject { ["@id"] = described.Address },
        ["oa:hasBody"] = new JsonObject { ["@type"] = "oa:TextualBody", ["rdf:value"] = cap.Reason },
        ["millrace:rule"] = cap.RuleId,
        ["millrace:totalAtMost"] = Number(cap.Limit),
    };

    private static JsonObject Number(double value) =>
        Typed("double", value.ToString("R", CultureInfo.InvariantCulture));

    private static JsonObject Checksum(string sha256) => new()
    {
        ["@type"] = "spdx:Checksum",
        ["spdx:algorithm"] = new JsonObject
        {
            ["@id"] = "spdx:checksumAlgorithm_sha256",
            ["@type"] = "spdx:ChecksumAlgorithm",
        },
        ["spdx:checksumValue"] = Typed("hexBinary", sha256),
    };

    private static JsonObject Typed(string type, string value) =>
        new() { ["@type"] = $"xsd:{type}", ["@value"] = value };

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
