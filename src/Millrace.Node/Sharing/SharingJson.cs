using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Node.Sharing;

/// <summary>Bodies of the protocol. Each JSON value stands on one line: clients read line by line.</summary>
internal static class SharingJson
{
    private static readonly JsonWriterOptions _form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IResult Result(JsonObject body, int status = StatusCodes.Status200OK) =>
        TypedResults.Text(Text(body), "application/json; charset=utf-8", Encoding.UTF8, status);

    public static IResult Lines(IEnumerable<JsonObject> lines) =>
        TypedResults.Text(
            string.Concat(lines.Select(l => Text(l) + "\n")), "application/x-ndjson; charset=utf-8", Encoding.UTF8);

    public static string Text(JsonNode body)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, _form))
            body.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
