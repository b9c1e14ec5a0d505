using System.Text;
using System.Text.Json.Nodes;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Transfers;

namespace Millrace.Pure.Tests.OnTheWire;

/// <summary>What a peer with a JSON-LD processor may send for the same message.</summary>
public sealed class WireLenienceTests
{
    private const string Context = "\"@context\":[\"https://w3id.org/dspace/2025/1/context.jsonld\"]";

    [Theory]
    [InlineData(""" "https://w3id.org/dspace/2025/1/context.jsonld" """)]
    [InlineData("""["https://w3id.org/edc/dspace/v0.0.1","https://w3id.org/dspace/2025/1/context.jsonld"]""")]
    public void The_context_may_be_a_string_or_stand_among_others(string context)
    {
        var json = Golden.Json("offer-accepted");
        json["@context"] = JsonNode.Parse(context);
        Golden.Accept(Wire.Read<OfferAccepted>(Golden.Bytes(json)));
    }

    [Fact]
    public void A_message_in_full_IRIs_needs_no_context()
    {
        // As JSON-LD expansion leaves it: an array around everything, values and ids in objects.
        var expanded = """
            [{"@type":["https://w3id.org/dspace/2025/1/ContractNegotiationTerminationMessage"],
              "https://w3id.org/dspace/2025/1/providerPid":[{"@id":"p"}],
              "https://w3id.org/dspace/2025/1/consumerPid":[{"@id":"c"}],
              "https://w3id.org/dspace/2025/1/code":[{"@value":"99"}],
              "https://w3id.org/dspace/2025/1/reason":[{"@value":"One."},{"@value":"Two."}]}]
            """;
        var message = Read<NegotiationEnded>(expanded);
        Assert.Equal(("p", "c", "99"), (message.ProviderPid, message.ConsumerPid, message.Code));
        Assert.Equal(["One.", "Two."], message.Reasons);
    }

    [Fact]
    public void An_offer_in_full_IRIs_needs_no_context()
    {
        var message = Read<ContractRequest>("""
            {"@type":"https://w3id.org/dspace/2025/1/ContractRequestMessage",
             "https://w3id.org/dspace/2025/1/consumerPid":{"@id":"c"},
             "https://w3id.org/dspace/2025/1/callbackAddress":{"@value":"https://consumer.example"},
             "https://w3id.org/dspace/2025/1/offer":[{"@id":"o","@type":["http://www.w3.org/ns/odrl/2/Offer"],
               "http://www.w3.org/ns/odrl/2/target":[{"@id":"t"}],
               "http://www.w3.org/ns/odrl/2/permission":[{
                 "http://www.w3.org/ns/odrl/2/action":[{"@id":"http://www.w3.org/ns/odrl/2/use"}]}]}]}
            """);
        Assert.Equal(("o", "t", "use"), (message.Offer.Id, message.Offer.Target, message.Offer.Permissions[0].Action));
    }

    [Theory]
    [InlineData("""
        {"@type":"https://w3id.org/dspace/2025/1/CatalogRequestMessage","https://w3id.org/dspace/2025/1/filter":{}}
        """)]
    [InlineData("{" + Context + """,  "@type":"CatalogRequestMessage","filter":[{}]}""")]
    [InlineData("{" + Context + """,  "@type":"CatalogRequestMessage","filter":[]}""")]
    [InlineData("{" + Context + """,  "@type":"CatalogRequestMessage","filter":null}""")]
    [InlineData("{" + Context + """,  "@type":"CatalogRequestMessage","filter":[{"@type":"@json","@value":[]}]}""")]
    public void An_empty_filter_filters_nothing(string json) => Assert.Empty(Read<CatalogueRequest>(json).Filter);

    [Fact]
    public void A_filter_may_come_as_a_JSON_literal()
    {
        var request = Read<CatalogueRequest>(
            "{" + Context + """
            ,"@type":"CatalogRequestMessage","filter":{"@type":"@json","@value":[{"offset":0}]}}
            """);
        Assert.Equal("""{"offset":0}""", Assert.Single(request.Filter).GetRawText());
    }

    [Theory]
    [InlineData("dspace:ContractNegotiation", "dspace:state", "dspace:AGREED")]
    [InlineData("dspace:ContractNegotiation", "state", "https://w3id.org/dspace/2025/1/AGREED")]
    [InlineData("ContractNegotiation", "https://w3id.org/dspace/2025/1/state", "AGREED")]
    public void Names_and_words_may_carry_prefix_or_namespace(string type, string member, string word)
    {
        var status = Read<NegotiationStatus>(
            $$"""
            { {{Context}}, "@type":"{{type}}", "dspace:providerPid":"p", "consumerPid":{"@id":"c"},
              "{{member}}":{"@id":"{{word}}"} }
            """);
        Assert.Equal(("p", "c", NegotiationState.Agreed), (status.ProviderPid, status.ConsumerPid, status.State));
    }

    [Fact]
    public void Unknown_members_are_ignored_and_null_is_absence()
    {
        var json = Golden.Json("negotiation-ended");
        json["surprise"] = new JsonObject { ["providerPid"] = 1 };
        json["code"] = null;
        var message = Golden.Accept(Wire.Read<NegotiationEnded>(Golden.Bytes(json)));
        Assert.Equal(("urn:uuid:m8", null), (message.Id, message.Code));
    }

    [Theory]
    [InlineData("\"No.\"", "No.")]
    [InlineData("""{"message":"No."}""", "No.")]
    [InlineData("""[{"@language":"en","@value":"No."}]""", "No.")]
    [InlineData("""[{"detail":1}]""", """{"detail":1}""")]
    public void A_reason_may_be_alone_or_an_object(string reason, string expected)
    {
        var json = Golden.Json("transfer-ended");
        json["reason"] = JsonNode.Parse(reason);
        Assert.Equal([expected], Golden.Accept(Wire.Read<TransferEnded>(Golden.Bytes(json))).Reasons);
    }

    [Fact]
    public void A_single_endpoint_property_may_stand_without_array()
    {
        var json = Golden.Json("transfer-started");
        var address = json["dataAddress"]!.AsObject();
        address["endpointProperties"] = address["endpointProperties"]![0]!.DeepClone();
        var message = Golden.Accept(Wire.Read<TransferStarted>(Golden.Bytes(json)));
        Assert.Equal("TOKEN", message.DataAddress?.Property(EndpointProperty.Authorization));
    }

    [Fact]
    public void Ids_are_kept_as_they_came()
    {
        foreach (var id in new[] { "5c1f0f3e", "MQ==:MQ==:YTBi", "did:web:a%3A8080:b", "a/b c", "客流", "\"\\\u0001" })
        {
            var message = new OfferAccepted(id, id, id);
            Assert.Equal(message, Golden.Accept(Wire.Read<OfferAccepted>(Wire.Write(message))));
        }
    }

    private static TMessage Read<TMessage>(string json)
        where TMessage : Message =>
        Golden.Accept(Wire.Read<TMessage>(Encoding.UTF8.GetBytes(json)));
}
