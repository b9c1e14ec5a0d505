using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace Millrace.Node.Identity;

/// <summary>
/// A public key as in a DID document (RFC 7517). Private members of a careless stranger are not even read.
/// </summary>
/// <param name="X">EC: base64url, as <paramref name="Y"/>. RSA: <paramref name="N"/> and <paramref name="E"/>.</param>
public sealed record PublicJwk(
    [property: JsonPropertyName("kty")] string Kty,
    [property: JsonPropertyName("crv")] string? Crv = null,
    [property: JsonPropertyName("x")] string? X = null,
    [property: JsonPropertyName("y")] string? Y = null,
    [property: JsonPropertyName("n")] string? N = null,
    [property: JsonPropertyName("e")] string? E = null,
    [property: JsonPropertyName("kid")] string? Kid = null)
{
    /// <summary>The algorithms we check signatures of: RFC 7518 §3.3 and §3.4.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["ES256", "ES384", "RS256"];

    /// <summary>Kept as long as the key is: to make one ready costs as much as to check a signature.</summary>
    private static readonly ConditionalWeakTable<PublicJwk, JsonWebKey> _ready = [];

    /// <summary>
    /// The key, ready to check signatures made with <paramref name="algorithm"/>, or null where the two do not belong
    /// together: the algorithm is chosen by the signer, so the key must say that it is meant for it.
    /// </summary>
    public SecurityKey? For(string algorithm) => algorithm == Algorithm ? _ready.GetValue(this, Ready) : null;

    /// <summary>The one algorithm that the key is for, or null where it is none that we check.</summary>
    private string? Algorithm => (Kty, Crv) switch
    {
        ("EC", "P-256") when Holds(X, 32) && Holds(Y, 32) => "ES256",
        ("EC", "P-384") when Holds(X, 48) && Holds(Y, 48) => "ES384",
        // 2048 to 8192 bits: smaller keys are weak, larger ones are a way to keep us busy.
        ("RSA", _) when Bytes(N) is >= 256 and <= 1024 && Bytes(E) is >= 1 and <= 4 => "RS256",
        _ => null,
    };

    private static JsonWebKey Ready(PublicJwk key) => key.Kty == "RSA"
        ? new JsonWebKey { Kty = key.Kty, N = key.N, E = key.E }
        : new JsonWebKey { Kty = key.Kty, Crv = key.Crv, X = key.X, Y = key.Y };

    private static bool Holds(string? text, int bytes) => Bytes(text) == bytes;

    private static int Bytes(string? text)
    {
        if (text is null || text.Length > 2048)
            return -1;
        try
        {
            return Base64UrlEncoder.DecodeBytes(text).Length;
        }
        catch (FormatException)
        {
            return -1;
        }
    }
}
