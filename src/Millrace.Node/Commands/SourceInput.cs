using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Sources;

namespace Millrace.Node.Commands;

/// <summary>A source that somebody wrote down.</summary>
internal static class SourceInput
{
    /// <exception cref="CommandFailedException">There is no such file, or it is no source.</exception>
    public static SourceDocument Read(string path)
    {
        try
        {
            return InputFiles.ReadJson(path).Deserialize(ApiJson.Wire.SourceDocument)
                ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw CommandFailedException.BadInput(
                $"{Path.GetFileName(path)} is no source: see docs/guide/sources.md for its form.");
        }
    }
}
