using System.Buffers;
using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Transfers;

namespace Millrace.Protocol;

/// <summary>
/// Messages of the Dataspace Protocol 2025-1 as JSON. Written: always the compact form that the JSON schemas demand.
/// Read: leniently what a JSON-LD peer may make of it, then strictly what the schemas demand. No JSON-LD processor is
/// needed: the context is built so that compacted JSON-LD is plain JSON.
/// </summary>
public static class Wire
{
    /// <summary>How deep a message may nest.</summary>
    public const int DepthMax = 64;

    // Bodies are served as application/json, never inside HTML: text stays readable and short.
    internal static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions _documentOptions = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = DepthMax,
    };

    private static readonly FrozenDictionary<string, WireType> _types = FrozenDictionary.ToFrozenDictionary(
        [.. NegotiationJson.Types, .. TransferJson.Types, .. CatalogueJson.Types], type => type.Name);

    /// <summary>The body of a message: compact JSON in UTF-8.</summary>
    /// <exception cref="ArgumentException">The message breaks a rule of its schema.</exception>
    public static byte[] Write(Message message)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("@context");
            writer.WriteStringValue(Dspace.Context);
            writer.WriteEndArray();
            switch (message)
            {
                case NegotiationMessage m: NegotiationJson.Write(writer, m); break;
                case TransferMessage m: TransferJson.Write(writer, m); break;
                default: CatalogueJson.Write(writer, message); break;
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads a message of the expected type, or of any type below it (<see cref="NegotiationMessage"/>). Refuses with
    /// <c>malformed</c> (no JSON object, a member twice, too deep), <c>wrong-context</c>, <c>wrong-type</c>,
    /// <c>missing-member</c>, <c>wrong-member</c>, <c>forbidden-member</c>, <c>bad-address</c> or <c>bad-policy</c>;
    /// the reason names the path of the member. Members it does not know are ignored.
    /// </summary>
    public static Decision<TMessage> Read<TMessage>(ReadOnlySpan<byte> utf8)
        where TMessage : Message
    {
        if (Parse(utf8) is not { } json)
            return new Refusal(
                "malformed", $"Send one JSON object in UTF-8, {DepthMax} levels deep at most, no member twice.");
        var findings = new WireFindings();
        var body = new WireObject(json, "", findings);
        var decision = ReadBody<TMessage>(body, findings);
        // Without our context a name means something only as a full IRI (DSP 2025-1 asks for the context in any case).
        if (WrongContext(body, findings) is { } refusal) return refusal;
        return decision;
    }

    private static Decision<TMessage> ReadBody<TMessage>(WireObject body, WireFindings findings)
        where TMessage : Message
    {
        var type = body.Types().Select(_types.GetValueOrDefault).FirstOrDefault(found => found is not null);
        if (findings.First is { } unreadable) return unreadable;
        if (!body.Has("@type")) body.Missing("@type");
        else if (type is null || !type.MayYield(typeof(TMessage)))
            return new Refusal("wrong-type", "@type does not belong to the message that is expected here.");
        var message = type?.Read(body);
        if (findings.First is { } refusal) return refusal;
        return message is TMessage expected
            ? expected
            : new Refusal("wrong-type", "eventType does not belong to the message that is expected here.");
    }

    /// <summary>Parses one JSON value whose every string can be read; null if it is none.</summary>
    internal static JsonElement? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            if (!Utf8.IsValid(utf8)) return null;
            var json = JsonElement.Parse(utf8, _documentOptions);
            // An escaped half of a surrogate pair is found only when its string is read: read them all, here.
            if (utf8.IndexOf("\\u"u8) >= 0) ReadStrings(json);
            return json;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void ReadStrings(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String) _ = json.GetString();
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray()) ReadStrings(item);
        if (json.ValueKind != JsonValueKind.Object) return;
        foreach (var member in json.EnumerateObject())
        {
            _ = member.Name;
            ReadStrings(member.Value);
        }
    }

    private static Refusal? WrongContext(WireObject body, WireFindings findings)
    {
        var contexts = body.List("@context", mayBeEmpty: true).ToList();
        if (contexts.Any(context => context.ValueKind != JsonValueKind.String))
            return new Refusal("wrong-context", "@context must be an array of strings.");
        return !findings.UsesContext || contexts.Any(context => context.ValueEquals(Dspace.Context))
            ? null
            : new Refusal("wrong-context", $"@context must contain {Dspace.Context}.");
    }
}
