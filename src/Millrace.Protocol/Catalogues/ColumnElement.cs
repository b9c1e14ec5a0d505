using System.Buffers;
using System.Text.Json;

namespace Millrace.Protocol.Catalogues;

/// <summary>That a column holds a data element.</summary>
/// <param name="Element">Its name, <c>field/id</c>.</param>
public sealed record ColumnElement(string Column, string Element)
{
    /// <summary>What stands before the name of an element in its IRI.</summary>
    public const string Namespace = Dspace.MillraceNamespace + "element/";

    private const string ColumnTerm = Dspace.MillraceNamespace + "column";
    private const string ElementTerm = Dspace.MillraceNamespace + "element";
    private const int CountMax = 2_000, LengthMax = 200;

    /// <summary>The IRI of an element.</summary>
    public static string IriOf(string element) => Namespace + element;

    /// <summary>The name of an element by its IRI; null: it is none of ours.</summary>
    public static string? NameOf(string? iri) =>
        iri is not null && iri.StartsWith(Namespace, StringComparison.Ordinal) ? iri[Namespace.Length..] : null;

    /// <summary>As a catalogue tells them.</summary>
    public static JsonElement ToCatalogue(IEnumerable<ColumnElement> elements)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var (column, element) in elements)
            {
                writer.WriteStartObject();
                writer.WriteString(ColumnTerm, column);
                writer.WriteStartObject(ElementTerm);
                writer.WriteString("@id", IriOf(element));
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>What a catalogue told; what is not of that form is passed over.</summary>
    internal static IReadOnlyList<ColumnElement> Read(JsonElement json)
    {
        var items = json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().Take(CountMax) : [json];
        return [.. items.Select(One).OfType<ColumnElement>()];
    }

    private static ColumnElement? One(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && Text(json, ColumnTerm) is { } column && NameOf(Text(json, ElementTerm)) is { Length: > 0 } element
            ? new ColumnElement(column, element)
            : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member)
        && WireObject.Scalar(member) is { ValueKind: JsonValueKind.String } text
        && text.GetString() is { Length: > 0 and <= LengthMax } found
            ? found
            : null;
}
