using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Log;

/// <summary>
/// The one byte form of a JSON value: RFC 8785. Numbers are IEEE 754 doubles there: an integer beyond 2^53 is rounded,
/// and belongs into a string.
/// </summary>
public static class CanonicalJson
{
    /// <summary>How deep a value may be nested.</summary>
    public const int DepthMax = 64;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Writes a value in UTF-8.</summary>
    /// <exception cref="FormatException">
    /// A member name occurs twice, a number is not finite, a string holds half a surrogate pair, or the value is nested
    /// too deep.
    /// </exception>
    public static byte[] Serialize(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return Encode(text);
    }

    /// <inheritdoc cref="Serialize(JsonElement)"/>
    public static byte[] Serialize(JsonNode? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return Encode(text);
    }

    private static byte[] Encode(StringBuilder text)
    {
        try
        {
            return Strict.GetBytes(text.ToString());
        }
        catch (EncoderFallbackException)
        {
            throw new FormatException("A string holds half a surrogate pair, which UTF-8 cannot express.");
        }
    }

    private static void Write(StringBuilder text, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, value.EnumerateObject().Select(m => (NameOf(m), m.Value)), Write, depth);
                break;
            case JsonValueKind.Array:
                WriteArray(text, value.EnumerateArray(), Write, depth);
                break;
            case JsonValueKind.String:
                WriteString(text, TextOf(value));
                break;
            case JsonValueKind.Number:
                text.Append(CanonicalNumber.Format(value.GetDouble()));
                break;
            case JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                text.Append(value.GetRawText());
                break;
            default:
                throw new FormatException("There is no value.");
        }
    }

    private static void Write(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                WriteObject(text, MembersOf(members), Write, depth);
                break;
            case JsonArray items:
                WriteArray(text, items, Write, depth);
                break;
            case JsonValue leaf when leaf.TryGetValue(out JsonElement parsed):
                Write(text, parsed, depth);
                break;
            case JsonValue leaf when leaf.TryGetValue(out string? s):
                WriteString(text, s);
                break;
            default:
                WriteLeaf(text, value, depth);
                break;
        }
    }

    /// <summary>A boolean, a number, a date: as System.Text.Json has it. No string: it mends surrogates.</summary>
    private static void WriteLeaf(StringBuilder text, JsonNode value, int depth)
    {
        string json;
        try
        {
            json = value.ToJsonString();
        }
        catch (ArgumentException)
        {
            throw new FormatException("A number is not finite.");
        }
        using var document = JsonDocument.Parse(json);
        Write(text, document.RootElement, depth);
    }

    private static void WriteObject<T>(
        StringBuilder text, IEnumerable<(string Name, T Value)> members, Action<StringBuilder, T, int> write, int depth)
    {
        LimitDepth(depth);
        // RFC 8785 §3.2.3 sorts by UTF-16 code units, which is what ordinal means here.
        var sorted = members.OrderBy(m => m.Name, StringComparer.Ordinal).ToList();
        text.Append('{');
        for (var i = 0; i < sorted.Count; i++)
        {
            if (i > 0 && sorted[i].Name == sorted[i - 1].Name)
                throw new FormatException($"The member \"{sorted[i].Name}\" occurs twice.");
            if (i > 0)
                text.Append(',');
            WriteString(text, sorted[i].Name);
            text.Append(':');
            write(text, sorted[i].Value, depth + 1);
        }
        text.Append('}');
    }

    private static void WriteArray<T>(
        StringBuilder text, IEnumerable<T> items, Action<StringBuilder, T, int> write, int depth)
    {
        LimitDepth(depth);
        var separator = '[';
        foreach (var item in items)
        {
            text.Append(separator);
            write(text, item, depth + 1);
            separator = ',';
        }
        text.Append(separator == '[' ? "[]" : "]");
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u00").Append(((int)c).ToString("x2", null)),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }

    private static List<(string Name, JsonNode? Value)> MembersOf(JsonObject members)
    {
        try
        {
            return Unescape(() => members.Select(m => (Name: m.Key, m.Value)).ToList());
        }
        catch (ArgumentException) // An object that was parsed notices its repeated members only now.
        {
            throw new FormatException("A member occurs twice.");
        }
    }

    private static string NameOf(JsonProperty member) => Unescape(() => member.Name);

    private static string TextOf(JsonElement value) => Unescape(() => value.GetString()!);

    private static T Unescape<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException) // An escaped half of a surrogate pair.
        {
            throw new FormatException("A string holds half a surrogate pair, which UTF-8 cannot express.");
        }
    }

    private static void LimitDepth(int depth)
    {
        if (depth >= DepthMax)
            throw new FormatException($"The value is nested deeper than {DepthMax} levels.");
    }
}
