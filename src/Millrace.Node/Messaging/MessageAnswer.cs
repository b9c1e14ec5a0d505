using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Protocol;

namespace Millrace.Node.Messaging;

/// <summary>What a peer answered to a message, or why there is no answer.</summary>
/// <param name="Status">Null if there was none.</param>
/// <param name="Failure">Why there was none: a sentence.</param>
/// <param name="Links">The header <c>Link</c>, for lists that go on.</param>
public sealed record MessageAnswer(
    HttpStatusCode? Status, ReadOnlyMemory<byte> Body, string? Failure = null, IReadOnlyList<string>? Links = null)
{
    /// <summary>The code of a refusal that nobody decided: trying again may help.</summary>
    public const string Unreachable = "peer-unreachable";

    public bool IsSuccess => (int?)Status is >= 200 and < 300;

    /// <summary>
    /// A definite no: trying again would change nothing. But a 404 may be the peer being a moment behind, and 408, 425
    /// and 429 say that it is not the time.
    /// </summary>
    public bool IsFinal => (int?)Status is >= 400 and < 500 and not (404 or 408 or 425 or 429);

    /// <summary>The peer's refusal in our form: its own code and reason where it gave them.</summary>
    public Refusal Refusal()
    {
        if (Status is null)
            return new Refusal(Unreachable, $"The peer could not be reached: {Failure?.TrimEnd('.')}.");
        if ((int)Status >= 500)
            return new Refusal(Unreachable, $"The peer cannot answer now (status {(int)Status}): try again.");
        var (code, reason) = ReadError();
        return new Refusal(
            code ?? "peer-refused", reason ?? $"The peer answered {(int)Status} without saying why.");
    }

    /// <summary>The next page of a list (RFC 8288), which must be where the list itself is.</summary>
    public Uri? Next(Uri page)
    {
        foreach (var link in (Links ?? []).SelectMany(l => l.Split(',', StringSplitOptions.TrimEntries)))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            if (link.StartsWith('<') && end > 0 && link[end..].Contains("rel=\"next\"", StringComparison.Ordinal) &&
                Uri.TryCreate(page, link[1..end], out var next) && next.Authority == page.Authority)
            {
                return next;
            }
        }
        return null;
    }

    private (string? Code, string? Reason) ReadError()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } body)
                return default;
            var code = body.TryGetProperty("code", out var c) && c.ValueKind == JsonValueKind.String
                ? c.GetString()
                : null;
            return (code, body.TryGetProperty("reason", out var reason) ? ReadReason(reason) : null);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? ReadReason(JsonElement reason)
    {
        if (reason.ValueKind == JsonValueKind.String)
            return reason.GetString();
        if (reason.ValueKind != JsonValueKind.Array)
            return null;
        var sentences = new StringBuilder();
        foreach (var item in reason.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String))
            sentences.Append(sentences.Length == 0 ? "" : " ").Append(item.GetString());
        return sentences.Length == 0 ? null : sentences.ToString();
    }
}
