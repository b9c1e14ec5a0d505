using System.Text;
using System.Text.Json.Nodes;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Transfers;

namespace Millrace.Pure.Tests.OnTheWire;

/// <summary>One change to a good message, and how it is refused.</summary>
public sealed class WireRefusalTests
{
    /// <summary>Golden file, path of the member, its new JSON (null removes it), code, path in the reason.</summary>
    public static TheoryData<string, string, string?, string, string> Changes
    {
        get
        {
            var changes = new TheoryData<string, string, string?, string, string>();
            void Add(string file, string path, string? json, string code, string? at = null) =>
                changes.Add(file, path, json, code, at ?? path);

            foreach (var (file, message) in Samples.ByFile)
            {
                Add(file, "@context", null, "wrong-context");
                Add(file, "@context", "[]", "wrong-context");
                Add(file, "@context", "[\"https://other.example/context\"]", "wrong-context");
                Add(file, "@context", $$"""[{"a":"b"},"{{Dspace.Context}}"]""", "wrong-context");
                Add(file, "@type", null, "missing-member");
                Add(file, "@type", "7", "wrong-type");
                Add(file, "@type", "\"ContractMessage\"", "wrong-type");
                if (message is NegotiationReply or TransferReply)
                {
                    Add(file, "providerPid", null, "missing-member");
                    Add(file, "consumerPid", null, "missing-member");
                    Add(file, "consumerPid", "5", "wrong-member");
                    Add(file, "providerPid", "\"\"", "wrong-member");
                    Add(file, "providerPid", "[\"a\",\"b\"]", "wrong-member");
                }
            }

            foreach (var file in new[]
                     {
                         "negotiation-ended", "negotiation-refused", "transfer-suspended", "transfer-refused",
                     })
            {
                Add(file, "code", "99", "wrong-member");
                Add(file, "reason", "[]", "wrong-member");
                Add(file, "reason", "[1]", "wrong-member");
            }

            Add("contract-request", "consumerPid", null, "missing-member");
            Add("contract-request", "callbackAddress", null, "missing-member");
            Add("contract-request", "callbackAddress", "\"/relative\"", "bad-address");
            Add("contract-request", "callbackAddress", "\"https://consumer.example/x?y=1\"", "bad-address");
            Add("contract-request", "callbackAddress", "\"https://consumer.example/x#y\"", "bad-address");
            Add("contract-request", "callbackAddress", "\"ftp://consumer.example\"", "bad-address");
            Add("contract-request", "callbackAddress", "\"https://user:secret@consumer.example\"", "bad-address");
            Add("contract-request", "providerPid", "\"p\"", "forbidden-member");
            Add("counter-offer", "providerPid", null, "missing-member", "callbackAddress");
            Add("contract-offer", "providerPid", null, "missing-member");
            Add("contract-offer", "consumerPid", null, "missing-member", "callbackAddress");
            Add("first-offer", "consumerPid", "\"c\"", "forbidden-member");
            foreach (var file in new[] { "contract-request", "contract-offer" })
            {
                Add(file, "offer", null, "missing-member");
                Add(file, "offer", "\"urn:uuid:id-only\"", "malformed");
                Add(file, "offer", """{"@type":"Offer","@id":"id-only","target":"t"}""", "bad-policy", "permission");
                Add(file, "offer.@type", null, "missing-member");
                Add(file, "offer.@type", "\"Set\"", "wrong-member");
                Add(file, "offer.@type", "\"Agreement\"", "wrong-member");
                Add(file, "offer.@id", null, "bad-policy", "@id");
                Add(file, "offer.target", null, "missing-member");
                Add(file, "offer.permission", "[]", "bad-policy", "permission");
                Add(file, "offer.permission.0.target", "\"t\"", "bad-policy", "permission[0].target");
                Add(file, "offer.permission.0.action", null, "bad-policy", "permission[0].action");
                const string constraint = "offer.permission.0.constraint.0.";
                Add(file, constraint + "operator", "\"near\"", "bad-policy", "constraint[0].operator");
                Add(file, constraint + "rightOperand", "5", "bad-policy", "constraint[0].rightOperand");
            }

            Add("contract-agreement", "agreement", null, "missing-member");
            Add("contract-agreement", "agreement.@type", "\"Offer\"", "wrong-member");
            Add("contract-agreement", "agreement.target", null, "bad-policy", "target");
            Add("contract-agreement", "agreement.assigner", null, "bad-policy", "assigner");
            Add("contract-agreement", "agreement.assignee", null, "bad-policy", "assignee");
            Add("contract-agreement", "agreement.timestamp", "\"2026-01-01\"", "bad-policy", "timestamp");
            Add("offer-accepted", "eventType", null, "missing-member");
            Add("offer-accepted", "eventType", "\"accepted\"", "wrong-member");
            Add("negotiation-status", "state", null, "missing-member");
            Add("negotiation-status", "state", "\"0\"", "wrong-member");
            Add("transfer-status", "state", "\"AGREED\"", "wrong-member");
            foreach (var member in new[] { "consumerPid", "agreementId", "format", "callbackAddress" })
                Add("transfer-request", member, null, "missing-member");
            Add("transfer-request", "callbackAddress", "\"not a url\"", "bad-address");
            Add("transfer-request", "callbackAddress", "\"https://consumer.example/x?y=1\"", "bad-address");
            Add("transfer-request", "https://millrace.dev/ns/purpose", "{}", "wrong-member");
            Add("transfer-started", "dataAddress", "\"https://x.example\"", "malformed");
            Add("transfer-started", "dataAddress.@type", null, "missing-member");
            Add("transfer-started", "dataAddress.endpointType", null, "missing-member");
            Add("transfer-started", "dataAddress.endpoint", "5", "wrong-member");
            Add("transfer-started", "dataAddress.endpointProperties", "[]", "wrong-member");
            const string property = "dataAddress.endpointProperties.1.";
            Add("transfer-started", property + "@type", null, "missing-member", "endpointProperties[1].@type");
            Add("transfer-started", property + "name", null, "missing-member", "endpointProperties[1].name");
            Add("transfer-started", property + "value", "5", "wrong-member", "endpointProperties[1].value");
            Add("catalogue", "@id", null, "missing-member");
            Add("catalogue", "participantId", null, "missing-member");
            Add("catalogue", "hasPolicy", "[]", "wrong-member");
            foreach (var member in new[] { "catalog", "service" })
                Add("catalogue", member, "[]", "wrong-member");
            Add("catalogue", "service.0.endpointURL", null, "missing-member", "service[0].endpointURL");
            Add("catalogue", "catalog.0.@id", null, "missing-member", "catalog[0].@id");
            Add("catalogue", "catalog.0.@type", null, "missing-member", "catalog[0].@type");
            Add("dataset", "@id", null, "missing-member");
            Add("dataset", "distribution.0.accessService.endpointURL", null, "missing-member", "endpointURL");
            return changes;
        }
    }

    [Theory, MemberData(nameof(Changes))]
    public void A_broken_member_is_refused_by_its_path(string file, string path, string? json, string code, string at)
    {
        var message = Golden.Json(file);
        Change(message, path.StartsWith("https:", StringComparison.Ordinal) ? [path] : path.Split('.'), json);
        var refusal = Golden.Refuse(Wire.Read<Message>(Golden.Bytes(message)));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(at, refusal.Reason, StringComparison.Ordinal);
    }

    /// <summary>One bad product of a peer keeps nobody from its others.</summary>
    [Theory]
    [InlineData("hasPolicy", null, "dataset[0].hasPolicy")]
    [InlineData("hasPolicy", "[]", "dataset[0].hasPolicy")]
    [InlineData("hasPolicy.0.target", "\"t\"", "hasPolicy[0].target")]
    [InlineData("hasPolicy.0.@id", null, "dataset[0].hasPolicy[0]")]
    [InlineData("distribution", null, "dataset[0].distribution")]
    [InlineData("distribution.0.format", null, "distribution[0].format")]
    [InlineData("distribution.0.accessService", null, "distribution[0].accessService")]
    [InlineData("distribution.0.accessService", "[\"a\",\"b\"]", "accessService")]
    public void A_data_set_with_a_broken_member_is_left_out_of_its_catalogue(string path, string? json, string at)
    {
        var message = Golden.Json("catalogue");
        var listed = Golden.Accept(Wire.Read<Catalogue>(Golden.Bytes(message))).Datasets;
        Change(message, ["dataset", "0", .. path.Split('.')], json);
        var read = Golden.Accept(Wire.Read<Catalogue>(Golden.Bytes(message)));
        Assert.Equal(listed.Skip(1).Select(d => d.Id), read.Datasets.Select(d => d.Id));
        Assert.Contains(at, Assert.Single(read.LeftOut), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("[{},{}]")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"surprise\":{\"a\":1,\"a\":2}}")]
    [InlineData("{\"state\":1,\"dspace:state\":2}")]
    [InlineData("{\"surprise\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    public void What_is_not_one_good_JSON_object_is_malformed(string json) =>
        Assert.Equal("malformed", Golden.Refuse(Wire.Read<Message>(Encoding.UTF8.GetBytes(
            json.Contains("dspace:", StringComparison.Ordinal)
                ? json.Replace("{", "{\"@context\":\"" + Dspace.Context + "\",", StringComparison.Ordinal)
                : json))).Code);

    [Fact]
    public void Text_that_is_not_UTF8_is_malformed() =>
        Assert.Equal("malformed", Golden.Refuse(Wire.Read<Message>([.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8])).Code);

    [Theory]
    [InlineData(Wire.DepthMax - 1, null)]
    [InlineData(Wire.DepthMax, "malformed")]
    [InlineData(100_000, "malformed")]
    public void A_message_may_nest_only_so_deep(int depth, string? code)
    {
        var good = Golden.Compact("offer-accepted");
        var json = good[..^1] + ",\"deep\":" + new string('[', depth) + new string(']', depth) + "}";
        var decision = Wire.Read<OfferAccepted>(Encoding.UTF8.GetBytes(json));
        if (code is null) Golden.Accept(decision);
        else Assert.Equal(code, Golden.Refuse(decision).Code);
    }

    [Fact]
    public void What_no_schema_allows_is_not_written()
    {
        var opening = (ContractRequest)Samples.ByFile["contract-request"];
        var dataset = (Dataset)Samples.ByFile["dataset"];
        var metadata = new Dictionary<string, System.Text.Json.JsonElement>(dataset.Metadata);
        metadata["http://purl.org/dc/terms/title"] = metadata[DatasetTerms.Publisher];
        foreach (var message in new Message[]
        {
            opening with { CallbackAddress = null },
            (ContractRequest)Samples.ByFile["counter-offer"] with { CallbackAddress = Samples.ConsumerBase },
            new Catalogue { Id = "c" },
            dataset with { Offers = [] },
            dataset with { Offers = [Samples.Offer] },
            dataset with { Distributions = [] },
            dataset with { Metadata = metadata },
        })
            Assert.Throws<ArgumentException>(() => Wire.Write(message));
    }

    private static void Change(JsonNode json, string[] path, string? value)
    {
        foreach (var step in path[..^1]) json = int.TryParse(step, out var i) ? json[i]! : json[step]!;
        if (value is null) Assert.True(json.AsObject().Remove(path[^1]), "There was nothing to remove.");
        else json[path[^1]] = JsonNode.Parse(value);
    }
}
