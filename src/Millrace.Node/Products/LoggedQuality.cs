using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply;
using Millrace.Log;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>
/// What the log says of the quality of a version: whoever has the entry sees whether a report is the one that the
/// version was published with, and so the weights and rules that stand in it.
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

    /// <summary>What the entry of a version says of it; null: it is not that version's.</summary>
    /// <param name="entry">The body.</param>
    public static JsonNode? In(byte[] entry, ProductVersionRecord version) =>
        JsonNode.Parse(entry) is { } told && (string?)told["type"] == EntryType.VersionPublished
        && told["data"] is { } data && (string?)data["product"] == version.Product
        && (int?)data["version"] == version.Number
            ? data[Member]
            : null;
}
