using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Millrace.Tests.Conformance;

/// <summary>What the published JSON schemas demand of the messages that a connector sends or answers.</summary>
internal static partial class SchemaRules
{
    private const string Context = "https://w3id.org/dspace/2025/1/context.jsonld";

    private static readonly string[] _mayBeEmpty = ["constraint", "filter"];

    private static readonly string[] _operators =
    [
        "eq", "gt", "gteq", "lteq", "hasPart", "isA", "isAllOf", "isAnyOf", "isNoneOf", "isPartOf", "lt", "term-lteq",
        "neq",
    ];

    private static readonly Dictionary<string, string[]> _required = new()
    {
        ["Catalog"] = ["@id", "participantId"],
        ["Dataset"] = ["@id", "hasPolicy", "distribution"],
        ["CatalogError"] = [],
        ["ContractRequestMessage"] = ["consumerPid", "offer"],
        ["ContractOfferMessage"] = ["providerPid", "offer"],
        ["ContractAgreementMessage"] = ["providerPid", "consumerPid", "agreement"],
        ["ContractAgreementVerificationMessage"] = ["providerPid", "consumerPid"],
        ["ContractNegotiationEventMessage"] = ["providerPid", "consumerPid", "eventType"],
        ["ContractNegotiationTerminationMessage"] = ["providerPid", "consumerPid"],
        ["ContractNegotiation"] = ["providerPid", "consumerPid", "state"],
        ["ContractNegotiationError"] = ["providerPid", "consumerPid"],
        ["TransferRequestMessage"] = ["agreementId", "format", "callbackAddress", "consumerPid"],
        ["TransferStartMessage"] = ["providerPid", "consumerPid"],
        ["TransferSuspensionMessage"] = ["providerPid", "consumerPid"],
        ["TransferCompletionMessage"] = ["providerPid", "consumerPid"],
        ["TransferTerminationMessage"] = ["providerPid", "consumerPid"],
        ["TransferProcess"] = ["providerPid", "consumerPid", "state"],
        ["TransferError"] = ["providerPid", "consumerPid"],
    };

    /// <summary>What is wrong with a message; nothing, if all is well.</summary>
    public static IEnumerable<string> Broken(JsonObject message)
    {
        if (message["@context"] is not JsonArray contexts || !contexts.All(IsText) ||
            contexts.All(c => (string)c! != Context))
        {
            yield return "@context is no array of strings with the context of the protocol";
        }
        if (!IsText(message["@type"]) || !_required.TryGetValue((string)message["@type"]!, out var required))
        {
            yield return $"@type {message["@type"]} is none of the protocol";
            yield break;
        }
        foreach (var name in required.Where(name => message[name] is null))
            yield return $"{name} is missing";
        foreach (var found in Texts(
            message, "@id", "providerPid", "consumerPid", "code", "callbackAddress", "agreementId", "format",
            "participantId").Concat(Everywhere(message, "")).Concat(OneOf(message)).Concat(Parts(message)))
        {
            yield return found;
        }
    }

    private static IEnumerable<string> OneOf(JsonObject message)
    {
        var others = (string?)message["@type"] switch
        {
            "ContractRequestMessage" => ("callbackAddress", "providerPid"),
            "ContractOfferMessage" => ("callbackAddress", "consumerPid"),
            _ => default,
        };
        return others is ({ } one, { } other) && message[one] is null == message[other] is null
            ? [$"exactly one of {one} and {other} must be there"]
            : [];
    }

    private static IEnumerable<string> Parts(JsonObject message)
    {
        if (message["reason"] is { } reason && (reason is not JsonArray reasons || !reasons.All(IsText)))
            yield return "reason is no array of strings";
        var found = Enumerable.Empty<string>();
        if (message["offer"] is JsonObject offer)
            found = found.Concat(Policy(offer, "Offer", "target"));
        if (message["agreement"] is JsonObject agreement)
            found = found.Concat(Policy(agreement, "Agreement", "target", "assigner", "assignee", "timestamp"));
        if (message["dataAddress"] is JsonObject address)
            found = found.Concat(Address(address));
        var datasets = (string?)message["@type"] == "Dataset" ? [message] : Objects(message["dataset"]);
        foreach (var what in found.Concat(datasets.SelectMany(Dataset)).Concat(
            Objects(message["service"]).SelectMany(s => Missing(s, "DataService", "@id", "endpointURL"))))
        {
            yield return what;
        }
    }

    private static IEnumerable<string> Dataset(JsonObject dataset)
    {
        foreach (var what in Missing(dataset, "Dataset", "@id", "hasPolicy", "distribution"))
            yield return what;
        foreach (var offer in Objects(dataset["hasPolicy"]))
        {
            if (offer["target"] is not null)
                yield return "an offer of a catalogue has a target";
            foreach (var what in Policy(offer, "Offer"))
                yield return what;
        }
        foreach (var distribution in Objects(dataset["distribution"]))
        {
            foreach (var what in Missing(distribution, "Distribution", "format", "accessService"))
                yield return what;
            if (distribution["accessService"] is JsonObject service)
            {
                foreach (var what in Missing(service, "DataService", "@id", "endpointURL"))
                    yield return what;
            }
            else if (!IsText(distribution["accessService"]))
            {
                yield return "accessService is neither a string nor a service";
            }
        }
    }

    private static IEnumerable<string> Policy(JsonObject policy, string type, params string[] required)
    {
        foreach (var what in Missing(policy, type, ["@id", .. required]).Concat(Texts(policy, required)))
            yield return what;
        if (policy["permission"] is null && policy["prohibition"] is null)
            yield return "a policy permits and forbids nothing";
        if (policy["timestamp"] is { } timestamp && !DateTime().IsMatch((string)timestamp!))
            yield return $"{timestamp} is no xsd:dateTime";
        string[] kinds = ["permission", "prohibition", "obligation"];
        foreach (var rule in kinds.SelectMany(kind => Objects(policy[kind])))
        {
            if (!IsText(rule["action"]))
                yield return "action is no string";
            if (rule["target"] is not null)
                yield return "a rule has a target of its own";
            foreach (var constraint in Objects(rule["constraint"]).Where(c => c["operator"] is not null))
            {
                if (!_operators.Contains((string?)constraint["operator"]))
                    yield return $"{constraint["operator"]} is no operator";
                if (constraint["rightOperand"] is JsonValue value && value.GetValueKind() != JsonValueKind.String)
                    yield return "rightOperand is a bare number or boolean";
            }
        }
    }

    private static IEnumerable<string> Address(JsonObject address)
    {
        foreach (var what in Missing(address, "DataAddress", "endpointType"))
            yield return what;
        foreach (var property in Objects(address["endpointProperties"]))
        {
            foreach (var what in Missing(property, "EndpointProperty", "name", "value")
                .Concat(Texts(property, "name", "value")))
            {
                yield return what;
            }
        }
    }

    /// <summary>No null and no empty array, wherever; what the schemas allow to be empty is excepted.</summary>
    private static IEnumerable<string> Everywhere(JsonNode node, string name) => node switch
    {
        JsonArray { Count: 0 } when !_mayBeEmpty.Contains(name) => [$"{name} is an empty array"],
        JsonArray array => array.SelectMany(item => item is null ? [$"{name} holds null"] : Everywhere(item, name)),
        JsonObject json => json.SelectMany(
            member => member.Value is null ? [$"{member.Key} is null"] : Everywhere(member.Value, member.Key)),
        _ => [],
    };

    private static IEnumerable<string> Missing(JsonObject json, string type, params string[] names)
    {
        if ((string?)json["@type"] != type)
            yield return $"@type of a {type} is {json["@type"]}";
        foreach (var name in names.Where(name => json[name] is null))
            yield return $"{name} of a {type} is missing";
    }

    private static IEnumerable<string> Texts(JsonObject json, params string[] names) =>
        names.Where(name => json[name] is { } value && !IsText(value)).Select(name => $"{name} is no string");

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? [];

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    [GeneratedRegex(@"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$")]
    private static partial Regex DateTime();
}
