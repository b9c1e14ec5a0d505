using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Queries;

/// <summary>
/// Query products as people write them: <c>{"sql": "SELECT …", "minGroup": 10, "parameters": [{"name": "from",
/// "type": "date", "min": "2001-01-01", "max": "2030-12-31", "default": …, "description": …}, …]}</c>. The SELECT may
/// be a list of lines. A text has <c>values</c> or <c>lengthMax</c>, and may have a <c>pattern</c>; what has an order
/// has <c>values</c>, or <c>min</c> and <c>max</c>. In a catalogue the same members are named by IRI, without the
/// SELECT.
/// </summary>
public static class QueryJson
{
    /// <summary>The bounds of what a holder may write; lengths are in UTF-16 units.</summary>
    public const int ParametersMax = 20, ValuesMax = 100, TextMax = 500, MinGroupMax = 1_000_000,
        SignatureMax = 16_000;

    /// <summary>Reads what a holder wrote. Nothing unknown is skipped; each parameter must be bounded.</summary>
    /// <returns>The definition, or a refusal <c>bad-definition</c> with the path of what is wrong.</returns>
    public static Decision<QueryDefinition> Read(JsonElement json)
    {
        var reader = new QueryJsonReader("", isStrict: true);
        var (sql, signature) = reader.Read(json);
        if (reader.Refusal is null && ToCatalogue(signature).GetRawText().Length > SignatureMax)
            reader.Refuse("parameters", $"take more than {SignatureMax} characters in a catalogue: shorten them");
        return reader.Refusal is { } refusal ? refusal : new QueryDefinition(sql, signature);
    }

    /// <summary>What a catalogue says of a query; null where it is none that can be understood.</summary>
    public static QuerySignature? ReadSignature(JsonElement json)
    {
        var reader = new QueryJsonReader(Dspace.MillraceNamespace, isStrict: false);
        var (_, signature) = reader.Read(json);
        return reader.Refusal is null ? signature : null;
    }

    /// <summary>The signature as a catalogue shows it.</summary>
    public static JsonElement ToCatalogue(QuerySignature signature) => JsonElement.Parse(
        Bytes(writer => Write(writer, null, signature, Dspace.MillraceNamespace)));

    /// <summary>The definition as its holder could have written it.</summary>
    public static byte[] ToBytes(QueryDefinition query) =>
        Bytes(writer => Write(writer, query.Sql, query.Signature, ""));

    /// <summary>A name for a query: SHA-256 of its written form, 64 lower-case hexadecimal digits.</summary>
    public static string Hash(QueryDefinition query) => Convert.ToHexStringLower(SHA256.HashData(ToBytes(query)));

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, string? sql, QuerySignature signature, string space)
    {
        writer.WriteStartObject();
        Text("sql", sql);
        if (signature.MinGroup is { } rows) writer.WriteNumber(space + "minGroup", rows);
        writer.WriteStartArray(space + "parameters");
        foreach (var parameter in signature.Parameters)
        {
            writer.WriteStartObject();
            Text("name", parameter.Name);
            Text("type", TypeName(parameter.Type));
            Text("description", parameter.Description);
            Text("default", parameter.Default);
            Text("min", parameter.Min);
            Text("max", parameter.Max);
            if (parameter.Values is { } values)
            {
                writer.WriteStartArray(space + "values");
                foreach (var value in values) writer.WriteStringValue(value);
                writer.WriteEndArray();
            }
            if (parameter.LengthMax is { } length) writer.WriteNumber(space + "lengthMax", length);
            Text("pattern", parameter.Pattern);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();

        void Text(string name, string? value)
        {
            if (value is not null) writer.WriteString(space + name, value);
        }
    }

    /// <summary>The name of a parameter's type, as definitions and pages have it.</summary>
    public static string TypeName(ColumnType type) => type.ToString().ToLowerInvariant();
}
