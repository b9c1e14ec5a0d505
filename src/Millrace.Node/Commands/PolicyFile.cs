using System.Text.Json;
using Millrace.Node.Hosting;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Commands;

/// <summary>
/// A policy in a file: an offer as people write it, or an agreement as <c>agreements --json</c> gives it.
/// </summary>
internal static class PolicyFile
{
    /// <exception cref="CommandFailedException">It is not there, or is no policy.</exception>
    public static Policy Read(string path)
    {
        var json = InputFiles.ReadJson(path);
        if (json.TryGetProperty("policy", out var inner) && inner.ValueKind == JsonValueKind.Object)
            json = inner;
        var agreed = json.TryGetProperty("@type", out var type) && type.ValueKind == JsonValueKind.String
            && Terms.Normalise(type.GetString()!) == nameof(PolicyKind.Agreement);
        Decision<Policy> read = agreed ? PolicyJson.Read(json) : OfferDrafts.Read(json);
        return read.Refused(out var refusal, out var policy)
            ? throw CommandFailedException.BadInput($"{path} is no policy: {refusal.Reason}")
            : policy;
    }
}
