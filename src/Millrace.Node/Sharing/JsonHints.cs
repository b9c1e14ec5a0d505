using System.Text.Json;
using Millrace.Engine.Delivery;

namespace Millrace.Node.Sharing;

/// <summary>Reads <c>jsonPredicateHints</c>: a tree of <c>op</c> and <c>children</c>.</summary>
internal static class JsonHints
{
    private static readonly HintUnknown _unknown = new();

    /// <summary>The hint; what is not understood of it stands as unknown.</summary>
    public static Hint Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json); // Nested at most 64 deep, or it is not read.
            return Node(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return _unknown; // No JSON, or not of that form.
        }
    }

    private static Hint Node(JsonElement node)
    {
        var children = Children(node);
        return (Text(node, "op"), children.Count) switch
        {
            ("and", > 0) => new HintAll([.. children.Select(Node)]),
            ("or", > 0) => new HintAny([.. children.Select(Node)]),
            ("not", 1) => new HintNot(Node(children[0])),
            ("isNull", 1) when IsColumn(children[0]) => new HintIsNull(Text(children[0], "name")),
            ("equal", 2) => Compared(children, "=", "="),
            ("lessThan", 2) => Compared(children, "<", ">"),
            ("lessThanOrEqual", 2) => Compared(children, "<=", ">="),
            ("greaterThan", 2) => Compared(children, ">", "<"),
            ("greaterThanOrEqual", 2) => Compared(children, ">=", "<="),
            _ => _unknown,
        };
    }

    private static Hint Compared(List<JsonElement> sides, string @operator, string turned) =>
        IsColumn(sides[0]) ? Compared(sides[0], @operator, sides[1])
        : IsColumn(sides[1]) ? Compared(sides[1], turned, sides[0])
        : _unknown;

    private static Hint Compared(JsonElement column, string @operator, JsonElement literal) =>
        Text(literal, "op") == "literal" && Text(literal, "valueType") == Text(column, "valueType") &&
        Type(Text(literal, "valueType")) is { } type
            ? new HintCompared(Text(column, "name"), @operator, new HintValue(type, Text(literal, "value")))
            : _unknown;

    private static HintType? Type(string name) => name switch
    {
        "bool" => HintType.Boolean,
        "int" or "long" => HintType.Integer,
        "float" => HintType.Float,
        "double" => HintType.Double,
        "date" => HintType.Date,
        "timestamp" => HintType.Timestamp,
        "string" => HintType.Text,
        _ => null,
    };

    private static bool IsColumn(JsonElement node) => Text(node, "op") == "column";

    private static string Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static List<JsonElement> Children(JsonElement node) =>
        node.TryGetProperty("children", out var children) && children.ValueKind == JsonValueKind.Array
            ? [.. children.EnumerateArray()]
            : [];
}
