using System.Buffers;
using System.Text.Json;

namespace Millrace.Protocol.Catalogues;

/// <summary>What a catalogue says of columns one by one: a list of objects, each its name and one thing more.</summary>
internal static class ColumnStatements
{
    private const string ColumnTerm = Dspace.MillraceNamespace + "column";
    private const int CountMax = 2_000, LengthMax = 200;

    /// <param name="write">Writes the further member.</param>
    public static JsonElement Write<T>(
        IEnumerable<T> statements, Func<T, string> column, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var statement in statements)
            {
                writer.WriteStartObject();
                writer.WriteString(ColumnTerm, column(statement));
                write(writer, statement);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>The statements of that form; what is not is passed over.</summary>
    public static IEnumerable<(string Column, string Value)> Read(JsonElement json, string term)
    {
        var items = json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().Take(CountMax) : [json];
        foreach (var item in items.Where(i => i.ValueKind == JsonValueKind.Object))
        {
            if (Text(item, ColumnTerm) is { } column && Text(item, term) is { } value)
                yield return (column, value);
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member)
        && WireObject.Scalar(member) is { ValueKind: JsonValueKind.String } text
        && text.GetString() is { Length: > 0 and <= LengthMax } found
            ? found
            : null;
}
