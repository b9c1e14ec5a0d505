using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply;
using Millrace.Log;
using Millrace.Node.Storage;

namespace Millrace.Node.Products;

/// <summary>
/// What the log says of the quality of a version when it is published: with it nobody can exchange the report later,
/// nor the weights and rules that stand in it.
/// </summary>
internal static class LoggedQuality
{
    /// <summary>The member of <c>version-published</c>.</summary>
    public const string Member = "quality";

    /// <summary>
    /// The total, the coverage and the digest: SHA-256 of the report's canonical JSON (RFC 8785), in lower-case
    /// hexadecimal.
    /// </summary>
    public static JsonObject Of(QualityReport report) => new()
    {
        ["total"] = report.Total,
        ["coverage"] = report.Coverage,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Serialize(
            JsonSerializer.SerializeToElement(report, RecordJson.Rows.QualityReport)))),
    };

    /// <summary>What an entry says of it.</summary>
    /// <param name="entry">The body of a <c>version-published</c>.</param>
    public static JsonNode? In(byte[] entry) => JsonNode.Parse(entry)!["data"]![Member];
}
