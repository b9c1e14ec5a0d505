using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// A product as machine learning has it: Croissant 1.1 of MLCommons, with each file and its digest, each column as a
/// field, and the offers as conditions of use.
/// </summary>
internal static class CroissantDescription
{
    /// <summary>What stands for a licence: terms are never told twice.</summary>
    public const string ByContract = "By contract: the offers of usageInfo";

    private const string Rows = "rows", Parts = "parts";

    public static JsonObject Of(Described described)
    {
        var (product, version) = (described.Product, described.Version);
        var croissant = new JsonObject
        {
            ["@context"] = Context(),
            ["@id"] = described.Address,
            ["@type"] = "sc:Dataset",
            ["conformsTo"] = "http://mlcommons.org/croissant/1.1",
            ["name"] = product.Title,
            ["description"] = DescriptionParts.Text(product),
            ["identifier"] = product.Id,
            ["url"] = described.Address,
            ["version"] = $"{version.Number}.0.0",
            ["keywords"] = new JsonArray([.. product.Keywords.Select(k => (JsonNode)k)]),
            ["datePublished"] = version.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["creator"] = Holder(described),
            ["publisher"] = Holder(described),
            ["license"] = new JsonObject
            {
                ["@type"] = "sc:CreativeWork",
                ["name"] = ByContract,
            },
            ["usageInfo"] = DescriptionParts.Offers(product),
            ["distribution"] = Distribution(described),
            ["recordSet"] = new JsonArray(new JsonObject
            {
                ["@id"] = Rows,
                ["@type"] = "cr:RecordSet",
                ["name"] = Rows,
                ["field"] = new JsonArray(
                    [.. version.Schema.Columns.Select(c => (JsonNode)Field(product, c, version.Files.Count == 1
                        ? ("fileObject", version.Files[0].Name)
                        : ("fileSet", Parts)))]),
            }),
        };
        var sensitivity = Sensitivity.Of(product, version.Classification);
        var sensitive = version.Schema.Columns
            .Where(c => sensitivity.LevelOf(c.Name) >= LevelRule.Sensitive)
            .Select(c => (JsonNode)$"{c.Name}: level {sensitivity.LevelOf(c.Name)} of GB/T 43697-2024").ToArray();
        if (sensitive.Length > 0)
            croissant["rai:personalSensitiveInformation"] = new JsonArray(sensitive);
        return croissant;
    }

    private static JsonObject Holder(Described described) => new()
    {
        ["@id"] = described.Holder.Did,
        ["@type"] = "sc:Organization",
        ["name"] = described.Holder.Title,
    };

    /// <summary>The files; of several, also the set that they are read as.</summary>
    private static JsonArray Distribution(Described described)
    {
        var files = new JsonArray([.. described.Version.Files.Select(f => (JsonNode)new JsonObject
        {
            ["@id"] = f.Name,
            ["@type"] = "cr:FileObject",
            ["name"] = f.Name,
            ["contentUrl"] = described.Service.AbsoluteUri,
            ["contentSize"] = string.Create(CultureInfo.InvariantCulture, $"{f.Bytes} B"),
            ["encodingFormat"] = DescriptionParts.Parquet,
            ["sha256"] = f.Sha256,
        })]);
        if (described.Version.Files.Count > 1)
            files.Add((JsonNode)new JsonObject
            {
                ["@id"] = Parts,
                ["@type"] = "cr:FileSet",
                ["name"] = Parts,
                ["containedIn"] = new JsonArray(
                    [.. described.Version.Files.Select(f => (JsonNode)new JsonObject { ["@id"] = f.Name })]),
                ["encodingFormat"] = DescriptionParts.Parquet,
                ["includes"] = "part-*.parquet",
            });
        return files;
    }

    private static JsonObject Field(ProductRecord product, Column column, (string Kind, string Id) from)
    {
        var mask = product.Hidden.Masks.GetValueOrDefault(column.Name);
        var field = Field(column with { Type = mask?.Masked(column.Type) ?? column.Type }, from);
        if (DescriptionParts.ElementOf(product, column.Name) is { } element)
        {
            field["equivalentProperty"] = element.Iri;
            if (element.Meaning is { } meaning)
                field["description"] = $"{meaning.En.Definition} {meaning.Zh.Definition}";
        }
        var guard = product.Hidden.HiddenColumns.Contains(column.Name) ? "Not delivered."
            : mask is not null ? $"Delivered masked ({mask})."
            : null;
        if (guard is not null)
            field["description"] = $"{field["description"]?.GetValue<string>()} {guard}".TrimStart();
        return field;
    }

    private static JsonObject Field(Column column, (string Kind, string Id) from) => new()
    {
        ["@id"] = $"{Rows}/{Uri.EscapeDataString(column.Name)}",
        ["@type"] = "cr:Field",
        ["name"] = column.Name,
        ["dataType"] = column.Type switch
        {
            ColumnType.Boolean => "sc:Boolean",
            ColumnType.Integer => "sc:Integer",
            ColumnType.Number => "sc:Float",
            ColumnType.Decimal => "sc:Number",
            ColumnType.Date => "sc:Date",
            ColumnType.Time => "sc:Time",
            ColumnType.Timestamp => "sc:DateTime",
            _ => "sc:Text",
        },
        ["source"] = new JsonObject
        {
            [from.Kind] = new JsonObject { ["@id"] = from.Id },
            ["extract"] = new JsonObject { ["column"] = column.Name },
        },
    };

    private static JsonObject Context()
    {
        var context = new JsonObject
        {
            ["@language"] = "en",
            ["@vocab"] = "https://schema.org/",
            ["sc"] = "https://schema.org/",
            ["cr"] = "http://mlcommons.org/croissant/",
            ["rai"] = "http://mlcommons.org/croissant/RAI/",
            ["dct"] = "http://purl.org/dc/terms/",
            ["conformsTo"] = "dct:conformsTo",
            ["dataType"] = new JsonObject { ["@id"] = "cr:dataType", ["@type"] = "@vocab" },
            ["equivalentProperty"] = new JsonObject { ["@id"] = "cr:equivalentProperty", ["@type"] = "@id" },
        };
        foreach (var term in (string[])
            ["recordSet", "field", "source", "fileObject", "fileSet", "extract", "column", "includes"])
        {
            context[term] = $"cr:{term}";
        }
        return context;
    }
}
