using System.Text.Json.Nodes;

namespace Millrace.Tests.Conformance;

/// <summary>Messages as the kit writes them: compact, pids and ids bare UUIDs, empty constraints spelled out.</summary>
internal sealed class KitMessage
{
    private const string Context = "https://w3id.org/dspace/2025/1/context.jsonld";
    private int _made;

    /// <summary>Every second message goes without an id of its own: the schemas ask for none.</summary>
    public JsonObject Of(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var message = new JsonObject { ["@context"] = new JsonArray(Context), ["@type"] = type };
        if (_made++ % 2 == 0)
            message["@id"] = NewId();
        foreach (var (name, value) in members)
            message[name] = value;
        return message;
    }

    public static string NewId() => Guid.CreateVersion7().ToString();

    /// <summary>An offer or agreement of the kit: use, without a condition.</summary>
    public static JsonObject Policy(string type, string id, string target) => new()
    {
        ["@type"] = type,
        ["@id"] = id,
        ["target"] = target,
        ["permission"] = new JsonArray(new JsonObject { ["action"] = "use", ["constraint"] = new JsonArray() }),
    };

    /// <summary>Where data would be; no property says how to open it.</summary>
    public static JsonObject DataAddress() => new()
    {
        ["@type"] = "DataAddress",
        ["endpoint"] = "http://example.com",
        ["endpointType"] = "https://w3id.org/idsa/v4.1/HTTP",
    };
}
