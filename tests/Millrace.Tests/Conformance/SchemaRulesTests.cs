using System.Text.Json.Nodes;

namespace Millrace.Tests.Conformance;

public sealed class SchemaRulesTests
{
    private const string Head = """{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":""";

    [Theory]
    [InlineData("""{"@type":"TransferProcess","providerPid":"p","consumerPid":"c","state":"STARTED"}""")]
    [InlineData("""{"@context":"https://w3id.org/dspace/2025/1/context.jsonld","@type":"CatalogError"}""")]
    [InlineData(Head + "\"Unheard\"}")]
    [InlineData(Head + """ "TransferProcess","providerPid":"p","state":"STARTED"}""")]
    [InlineData(Head + """ "TransferProcess","providerPid":1,"consumerPid":"c","state":"STARTED"}""")]
    [InlineData(Head + """ "TransferTerminationMessage","providerPid":"p","consumerPid":"c","reason":[]}""")]
    [InlineData(Head + """ "TransferTerminationMessage","providerPid":"p","consumerPid":"c","reason":"no"}""")]
    [InlineData(Head + """ "TransferTerminationMessage","providerPid":"p","consumerPid":"c","code":null}""")]
    [InlineData(Head + """ "ContractRequestMessage","consumerPid":"c","callbackAddress":"x","providerPid":"p"}""")]
    [InlineData(Head + """ "ContractRequestMessage","consumerPid":"c","providerPid":"p","offer":{"@id":"o"}}""")]
    [InlineData(Head + """ "Dataset","@id":"d","hasPolicy":[{"@type":"Offer","@id":"o"}],"distribution":[{}]}""")]
    [InlineData(Head + """ "TransferStartMessage","providerPid":"p","consumerPid":"c","dataAddress":{}}""")]
    public void What_the_schemas_forbid_is_found(string message) =>
        Assert.NotEmpty(SchemaRules.Broken(JsonNode.Parse(message)!.AsObject()));

    [Fact]
    public void What_the_schemas_allow_is_let_pass() =>
        Assert.Empty(SchemaRules.Broken(new KitMessage().Of(
            "ContractOfferMessage", ("providerPid", "p"), ("consumerPid", "c"),
            ("offer", KitMessage.Policy("Offer", "o", "t")))));
}
