using System.Text;
using System.Text.Json.Nodes;
using Millrace.Node.Identity;

namespace Millrace.Tests.Identity;

public sealed class DidTests
{
    [Theory]
    [InlineData("did:web:localhost%3A8083:acme", "http://localhost:8083/acme/did.json")]
    [InlineData("did:web:127.0.0.1%3A8083:acme", "http://127.0.0.1:8083/acme/did.json")]
    [InlineData("did:web:p.example", "https://p.example/.well-known/did.json")]
    [InlineData("did:web:p.example:a:B_c.d", "https://p.example/a/B_c.d/did.json")]
    [InlineData("did:web:p.example%3A8443", "https://p.example:8443/.well-known/did.json")]
    public void A_did_leads_to_its_document_and_back(string text, string url)
    {
        Assert.False(Did.Parse(text).Refused(out _, out var did));
        Assert.Equal(text, did.Value);
        var document = did.DocumentUrl(new IdentityOptions { AllowHttpLoopback = true });
        Assert.Equal(url, document.AbsoluteUri);
        Assert.False(Did.FromUrl(document).Refused(out _, out var back));
        Assert.Equal(did, back);
        Assert.Equal("https", did.DocumentUrl(new IdentityOptions()).Scheme);
    }

    [Theory]
    [InlineData("")]
    [InlineData("did:key:z6Mk")]
    [InlineData("did:web:")]
    [InlineData("did:web:P.example")]
    [InlineData("did:web:user@p.example")]
    [InlineData("did:web:p.example%3a80")]
    [InlineData("did:web:p.example%3A")]
    [InlineData("did:web:p.example%3A0")]
    [InlineData("did:web:p.example%3A080")]
    [InlineData("did:web:p.example%3A65536")]
    [InlineData("did:web:p.example%3A80%3A80")]
    [InlineData("did:web:p.example/acme")]
    [InlineData("did:web:p.example?x")]
    [InlineData("did:web:p.example#key-1")]
    [InlineData("did:web:p.example:")]
    [InlineData("did:web:p.example:a::b")]
    [InlineData("did:web:p.example:..")]
    [InlineData("did:web:p.example:.:a")]
    [InlineData("did:web:p.example:%2e%2e")]
    [InlineData("did:web:p.example:a%2Fb")]
    [InlineData("did:web:p.example\n")]
    [InlineData("did:web:-p.example")]
    [InlineData("did:web:10.0.0.1")]
    [InlineData("did:web:127.1")]
    [InlineData("did:web:0x7f.1")]
    [InlineData("did:web:2130706433")]
    [InlineData("did:web:%5B%3A%3A1%5D")]
    public void Another_spelling_is_refused(string text) => Assert.True(Did.Parse(text).Refused(out _, out _));

    [Theory]
    [InlineData("https://u:p@p.example/acme")]
    [InlineData("https://p.example/acme?x=1")]
    [InlineData("https://p.example/acme#x")]
    [InlineData("ftp://p.example/acme")]
    [InlineData("https://p.example//acme")]
    [InlineData("https://10.0.0.1/acme")]
    public void Another_address_is_refused(string url) => Assert.True(Did.FromUrl(new Uri(url)).Refused(out _, out _));

    [Fact]
    public void Our_document_has_the_form_of_the_specification_and_reads_back()
    {
        Assert.False(Did.Parse("did:web:p.example:acme").Refused(out _, out var did));
        using var key = ParticipantKey.Generate("key-1");
        var document = DidDocument.Of(
            did, key, new Uri("https://p.example/acme/dsp"), new Uri("https://p.example/acme/log/key"));
        var json = document.ToJson();
        var expected = $$$"""
            { "@context":["https://www.w3.org/ns/did/v1","https://w3id.org/dspace-dcp/v1.0/dcp.jsonld"],
              "id":"did:web:p.example:acme",
              "verificationMethod":[{"id":"did:web:p.example:acme#key-1","type":"JsonWebKey2020",
                "controller":"did:web:p.example:acme",
                "publicKeyJwk":{"kty":"EC","crv":"P-256",
                  "x":"{{{key.PublicKey.X}}}","y":"{{{key.PublicKey.Y}}}","kid":"key-1"}}],
              "authentication":["did:web:p.example:acme#key-1"],
              "assertionMethod":["did:web:p.example:acme#key-1"],
              "capabilityInvocation":["did:web:p.example:acme#key-1"],
              "service":[
                {"@context":["https://w3id.org/dspace/2025/1/context.jsonld","https://www.w3.org/ns/did/v1"],
                 "id":"did:web:p.example:acme#catalog","type":"CatalogService",
                 "serviceEndpoint":"https://p.example/acme/dsp/2025-1/catalog"},
                {"@context":["https://w3id.org/dspace/2025/1/context.jsonld","https://www.w3.org/ns/did/v1"],
                 "id":"did:web:p.example:acme#dsp","type":"DataService",
                 "serviceEndpoint":"https://p.example/acme/dsp/.well-known/dspace-version"},
                {"@context":["https://w3id.org/dspace/2025/1/context.jsonld","https://www.w3.org/ns/did/v1"],
                 "id":"did:web:p.example:acme#log-key","type":"LogVerifierKey",
                 "serviceEndpoint":"https://p.example/acme/log/key"}] }
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(json)), Encoding.UTF8.GetString(json));
        Assert.False(DidDocumentReader.Read(json).Refused(out _, out var read));
        Assert.Equal(document.Methods, read.Methods);
        Assert.Equal(document.CapabilityInvocation, read.CapabilityInvocation);
        Assert.Equal(document.Services, read.Services);
        Assert.Equal(
            "https://p.example/acme/dsp/2025-1/catalog", read.Endpoint(DidDocument.CatalogService)?.AbsoluteUri);
    }

    [Fact]
    public void A_strangers_document_is_read_leniently()
    {
        var json = """
            { "id":"did:web:p.example", "unknown":[1], "verificationMethod":[ 7, {"id":"#a"},
                {"id":"did:web:mallory.example#m","publicKeyJwk":{"kty":"EC"}}, {"id":"#b","publicKeyJwk":{"kty":5}} ],
              "authentication":"#a", "capabilityInvocation":["#a", 7, "did:web:mallory.example#m",
                {"id":"#c","publicKeyJwk":{"kty":"EC","crv":"P-256",
                  "x":"AA","y":"AA","d":"secret"}}],
              "service":[ {"type":"X","serviceEndpoint":["https://p.example/x"]}, {"type":"Y","serviceEndpoint":{}}, 7,
                {"type":"Z","serviceEndpoint":"file:///etc/passwd"} ] }
            """;
        Assert.False(DidDocumentReader.Read(Encoding.UTF8.GetBytes(json)).Refused(out _, out var document));
        Assert.Equal(
            ["did:web:p.example#a", "did:web:p.example#b", "did:web:p.example#c"], document.Methods.Select(m => m.Id));
        Assert.Equal(["did:web:p.example#a", "did:web:p.example#c"], document.CapabilityInvocation);
        Assert.Empty(document.Authentication);
        Assert.Null(document.Methods[2].Key?.For("ES256"));
        Assert.NotNull(document.Endpoint("X"));
        Assert.Null(document.Endpoint("Y"));
        Assert.Null(document.Endpoint("Z"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":5}""")]
    [InlineData("""{"id":"did:web:a","id":"did:web:b"}""")]
    [InlineData("""{"id":"\ud800"}""")]
    public void A_document_without_one_id_is_refused(string json) =>
        Assert.True(DidDocumentReader.Read(Encoding.UTF8.GetBytes(json)).Refused(out _, out _));
}
