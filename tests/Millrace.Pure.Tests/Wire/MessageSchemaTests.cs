using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Protocol;
using Millrace.Schemas;

namespace Millrace.Pure.Tests.OnTheWire;

public sealed class MessageSchemaTests
{
    /// <summary>Members that the schema demands, and as texts or objects; <c>/</c> leads inside.</summary>
    private static readonly Dictionary<string, string[]> _demanded = new()
    {
        ["contract-request"] =
            ["consumerPid", "callbackAddress", "offer", "offer/@id", "offer/@type", "offer/target"],
        ["counter-offer"] = ["consumerPid", "providerPid", "offer", "offer/permission"],
        ["contract-offer"] = ["providerPid", "consumerPid", "offer", "offer/target", "offer/permission/0/action"],
        ["first-offer"] =
        [
            "providerPid", "callbackAddress", "offer/permission/0/constraint/0/leftOperand",
            "offer/permission/0/constraint/0/operator", "offer/permission/0/constraint/0/rightOperand",
        ],
        ["contract-agreement"] =
        [
            "providerPid", "consumerPid", "agreement", "agreement/@id", "agreement/@type", "agreement/target",
            "agreement/assigner", "agreement/assignee", "agreement/timestamp", "agreement/permission",
        ],
        ["agreement-verified"] = ["providerPid", "consumerPid"],
        ["offer-accepted"] = ["providerPid", "consumerPid", "eventType"],
        ["negotiation-finalized"] = ["providerPid", "consumerPid", "eventType"],
        ["negotiation-ended"] = ["providerPid", "consumerPid"],
        ["negotiation-status"] = ["providerPid", "consumerPid", "state"],
        ["negotiation-refused"] = ["providerPid", "consumerPid"],
        ["transfer-request"] = ["consumerPid", "agreementId", "format", "callbackAddress"],
        ["transfer-push-request"] = ["consumerPid", "dataAddress/@type", "dataAddress/endpointType"],
        ["transfer-started"] =
        [
            "providerPid", "consumerPid", "dataAddress/endpointProperties/0/@type",
            "dataAddress/endpointProperties/0/name", "dataAddress/endpointProperties/0/value",
        ],
        ["transfer-resumed"] = ["providerPid", "consumerPid"],
        ["transfer-suspended"] = ["providerPid", "consumerPid"],
        ["transfer-completed"] = ["providerPid", "consumerPid"],
        ["transfer-ended"] = ["providerPid", "consumerPid"],
        ["transfer-status"] = ["providerPid", "consumerPid", "state"],
        ["transfer-refused"] = ["providerPid", "consumerPid"],
        ["catalogue-request"] = [],
        ["catalogue-request-filtered"] = [],
        ["catalogue-error"] = [],
        ["catalogue"] =
        [
            "@id", "participantId", "dataset/0/@id", "dataset/0/@type", "dataset/0/hasPolicy",
            "dataset/0/distribution", "catalog/0/@id", "catalog/0/@type", "service/0/endpointURL",
        ],
        ["catalogue-empty"] = ["@id", "participantId", "service", "service/0/@id", "service/0/@type"],
        ["dataset"] =
        [
            "@id", "hasPolicy", "hasPolicy/0/@id", "hasPolicy/0/@type", "distribution", "distribution/0/@type",
            "distribution/0/format", "distribution/0/accessService", "distribution/0/accessService/@type",
        ],
    };

    public static TheoryData<string> Names => [.. Samples.ByFile.Keys];

    [Fact]
    public void Every_message_that_there_is_a_schema_for_is_written_here() => Assert.Equal(
        MessageSchemas.Types.Order(StringComparer.Ordinal),
        Samples.ByFile.Keys.Select(name => (string)Golden.Json(name)["@type"]!).Distinct()
            .Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Names))]
    public void What_is_written_is_valid(string name) =>
        Assert.Empty(MessageSchemas.Broken(Wire.Write(Samples.ByFile[name])));

    [Theory, MemberData(nameof(Names))]
    public void The_same_without_what_the_schema_demands_is_not(string name)
    {
        Rejected(name, message => message.Remove("@context"));
        Rejected(name, message => message["@context"] = Dspace.Context);
        Rejected(name, message => message["@context"] = new JsonArray("https://elsewhere.example/context.jsonld"));
        Rejected(name, message => message["@type"] = "Unheard");
        foreach (var path in _demanded[name])
        {
            var steps = path.Split('/');
            Rejected(name, message => Parent(message, steps).AsObject().Remove(steps[^1]));
            Rejected(name, message => Parent(message, steps)[steps[^1]] = 7);
        }
    }

    [Theory]
    [InlineData("negotiation-ended", "reason", "[]")]
    [InlineData("negotiation-ended", "reason", """[{"message":"no"}]""")]
    [InlineData("negotiation-ended", "code", "7")]
    [InlineData("negotiation-ended", "code", "null")]
    [InlineData("negotiation-ended", "why", "\"A word that no context knows.\"")]
    [InlineData("negotiation-status", "state", "\"HAGGLING\"")]
    [InlineData("offer-accepted", "eventType", "\"VERIFIED\"")]
    [InlineData("transfer-status", "state", "\"REQUESTING\"")]
    [InlineData("transfer-suspended", "reason", "[]")]
    [InlineData("transfer-refused", "reason", "\"no\"")]
    [InlineData("transfer-refused", "consumerPid", "\"\"")]
    [InlineData("transfer-request", "callbackAddress", "\"/api/dsp\"")]
    [InlineData("transfer-request", "callbackAddress", "\"https://name:word@consumer.example\"")]
    [InlineData("transfer-request", "format", "\"HttpData-PUSH\"")]
    [InlineData("transfer-push-request", "format", "\"HttpData-PULL\"")]
    [InlineData("transfer-push-request", "dataAddress/endpointProperties", "[]")]
    [InlineData("catalogue-request", "filter", "{}")]
    [InlineData("catalogue-request", "filter", "[null]")]
    [InlineData("catalogue-error", "reason", "\"no\"")]
    [InlineData("catalogue-error", "@context", $"""["{Dspace.Context}","https://elsewhere.example/context.jsonld"]""")]
    [InlineData("catalogue", "dataset", "[]")]
    [InlineData("catalogue", "hasPolicy", "[]")]
    [InlineData("catalogue", "catalog/0/@context", "[\"https://w3id.org/dspace/2025/1/context.jsonld\"]")]
    [InlineData("catalogue", "dataset/0/distribution/0/accessService", """["urn:uuid:service-2"]""")]
    [InlineData("catalogue", "dataset/0/distribution/0/accessService", """{"@id":"urn:uuid:service-2"}""")]
    [InlineData("contract-agreement", "agreement/timestamp", "\"today\"")]
    [InlineData("contract-agreement", "agreement/timestamp", "\"2026-01-01\"")]
    [InlineData("contract-agreement", "agreement/timestamp", "\"2026-01-01T01:00Z\"")]
    [InlineData("contract-agreement", "callbackAddress", "\"https://provider.example\"")]
    [InlineData("contract-offer", "offer/permission/0/constraint", """{"and":[]}""")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0/operator", "\"odrl:eq\"")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0/rightOperand", "5")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0/rightOperand", "[true]")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0/rightOperand", """{"@value":5,"@type":"xsd:int"}""")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0/and", "[]")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0", """{"or":[]}""")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0", """{"or":[{"and":[]}]}""")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0", "{}")]
    [InlineData("contract-offer", "offer/permission/0/action", """{"@id":"odrl:use"}""")]
    [InlineData("contract-offer", "offer/permission/0/target", "\"t\"")]
    [InlineData("contract-offer", "offer/permission/0/duty", "[]")]
    [InlineData("contract-offer", "offer/obligation", """[{"action":"odrl:inform","duty":[{"action":"use"}]}]""")]
    [InlineData("contract-offer", "offer/prohibition", """[{"action":"use","target":"t"}]""")]
    [InlineData("contract-offer", "offer/profile", "[]")]
    [InlineData("contract-request", "providerPid", "\"p\"")]
    [InlineData("first-offer", "consumerPid", "\"c\"")]
    [InlineData("dataset", "hasPolicy/0/target", "\"t\"")]
    [InlineData("dataset", "title", "\"A word that no context knows.\"")]
    [InlineData("dataset", "dcat:keyword", "[]")]
    [InlineData("dataset", "https://millrace.dev/ns/rows", "null")]
    [InlineData("dataset", "https://millrace.dev/ns/columns", """[{"name":null}]""")]
    [InlineData("dataset", "distribution/0/accessService", "\"urn:uuid:service-2\"")]
    public void A_spoiled_value_is_found(string name, string path, string json) =>
        Assert.NotEmpty(MessageSchemas.Broken(Golden.Bytes(With(name, path, json))));

    [Theory]
    [InlineData("negotiation-ended", "reason", """["One.","Two."]""")]
    [InlineData("catalogue-request", "filter", "[]")]
    [InlineData("catalogue-request", "filter", "[{}]")]
    [InlineData("contract-agreement", "agreement/timestamp", "\"2026-01-01T01:00:00.123456789+08:00\"")]
    [InlineData("contract-agreement", "agreement/timestamp", "\"2026-01-01T01:00:00\"")]
    [InlineData("contract-offer", "offer/permission/0/constraint", "[]")]
    [InlineData("contract-offer", "offer/permission/0/constraint/0/rightOperand", """
        ["a",{"@value":"5","@type":"xsd:integer"}]
        """)]
    [InlineData("contract-offer", "offer/permission/0/duty", """[{"action":"odrl:inform"}]""")]
    [InlineData("contract-offer", "offer/profile", "\"https://millrace.dev/odrl/\"")]
    [InlineData("contract-offer", "offer/odrl:inheritFrom", "\"urn:uuid:1\"")]
    [InlineData("contract-offer", "offer/permission/0/constraint", """
        [{"or":[{"leftOperand":"odrl:spatial","operator":"eq","rightOperand":"EU"},{"xone":[
            {"leftOperand":"odrl:count","operator":"lteq","rightOperand":{"@value":"5","@type":"xsd:integer"}}]}]}]
        """)]
    [InlineData("dataset", "https://millrace.dev/ns/columns", """[{"name":"id"},7,false]""")]
    public void What_the_protocol_leaves_open_passes(string name, string path, string json) =>
        Assert.Empty(MessageSchemas.Broken(Golden.Bytes(With(name, path, json))));

    [Fact]
    public void Either_sort_of_rule_will_do_but_an_obligation_alone_will_not()
    {
        var message = Golden.Json("contract-offer");
        var offer = message["offer"]!.AsObject();
        offer.Remove("permission");
        offer["obligation"] = JsonNode.Parse("""[{"action":"odrl:delete"}]""");
        Assert.NotEmpty(MessageSchemas.Broken(Golden.Bytes(message)));
        offer["prohibition"] = JsonNode.Parse("""[{"action":"odrl:distribute"}]""");
        Assert.Empty(MessageSchemas.Broken(Golden.Bytes(message)));
    }

    [Fact]
    public void What_is_wrong_is_said_with_its_place() => Assert.Contains(
        MessageSchemas.Broken(Golden.Bytes(With("transfer-status", "state", "\"REQUESTING\""))),
        finding => finding.StartsWith("/state: ", StringComparison.Ordinal));

    [Fact]
    public void A_version_document_is_valid() =>
        Assert.Empty(MessageSchemas.BrokenVersions(JsonElement.Parse(Golden.Json("versions").ToJsonString())));

    [Theory]
    [InlineData("protocolVersions", "[]")]
    [InlineData("protocolVersions/0/version", "2025")]
    [InlineData("protocolVersions/0/path", "null")]
    [InlineData("protocolVersions/0/path", "\"dsp\"")]
    [InlineData("protocolVersions/0/binding", "\"MQTT\"")]
    [InlineData("protocolVersions/0/auth", """{"protocol":"DCP"}""")]
    [InlineData("protocolVersions/0/auth/profile", "\"vc20-bssl/jwt\"")]
    public void A_spoiled_version_document_is_not(string path, string json) => Assert.NotEmpty(
        MessageSchemas.BrokenVersions(JsonElement.Parse(With("versions", path, json).ToJsonString())));

    private static void Rejected(string name, Action<JsonObject> spoil)
    {
        var message = Golden.Json(name);
        spoil(message);
        Assert.NotEmpty(MessageSchemas.Broken(Golden.Bytes(message)));
    }

    /// <summary>A golden file with another value at a place, which may be an item of an array.</summary>
    private static JsonObject With(string name, string path, string json)
    {
        var message = Golden.Json(name);
        var steps = path.Split('/', path.Contains("://", StringComparison.Ordinal) ? 1 : int.MaxValue);
        var parent = Parent(message, steps);
        if (parent is JsonArray array) array[Index(steps[^1])] = JsonNode.Parse(json);
        else parent[steps[^1]] = JsonNode.Parse(json);
        return message;
    }

    private static int Index(string step) => int.Parse(step, CultureInfo.InvariantCulture);

    private static JsonNode Parent(JsonNode message, string[] steps)
    {
        foreach (var step in steps[..^1])
            message = (message is JsonArray array ? array[Index(step)] : message[step])!;
        return message;
    }
}
