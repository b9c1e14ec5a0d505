using System.Buffers;
using System.Text.Json;

namespace Millrace.Protocol.Catalogues;

/// <summary>Which versions of the protocol a participant speaks, and where (DSP 2025-1, version endpoint).</summary>
/// <param name="Versions">At least one.</param>
public sealed record VersionDocument(IReadOnlyList<ProtocolVersion> Versions)
{
    /// <summary>Where it is found, below the root of the participant; readable without credentials.</summary>
    public const string Path = "/.well-known/dspace-version";

    /// <summary>The first entry that we can talk to; null means: do not talk.</summary>
    public ProtocolVersion? Ours =>
        Versions.FirstOrDefault(v => v.Version == Dspace.Version && v.Binding == ProtocolVersion.Https);

    /// <summary>Plain JSON: this document has no context and no type.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Wire.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteList("protocolVersions", Versions, version => Write(writer, version));
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Refuses with the codes of <see cref="Wire.Read{TMessage}"/>.</summary>
    public static Decision<VersionDocument> Read(ReadOnlySpan<byte> utf8)
    {
        if (Wire.Parse(utf8) is not { } json) return new Refusal("malformed", "Send one JSON object in UTF-8.");
        var findings = new WireFindings();
        var body = new WireObject(json, "", findings);
        if (!body.Has("protocolVersions")) body.Missing("protocolVersions");
        var document = new VersionDocument(body.Objects("protocolVersions", o => new ProtocolVersion(
            o.Text("version"), o.Text("path"), o.Text("binding"), o.OptionalText("serviceId"),
            o.OptionalText("identifierType"), o.OptionalObject("auth", auth => new ProtocolAuth(
                auth.Text("protocol"), auth.Text("version"), auth.Texts("profile", mayBeEmpty: true))))));
        return findings.First is { } refusal ? refusal : document;
    }

    private static void Write(Utf8JsonWriter writer, ProtocolVersion version)
    {
        writer.WriteStartObject();
        writer.WriteString("version", version.Version);
        writer.WriteString("path", version.Path);
        writer.WriteString("binding", version.Binding);
        writer.WriteOptional("serviceId", version.ServiceId);
        writer.WriteOptional("identifierType", version.IdentifierType);
        if (version.Auth is { } auth)
        {
            writer.WriteStartObject("auth");
            writer.WriteString("protocol", auth.Protocol);
            writer.WriteString("version", auth.Version);
            writer.WriteTexts("profile", auth.Profiles);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}

/// <summary>One version of the protocol at one place.</summary>
/// <param name="Path">An absolute path: the root of the participant and this path make the base URL.</param>
/// <param name="ServiceId">Groups the versions of one data service.</param>
/// <param name="IdentifierType">How participant ids look, such as <c>did:web</c>.</param>
public sealed record ProtocolVersion(
    string Version, string Path, string Binding = ProtocolVersion.Https, string? ServiceId = null,
    string? IdentifierType = null, ProtocolAuth? Auth = null)
{
    /// <summary>The only binding there is.</summary>
    public const string Https = "HTTPS";
}

/// <summary>How a participant proves who it is.</summary>
public sealed record ProtocolAuth(string Protocol, string Version, IReadOnlyList<string> Profiles);
