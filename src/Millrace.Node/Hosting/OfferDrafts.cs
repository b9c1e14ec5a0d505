using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Hosting;

/// <summary>Reads an ODRL offer as people write it: type and id may be left out, for the node gives them.</summary>
internal static class OfferDrafts
{
    public static Decision<Policy> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return new Refusal("bad-policy", "An offer is a JSON object.");
        if (json.EnumerateObject().GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            return new Refusal("bad-policy", $"{twice}: It is there twice.", twice);
        var draft = JsonObject.Create(json)!;
        draft["@type"] = "Offer";
        draft["@id"] ??= "draft";
        return PolicyJson.Read(JsonSerializer.SerializeToUtf8Bytes(draft, JsonNodeContext.Default.JsonObject));
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class JsonNodeContext : System.Text.Json.Serialization.JsonSerializerContext;
