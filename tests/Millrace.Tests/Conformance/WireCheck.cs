using System.Text.Json;
using Millrace.Schemas;

namespace Millrace.Tests.Conformance;

/// <summary>
/// Whatever a node sends or answers over the protocol passes here: it is held against our schema, and against the
/// published ones where somebody has named their folder.
/// </summary>
internal static class WireCheck
{
    /// <summary>What is wrong with a message; nothing, if all is well.</summary>
    public static IReadOnlyList<string> Broken(string message)
    {
        try
        {
            var json = JsonElement.Parse(message);
            return [.. MessageSchemas.Broken(json), .. PublishedSchemas.Given?.Broken(json) ?? []];
        }
        catch (JsonException)
        {
            return [$"It is no JSON: {message}"];
        }
    }
}
