using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Millrace.Schemas;

/// <summary>
/// Holds messages against the published schemas of the Dataspace Protocol 2025-1, which are normative. They are no part
/// of this repository: whoever has them names their folder.
/// </summary>
public sealed class PublishedSchemas
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "MILLRACE_DSP_SCHEMAS";

    private const string End = "-schema.json";
    private const string Versions = "common/protocol-version";

    private static readonly string[] _folders = ["catalog", "common", "negotiation", "transfer"];

    /// <summary>What a type of message is held against; catalogue and data set with their context.</summary>
    private static readonly FrozenDictionary<string, string> _files = new Dictionary<string, string>
    {
        ["CatalogRequestMessage"] = "catalog/catalog-request-message",
        ["CatalogError"] = "catalog/catalog-error",
        ["Catalog"] = "catalog/catalog",
        ["Dataset"] = "catalog/dataset",
        ["ContractRequestMessage"] = "negotiation/contract-request-message",
        ["ContractOfferMessage"] = "negotiation/contract-offer-message",
        ["ContractAgreementMessage"] = "negotiation/contract-agreement-message",
        ["ContractAgreementVerificationMessage"] = "negotiation/contract-agreement-verification-message",
        ["ContractNegotiationEventMessage"] = "negotiation/contract-negotiation-event-message",
        ["ContractNegotiationTerminationMessage"] = "negotiation/contract-negotiation-termination-message",
        ["ContractNegotiation"] = "negotiation/contract-negotiation",
        ["ContractNegotiationError"] = "negotiation/contract-negotiation-error",
        ["TransferRequestMessage"] = "transfer/transfer-request-message",
        ["TransferStartMessage"] = "transfer/transfer-start-message",
        ["TransferSuspensionMessage"] = "transfer/transfer-suspension-message",
        ["TransferCompletionMessage"] = "transfer/transfer-completion-message",
        ["TransferTerminationMessage"] = "transfer/transfer-termination-message",
        ["TransferProcess"] = "transfer/transfer-process",
        ["TransferError"] = "transfer/transfer-error",
    }.ToFrozenDictionary();

    private static readonly Lazy<PublishedSchemas?> _given = new(() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? new PublishedSchemas(folder) : null);

    private readonly FrozenDictionary<string, JsonSchema> _schemas;

    /// <summary>Reads the files of a folder into one registry, so that their references lead to each other.</summary>
    /// <exception cref="ArgumentException">A file that a message would be held against is not there.</exception>
    public PublishedSchemas(string folder)
    {
        var options = new BuildOptions { SchemaRegistry = new SchemaRegistry() };
        _schemas = _folders.Where(name => Directory.Exists(Path.Combine(folder, name)))
            .SelectMany(name => Directory.EnumerateFiles(Path.Combine(folder, name), "*" + End)
                .Select(file => (Name: $"{name}/{Path.GetFileName(file)[..^End.Length]}", File: file)))
            .ToFrozenDictionary(
                found => found.Name,
                found => JsonSchema.FromText(NamedFirst(Mended(File.ReadAllText(found.File))), options));
        if (_files.Values.Append(Versions).Where(name => !_schemas.ContainsKey(name)).ToList() is [var missing, ..])
            throw new ArgumentException($"{folder} holds no {missing}{End}.", nameof(folder));
    }

    /// <summary>Those of the folder that <see cref="Variable"/> names; null if it names none.</summary>
    public static PublishedSchemas? Given => _given.Value;

    /// <summary>The types of messages that can be held against a file, and which.</summary>
    public static IReadOnlyDictionary<string, string> Files => _files;

    /// <summary>What is wrong with a message; nothing, if all is well.</summary>
    public IReadOnlyList<string> Broken(JsonElement message) =>
        Findings.TypeOf(message) is { } type && _files.TryGetValue(type, out var file)
            ? Findings.Of(_schemas[file], message, file + End)
            : [Findings.NoMessage];

    /// <summary>What is wrong with a version document, which has neither context nor type.</summary>
    public IReadOnlyList<string> BrokenVersions(JsonElement document) =>
        Findings.Of(_schemas[Versions], document, Versions + End);

    /// <summary>The order of members means nothing, but the validator stumbles over a name that comes late.</summary>
    private static string NamedFirst(string schema)
    {
        var json = JsonNode.Parse(schema)!.AsObject();
        if (json["$id"] is { } name)
        {
            json.Remove("$id");
            json.Insert(0, "$id", name);
        }
        return json.ToJsonString();
    }

    /// <summary>Two faults of the published files, at which a strict validator stops.</summary>
    private static string Mended(string schema) => schema
        .Replace(".json#definitions/", ".json#/definitions/", StringComparison.Ordinal)
        .Replace("\"items\": \"string\"", "\"items\": { \"type\": \"string\" }", StringComparison.Ordinal);
}
