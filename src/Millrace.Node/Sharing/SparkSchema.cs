using System.Text.Json.Nodes;
using Millrace.Engine.Delivery;

namespace Millrace.Node.Sharing;

/// <summary>The columns of a view in the words of Spark, which the protocol uses.</summary>
internal static class SparkSchema
{
    /// <summary>The text of <c>schemaString</c>.</summary>
    public static string Of(IReadOnlyList<ViewColumn> columns) => SharingJson.Text(new JsonObject
    {
        ["type"] = "struct",
        ["fields"] = new JsonArray([.. columns.Select(c => (JsonNode)new JsonObject
        {
            ["name"] = c.Name,
            ["type"] = Type(c.Type),
            ["nullable"] = true,
            ["metadata"] = new JsonObject(),
        })]),
    });

    /// <summary>The type that an engine of that family reads from such a column of a Parquet file.</summary>
    private static string Type(string type) => type switch
    {
        "BOOLEAN" => "boolean",
        "TINYINT" => "byte",
        "SMALLINT" or "UTINYINT" => "short",
        "INTEGER" or "USMALLINT" => "integer",
        "BIGINT" or "UINTEGER" => "long",
        "FLOAT" => "float",
        "DOUBLE" => "double",
        "DATE" => "date",
        "TIMESTAMP" => "timestamp", // All times here are UTC.
        "BLOB" => "binary",
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) => type.ToLowerInvariant(),
        _ => "string",
    };
}
