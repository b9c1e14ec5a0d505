using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Protocol;

namespace Millrace.Pure.Tests.OnTheWire;

/// <summary>Messages as they stand on the wire: files written by hand, indented for readers.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions _compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Wire", "Golden");

    /// <summary>Every file, so that none is forgotten.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(_folder).Select(file => Path.GetFileNameWithoutExtension(file));

    public static JsonObject Json(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, name + ".json")))!.AsObject();

    /// <summary>The file as it goes out: the same members in the same order, without white space.</summary>
    public static string Compact(string name) => Json(name).ToJsonString(_compact);

    public static TMessage Message<TMessage>(string name)
        where TMessage : Message =>
        Accept(Wire.Read<TMessage>(Bytes(Json(name))));

    public static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString(_compact));

    public static string Written(Message message) => Encoding.UTF8.GetString(Wire.Write(message));

    public static T Accept<T>(Decision<T> decision)
        where T : class
    {
        Assert.False(decision.Refused(out var refusal, out var next), $"{refusal?.Code}: {refusal?.Reason}");
        return next!;
    }

    public static Refusal Refuse<T>(Decision<T> decision)
        where T : class
    {
        Assert.True(decision.Refused(out var refusal, out _), "It was accepted.");
        return refusal!;
    }
}
