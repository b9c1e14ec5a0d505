using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>Signed claims in compact form (RFC 7515), read but not yet believed.</summary>
internal sealed class Jws
{
    private static readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private static readonly JsonDocumentOptions _form = new() { MaxDepth = 16, AllowDuplicateProperties = false };
    private readonly JsonWebToken _token;

    private Jws(JsonWebToken token, JsonElement claims) => (_token, Claims) = (token, claims);

    /// <summary>The payload: an object without duplicate members.</summary>
    public JsonElement Claims { get; }

    public string Type => _token.Typ ?? "";

    /// <summary>Signs claims. <paramref name="type"/> is the header <c>typ</c> (RFC 8725 §3.11).</summary>
    public static string Sign<T>(T claims, JsonTypeInfo<T> form, ParticipantKey key, string did, string type) =>
        _handler.CreateToken(
            JsonSerializer.Serialize(claims, form), key.Credentials(did),
            new Dictionary<string, object> { [JwtHeaderParameterNames.Typ] = type });

    /// <summary>
    /// Reads the form only: three parts, a known algorithm, no critical extension, JSON within limits.
    /// </summary>
    public static Decision<Jws> Read(string text, IdentityOptions options)
    {
        if (text.Length > options.TokenCharsMax)
            return new Refusal("token-too-large", $"A token may have at most {options.TokenCharsMax} characters.");
        try
        {
            var token = new JsonWebToken(text);
            if (token.IsEncrypted || !PublicJwk.Algorithms.Contains(token.Alg))
                return new Refusal("token-algorithm", $"Sign tokens with {string.Join(", ", PublicJwk.Algorithms)}.");
            if (token.TryGetHeaderValue<object>("crit", out _))
                return new Refusal(
                    "token-unreadable", "The token has critical extensions, of which none is known here.");
            using var header = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedHeader), _form);
            using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload), _form);
            return payload.RootElement.ValueKind == JsonValueKind.Object
                ? new Jws(token, payload.RootElement.Clone())
                : Unreadable;
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or JsonException or InvalidOperationException)
        {
            return Unreadable;
        }
    }

    /// <summary>
    /// DCP 1.0: the key that <c>kid</c> names, or the only one where it names none; it must stand in the given
    /// relationship, and have made the signature.
    /// </summary>
    /// <returns>Null where the signature holds.</returns>
    public async Task<Refusal?> CheckSignatureAsync(DidDocument signer, IReadOnlyList<string> relationship)
    {
        var method = string.IsNullOrEmpty(_token.Kid)
            ? signer.Methods.Count == 1 ? signer.Methods[0] : null
            : signer.Methods.FirstOrDefault(method => method.Id == _token.Kid);
        if (method is null)
            return new Refusal("token-key", "The token's kid names no key of the signer's DID document.");
        if (!relationship.Contains(method.Id))
            return new Refusal("token-key", "The signer's DID document does not allow this key for this use.");
        if (method.Key?.For(_token.Alg) is not { } key)
            return new Refusal("token-key", "The key in the signer's DID document does not fit the token's algorithm.");
        var checkedToken = await _handler.ValidateTokenAsync(_token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = true, // The one key, whatever its kid: it was chosen above.
            ValidAlgorithms = [_token.Alg],
            RequireSignedTokens = true,
            // Claims are checked by the caller, in the order of the specification.
            RequireExpirationTime = false,
            ValidateAudience = false,
            ValidateIssuer = false,
            ValidateLifetime = false,
        });
        return checkedToken.IsValid ? null : new Refusal("token-signature", "The token's signature is wrong.");
    }

    /// <summary>A text claim of 1 to 512 characters, or null.</summary>
    public string? Text(string name)
    {
        if (!Claims.TryGetProperty(name, out var claim) || claim.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return claim.GetString() is { Length: > 0 and <= 512 } text ? text : null;
        }
        catch (InvalidOperationException) // Half a surrogate pair is found only when the text is taken.
        {
            return null;
        }
    }

    /// <summary>A time in whole seconds since 1970, or null; fractions of a second are dropped (RFC 7519 §2).</summary>
    public long? Seconds(string name) =>
        Claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.Number &&
        claim.TryGetDecimal(out var seconds) && seconds is >= 0 and < 253_402_300_800 // The year 10 000.
            ? (long)seconds
            : null;

    public bool Has(string name) => Claims.TryGetProperty(name, out _);

    /// <summary>Whether <c>aud</c>, a text or a list of them, holds the DID.</summary>
    public bool IsFor(string did) =>
        Claims.TryGetProperty("aud", out var audience) && (audience.ValueKind == JsonValueKind.Array
            ? audience.EnumerateArray().Any(one => Is(one, did))
            : Is(audience, did));

    private static bool Is(JsonElement element, string text) =>
        element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    private static Refusal Unreadable => new("token-unreadable", "The token is not a signed JWT in compact form.");
}
