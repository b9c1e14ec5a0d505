using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Tests.Api;

public sealed class ApiJsonTests
{
    [Fact]
    public void A_record_is_written_in_camel_case_readable_and_without_what_is_absent()
    {
        var text = JsonSerializer.Serialize(new PeerDraft("did:web:天气.example"), ApiJson.Wire.PeerDraft);
        Assert.Equal("""{"address":"did:web:天气.example"}""", text);

        var transfer = new Transfer("t1", "consumer", "did:web:b", "a1", "REQUESTED");
        Assert.Equal(
            """{"id":"t1","role":"consumer","peer":"did:web:b","agreement":"a1","state":"REQUESTED"}""",
            JsonSerializer.Serialize(transfer, ApiJson.Wire.Transfer));
    }

    [Theory]
    [InlineData("""{"did":"did:web:b"}""")]
    [InlineData("""{"did":null,"base":"http://b"}""")]
    [InlineData("""{"did":"did:web:b","did":"did:web:c","base":"http://b"}""")]
    public void A_member_that_is_missing_null_or_doubled_is_an_error(string text) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(text, ApiJson.Wire.Peer));

    [Fact]
    public void An_unknown_member_is_ignored_and_an_optional_one_may_be_left_out()
    {
        var peer = JsonSerializer.Deserialize(
            """{"did":"did:web:b","base":"http://b/","later":1}""", ApiJson.Wire.Peer);
        Assert.Equal(new Peer("did:web:b", new Uri("http://b/")), peer);
    }
}
