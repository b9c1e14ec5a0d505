using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Millrace.Node.Portal;

/// <summary>JSON as people read it. The page encodes what comes out: it is text, never markup.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions _options =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Indented(JsonElement body)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, _options))
            body.WriteTo(writer);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
