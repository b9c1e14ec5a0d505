using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Millrace.Node.Identity;
using Millrace.Protocol;

namespace Millrace.Tests.Identity;

/// <summary>Alice calls Bob. Tokens are made by hand here, so that each can be wrong in one thing.</summary>
internal sealed class TokenWorld : IDisposable
{
    public const string Alice = "did:web:alice.example";
    public const string Bob = "did:web:bob.example";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TokenWorld()
    {
        Document = With(new VerificationMethod($"{Alice}#key-1", "JsonWebKey2020", Alice, Jwk(_key)));
        Verifier = new SelfIssuedTokenVerifier(ResolveAsync, Options, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    public IdentityOptions Options { get; } = new();
    public DidDocument Document { get; set; }
    public SelfIssuedTokenVerifier Verifier { get; }
    public List<string> Resolved { get; } = [];
    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    public JsonObject Header => new() { ["alg"] = "ES256", ["kid"] = $"{Alice}#key-1" };

    public JsonObject Claims => new()
    {
        ["iss"] = Alice,
        ["sub"] = Alice,
        ["aud"] = Bob,
        ["jti"] = "1",
        ["iat"] = Now,
        ["exp"] = Now + 60,
    };

    public static DidDocument With(params VerificationMethod[] methods)
    {
        string[] ids = [.. methods.Select(method => method.Id)];
        return new DidDocument(Alice, methods, ids, ids, ids, []);
    }

    public static PublicJwk Jwk(ECDsa key)
    {
        var q = key.ExportParameters(false).Q;
        return new PublicJwk("EC", "P-256", Base64UrlEncoder.Encode(q.X), Base64UrlEncoder.Encode(q.Y));
    }

    public string Sign(JsonObject header, JsonObject claims) =>
        Sign(header.ToJsonString(), claims.ToJsonString(), _key);

    public string Sign(string header, string claims, ECDsa? key = null)
    {
        var text = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(claims)}";
        var signature = (key ?? _key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        return $"{text}.{Base64UrlEncoder.Encode(signature)}";
    }

    public string With(string claim, JsonNode? value)
    {
        var claims = Claims;
        if (value is null)
            claims.Remove(claim);
        else
            claims[claim] = value;
        return Sign(Header, claims);
    }

    /// <summary>The code of the refusal, or <c>ok</c>.</summary>
    public async Task<string> VerifyAsync(string token) =>
        Code(await Verifier.VerifyAsync(token, Bob, TestContext.Current.CancellationToken));

    public static string Code<T>(Decision<T> decision) where T : class =>
        decision.Refused(out var refusal, out _) ? refusal.Code : "ok";

    public void Dispose() => _key.Dispose();

    private Task<Decision<DidDocument>> ResolveAsync(string did, CancellationToken cancel)
    {
        Resolved.Add(did);
        return Task.FromResult<Decision<DidDocument>>(Document);
    }
}
