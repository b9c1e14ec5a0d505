using System.Text.Json;

namespace Millrace.Node.Identity;

/// <summary>A key in a DID document.</summary>
/// <param name="Id">Absolute: <c>did:web:example.org#key-1</c>.</param>
/// <param name="Key">Null where it is given in a form we do not read.</param>
public sealed record VerificationMethod(string Id, string Type, string Controller, PublicJwk? Key);

/// <summary>Where a participant can be reached for something.</summary>
public sealed record DidService(string Id, string Type, string Endpoint);

/// <summary>
/// What a participant says about itself: DID Core 1.0 §5, DCP 1.0. The lists of relationships hold method ids.
/// </summary>
public sealed record DidDocument(
    string Id, IReadOnlyList<VerificationMethod> Methods, IReadOnlyList<string> Authentication,
    IReadOnlyList<string> AssertionMethod, IReadOnlyList<string> CapabilityInvocation,
    IReadOnlyList<DidService> Services)
{
    public const string CatalogService = "CatalogService";
    public const string DataService = "DataService";

    /// <summary>
    /// Ours: where the verifier key of the participant's log lies (C2SP signed-note). A service and no verification
    /// method: some verifiers accept a token without key id only where a document has a single key.
    /// </summary>
    public const string LogKeyService = "LogVerifierKey";

    /// <summary>The document of a participant of this node, whose one key serves every relationship.</summary>
    /// <param name="dspRoot">The DSP root, without slash at the end: <c>https://example.org/acme/dsp</c>.</param>
    /// <param name="logKey">See <see cref="LogKeyService"/>.</param>
    public static DidDocument Of(Did did, ParticipantKey key, Uri dspRoot, Uri logKey)
    {
        var method = key.MethodId(did.Value);
        var root = dspRoot.AbsoluteUri.TrimEnd('/');
        return new DidDocument(
            did.Value, [new VerificationMethod(method, "JsonWebKey2020", did.Value, key.PublicKey)],
            [method], [method], [method],
            [
                // DSP 2025-1, DID discovery: the catalogue ends in /catalog, the data service in the version document.
                new DidService($"{did.Value}#catalog", CatalogService, $"{root}/2025-1/catalog"),
                new DidService($"{did.Value}#dsp", DataService, $"{root}/.well-known/dspace-version"),
                new DidService($"{did.Value}#log-key", LogKeyService, logKey.AbsoluteUri),
            ]);
    }

    /// <summary>
    /// The first endpoint of a type, where it is an absolute http(s) URL. It is still a stranger's: see GuardedHttp.
    /// </summary>
    public Uri? Endpoint(string type) => Services
        .Where(service => service.Type == type)
        .Select(service => Uri.TryCreate(service.Endpoint, UriKind.Absolute, out var url) ? url : null)
        .FirstOrDefault(url => url?.Scheme is "https" or "http");

    /// <summary>The document as JSON, UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new DidDocumentJson(
            ["https://www.w3.org/ns/did/v1", "https://w3id.org/dspace-dcp/v1.0/dcp.jsonld"], Id,
            [.. Methods.Select(m => new VerificationMethodJson(m.Id, m.Type, m.Controller, m.Key))],
            Authentication, AssertionMethod, CapabilityInvocation,
            [.. Services.Select(s => new DidServiceJson(
                ["https://w3id.org/dspace/2025/1/context.jsonld", "https://www.w3.org/ns/did/v1"],
                s.Id, s.Type, s.Endpoint))]),
        IdentityJson.Default.DidDocumentJson);
}
