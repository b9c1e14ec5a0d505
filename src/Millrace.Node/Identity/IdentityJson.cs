using System.Text.Json.Serialization;

namespace Millrace.Node.Identity;

/// <summary>The wire forms of identity. Names are those of DID Core and of JWT, in camel case.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DidDocumentJson))]
[JsonSerializable(typeof(PublicJwk))]
[JsonSerializable(typeof(SelfIssuedClaims))]
[JsonSerializable(typeof(PurposeClaims))]
internal sealed partial class IdentityJson : JsonSerializerContext;

internal sealed record DidDocumentJson(
    [property: JsonPropertyName("@context")] IReadOnlyList<string> Context, string Id,
    IReadOnlyList<VerificationMethodJson> VerificationMethod, IReadOnlyList<string> Authentication,
    IReadOnlyList<string> AssertionMethod, IReadOnlyList<string> CapabilityInvocation,
    IReadOnlyList<DidServiceJson> Service);

internal sealed record VerificationMethodJson(string Id, string Type, string Controller, PublicJwk? PublicKeyJwk);

internal sealed record DidServiceJson(
    [property: JsonPropertyName("@context")] IReadOnlyList<string> Context, string Id, string Type,
    string ServiceEndpoint);

internal sealed record SelfIssuedClaims(string Iss, string Sub, string Aud, string Jti, long Iat, long Exp);

internal sealed record PurposeClaims(
    string Iss, string Aud, string Agreement, string Purpose, string Project, long Iat, string Jti);
