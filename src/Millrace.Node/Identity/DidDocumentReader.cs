using System.Text.Json;
using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>
/// Reads a stranger's DID document. Lenient in form (a key may stand in a relationship, ids may be relative, unknown
/// parts are passed over), strict in what counts: a key belongs to the document's own DID, counts are limited.
/// </summary>
public static class DidDocumentReader
{
    private const int MethodsMax = 32;
    private const int ServicesMax = 64;
    private static readonly JsonDocumentOptions _form = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>
    /// The document, or <c>did-document</c>. That the id is the DID asked for is the resolver's to check.
    /// </summary>
    public static Decision<DidDocument> Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json, _form);
            return Read(parsed.RootElement);
        }
        catch (JsonException)
        {
            return Unreadable("is not JSON");
        }
        catch (InvalidOperationException) // A string that is no valid UTF-16 is found only when it is taken.
        {
            return Unreadable("holds a broken text");
        }
    }

    private static Decision<DidDocument> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "id") is not { } id)
            return Unreadable("has no id");
        var methods = new Dictionary<string, VerificationMethod>();
        foreach (var element in Items(root, "verificationMethod"))
            Add(methods, element, id);
        var authentication = Relationship(root, "authentication", methods, id);
        var assertion = Relationship(root, "assertionMethod", methods, id);
        var invocation = Relationship(root, "capabilityInvocation", methods, id);
        if (methods.Count > MethodsMax)
            return Unreadable($"has more than {MethodsMax} keys");
        var services = Items(root, "service").Take(ServicesMax)
            .Select(element => Service(element, id)).OfType<DidService>();
        return new DidDocument(id, [.. methods.Values], authentication, assertion, invocation, [.. services]);
    }

    /// <summary>Adds a key and answers its id; null where it has none or belongs to another DID.</summary>
    private static string? Add(Dictionary<string, VerificationMethod> methods, JsonElement element, string did)
    {
        if (element.ValueKind != JsonValueKind.Object || Absolute(Text(element, "id"), did) is not { } id)
            return null;
        var method = new VerificationMethod(
            id, Text(element, "type") ?? "", Text(element, "controller") ?? did, Key(element));
        return methods.TryAdd(id, method) ? id : null; // The first of two with one id counts.
    }

    private static List<string> Relationship(
        JsonElement root, string name, Dictionary<string, VerificationMethod> methods, string did) =>
        [.. Items(root, name).Take(MethodsMax)
            .Select(element => element.ValueKind == JsonValueKind.String
                ? Absolute(element.GetString(), did)
                : Add(methods, element, did))
            .OfType<string>()];

    private static PublicJwk? Key(JsonElement method)
    {
        if (!method.TryGetProperty("publicKeyJwk", out var key))
            return null;
        try
        {
            return key.Deserialize(IdentityJson.Default.PublicJwk);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DidService? Service(JsonElement element, string did)
    {
        if (element.ValueKind != JsonValueKind.Object || Text(element, "type") is not { } type ||
            !element.TryGetProperty("serviceEndpoint", out var endpoint))
            return null;
        if (endpoint.ValueKind == JsonValueKind.Array)
            endpoint = endpoint.EnumerateArray().FirstOrDefault();
        return endpoint.ValueKind == JsonValueKind.String
            ? new DidService(Absolute(Text(element, "id"), did) ?? did, type, Check.NotNull(endpoint.GetString()))
            : null;
    }

    private static string? Absolute(string? id, string did) =>
        id is null ? null
        : id.StartsWith('#') ? did + id
        : id.StartsWith(did + "#", StringComparison.Ordinal) ? id
        : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : default;

    private static Refusal Unreadable(string why) => new("did-document", $"The DID document {why}.");
}
