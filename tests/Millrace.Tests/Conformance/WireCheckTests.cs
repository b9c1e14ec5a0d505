using System.Text.Json;
using Millrace.Schemas;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Conformance;

public sealed class WireCheckTests(TwoNodes nodes)
{
    private const string Head = """{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":""";

    private const string Service = """{"@type":"DataService","@id":"s","endpointURL":"https://provider.example"}""";

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
    [InlineData("[]")]
    [InlineData("no JSON")]
    public void What_the_schema_forbids_is_found(string message) => Assert.NotEmpty(WireCheck.Broken(message));

    [Theory]
    [InlineData("\"dct:title\":null")]
    [InlineData("\"dcat:keyword\":[]")]
    [InlineData($$"""
        "distribution":[{"format":"f","accessService":{{Service}}}]
        """)]
    [InlineData("\"hasPolicy\":[{\"@id\":\"o\",\"permission\":[{\"action\":\"use\"}]}]")]
    [InlineData("""
        "hasPolicy":[{"@type":"Offer","@id":"o","permission":[{"action":"use","target":"d"}]}]
        """)]
    public void So_is_a_data_set_with_one_member_spoiled(string member)
    {
        var members = new Dictionary<string, string>
        {
            ["hasPolicy"] = """[{"@type":"Offer","@id":"o","permission":[{"action":"use"}]}]""",
            ["distribution"] = $$"""[{"@type":"Distribution","format":"f","accessService":{{Service}}}]""",
        };
        Assert.Empty(WireCheck.Broken(Dataset(members)));
        using var spoiled = JsonDocument.Parse($"{{{member}}}");
        foreach (var part in spoiled.RootElement.EnumerateObject())
            members[part.Name] = part.Value.GetRawText();
        Assert.NotEmpty(WireCheck.Broken(Dataset(members)));
    }

    [Fact]
    public void What_is_allowed_is_let_pass() =>
        Assert.Empty(WireCheck.Broken(new KitMessage().Of(
            "ContractOfferMessage", ("providerPid", "p"), ("consumerPid", "c"),
            ("offer", KitMessage.Policy("Offer", "o", "t"))).ToJsonString()));

    [Fact]
    public async Task The_version_document_of_a_node_is_valid()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var http = new HttpClient();
        var body = await http.GetStringAsync(
            new Uri(holder.Node.Address, $"{holder.Id}/dsp/.well-known/dspace-version"), TestNode.Cancel);
        Assert.Empty(MessageSchemas.BrokenVersions(JsonElement.Parse(body)));
        Assert.NotEmpty(MessageSchemas.BrokenVersions(
            JsonElement.Parse(body.Replace("\"HTTPS\"", "\"MQTT\"", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_peer_finds_what_a_node_should_not_have_sent()
    {
        var peer = await RawPeer.StartAsync();
        using (var http = new HttpClient())
        using (var body = new StringContent("""{"@type":"ContractAgreementMessage"}"""))
        using (await http.PostAsync($"{peer.Callback.AbsoluteUri}/negotiations/1/agreement", body, TestNode.Cancel))
            await Assert.ThrowsAnyAsync<Exception>(async () => await peer.DisposeAsync());
    }

    private static string Dataset(Dictionary<string, string> members) =>
        $$"""{{Head}}"Dataset","@id":"d",{{string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value}"))}}}""";
}
