using System.Text;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Pure.Tests.OnTheWire;

namespace Millrace.Pure.Tests.Catalogues;

public sealed class VersionDocumentTests
{
    private static readonly VersionDocument _sample = new(
    [
        new ProtocolVersion(
            Dspace.Version, "/cta/dsp/2025-1", ServiceId: "cta", IdentifierType: "did:web",
            Auth: new ProtocolAuth("DCP", "1.0", ["vc20-bssl/jwt"])),
        new ProtocolVersion("2024-1", "/old"),
    ]);

    [Fact]
    public void The_document_is_written_exactly_like_its_golden_file() =>
        Assert.Equal(Golden.Compact("versions"), Encoding.UTF8.GetString(_sample.Write()));

    [Fact]
    public void The_document_is_read_and_written_without_loss()
    {
        var read = Golden.Accept(VersionDocument.Read(Golden.Bytes(Golden.Json("versions"))));
        Assert.Equal(Golden.Compact("versions"), Encoding.UTF8.GetString(read.Write()));
        Assert.Equal("/cta/dsp/2025-1", read.Ours?.Path);
    }

    [Fact]
    public void Without_our_version_there_is_nobody_to_talk_to() =>
        Assert.Null(new VersionDocument([new("2024-1", "/"), new("2025-1", "/", "MQTT")]).Ours);

    [Theory]
    [InlineData("""[1]""", "malformed")]
    [InlineData("""nonsense""", "malformed")]
    [InlineData("""{}""", "missing-member")]
    [InlineData("""{"protocolVersions":[]}""", "wrong-member")]
    [InlineData("""{"protocolVersions":[{"version":"2025-1","binding":"HTTPS"}]}""", "missing-member")]
    [InlineData("""{"protocolVersions":[{"version":"1","path":"/","binding":"HTTPS","auth":{}}]}""", "missing-member")]
    public void A_broken_document_is_refused(string json, string code) =>
        Assert.Equal(code, Golden.Refuse(VersionDocument.Read(Encoding.UTF8.GetBytes(json))).Code);
}
