using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol;

/// <summary>What all writers of messages share: absent members and empty arrays are left out.</summary>
internal static class WireWriting
{
    public static void WriteType(this Utf8JsonWriter writer, string type, string? id)
    {
        writer.WriteString("@type", type);
        writer.WriteOptional("@id", id);
    }

    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    /// <summary>The URL exactly as it was given.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, string name, Uri? url) =>
        writer.WriteOptional(name, url?.OriginalString);

    public static void WriteTexts(this Utf8JsonWriter writer, string name, IReadOnlyList<string> texts) =>
        writer.WriteList(name, texts, writer.WriteStringValue);

    public static void WriteList<T>(
        this Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var item in items) write(item);
        writer.WriteEndArray();
    }

    public static void WritePolicy(this Utf8JsonWriter writer, string name, Policy policy)
    {
        writer.WritePropertyName(name);
        PolicyJson.Write(writer, policy);
    }

    /// <summary>A state or event in capitals.</summary>
    public static void WriteWord<T>(this Utf8JsonWriter writer, string name, T word)
        where T : struct, Enum =>
        writer.WriteString(name, Capitals(word));

    public static string Capitals<T>(T word)
        where T : struct, Enum =>
        word.ToString().ToUpperInvariant();
}
