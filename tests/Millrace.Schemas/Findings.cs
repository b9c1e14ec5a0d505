using System.Text.Json;
using Json.Schema;

namespace Millrace.Schemas;

/// <summary>What a validator says, as lines for people.</summary>
internal static class Findings
{
    public const string NoMessage = "It is no object with the @type of a message of the protocol.";

    private static readonly EvaluationOptions _everyError = new() { OutputFormat = OutputFormat.List };

    /// <summary>The <c>@type</c> of a message; null if it has none.</summary>
    public static string? TypeOf(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("@type", out var type) &&
        type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;

    /// <summary>What is wrong; nothing, if all is well.</summary>
    public static IReadOnlyList<string> Of(JsonSchema schema, JsonElement json, string name)
    {
        var result = schema.Evaluate(json, _everyError);
        return result.IsValid
            ? []
            : [
                $"It breaks {name}.",
                .. (result.Details ?? []).SelectMany(detail => (detail.Errors ?? new Dictionary<string, string>())
                    .Select(error => $"{detail.InstanceLocation}: {error.Key}: {error.Value}")),
            ];
    }
}
