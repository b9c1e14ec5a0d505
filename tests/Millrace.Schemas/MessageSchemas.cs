using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using Json.Schema;

namespace Millrace.Schemas;

/// <summary>
/// Holds messages against our own schema of what a node writes over the Dataspace Protocol 2025-1 (README).
/// </summary>
public static class MessageSchemas
{
    private const string Definitions = "#/$defs/";
    private const string Versions = "versionDocument";

    private static readonly FrozenDictionary<string, JsonSchema> _schemas = Load();

    /// <summary>The types of messages that there is a definition for.</summary>
    public static IEnumerable<string> Types => _schemas.Keys.Where(name => name != Versions);

    /// <summary>What is wrong with a message; nothing, if all is well.</summary>
    public static IReadOnlyList<string> Broken(JsonElement message) =>
        Findings.TypeOf(message) is { } type && type != Versions && _schemas.TryGetValue(type, out var schema)
            ? Findings.Of(schema, message, $"the definition {type}")
            : [Findings.NoMessage];

    /// <summary>What is wrong with a message as it stands on the wire.</summary>
    public static IReadOnlyList<string> Broken(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return Broken(document.RootElement);
    }

    /// <summary>What is wrong with a version document, which has neither context nor type.</summary>
    public static IReadOnlyList<string> BrokenVersions(JsonElement document) =>
        Findings.Of(_schemas[Versions], document, $"the definition {Versions}");

    /// <summary>One schema for each definition that the root names: findings are then about that one alone.</summary>
    private static FrozenDictionary<string, JsonSchema> Load()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("messages.schema.json")!;
        using var document = JsonDocument.Parse(file);
        var options = new BuildOptions { SchemaRegistry = new SchemaRegistry() };
        JsonSchema.Build(document.RootElement.Clone(), options);
        var id = document.RootElement.GetProperty("$id").GetString();
        return document.RootElement.GetProperty("oneOf").EnumerateArray()
            .Select(one => one.GetProperty("$ref").GetString()![Definitions.Length..])
            .ToFrozenDictionary(
                name => name,
                name => JsonSchema.FromText($$"""{"$ref": "{{id}}{{Definitions}}{{name}}"}""", options));
    }
}
