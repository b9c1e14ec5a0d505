using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Millrace.Node.Identity;

namespace Millrace.Tests.Identity;

public sealed class SelfIssuedTokenTests : IDisposable
{
    private readonly TokenWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_right_token_names_the_caller_and_is_remembered_until_it_is_refused_anyway()
    {
        var token = _world.Sign(_world.Header, _world.Claims);
        var decision = await _world.Verifier.VerifyAsync(token, TokenWorld.Bob, TestContext.Current.CancellationToken);
        Assert.False(decision.Refused(out _, out var caller));
        Assert.Equal(TokenWorld.Alice, caller.Did);
        var forgotten = _world.Time.GetUtcNow().AddSeconds(60) + _world.Options.Leeway + TimeSpan.FromSeconds(1);
        Assert.Equal(new CallToken(TokenWorld.Alice, "1", forgotten), caller.Token);
    }

    [Fact]
    public async Task An_issued_token_is_accepted()
    {
        using var key = ParticipantKey.Generate("key-7");
        _world.Document = DidDocument.Of(
            Parsed(TokenWorld.Alice), key, new Uri("https://alice.example/dsp"),
            new Uri("https://alice.example/log/key"));
        var token = SelfIssuedToken.Issue(key, TokenWorld.Alice, TokenWorld.Bob, _world.Time.GetUtcNow(), "1");
        Assert.Equal("ok", await _world.VerifyAsync(token));
    }

    [Theory]
    [InlineData(59)]
    [InlineData(301)]
    public void A_token_lives_one_to_five_minutes(int seconds)
    {
        using var key = ParticipantKey.Generate("key-1");
        Assert.Throws<ArgumentOutOfRangeException>(() => SelfIssuedToken.Issue(
            key, TokenWorld.Alice, TokenWorld.Bob, _world.Time.GetUtcNow(), "1", TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData("exp", -30, "ok")]
    [InlineData("exp", -31, "token-expired")]
    [InlineData("exp", -60, "token-expired")]
    [InlineData("exp", 3630, "ok")]
    [InlineData("exp", 3631, "token-life")]
    [InlineData("iat", 30, "ok")]
    [InlineData("iat", 31, "token-early")]
    [InlineData("iat", 60, "token-early")]
    [InlineData("nbf", 30, "ok")]
    [InlineData("nbf", 31, "token-early")]
    [InlineData("nbf", 60, "token-early")]
    public async Task Clocks_may_differ_by_thirty_seconds(string claim, int seconds, string code) =>
        Assert.Equal(code, await _world.VerifyAsync(_world.With(claim, _world.Now + seconds)));

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("jti")]
    [InlineData("iat")]
    [InlineData("exp")]
    public async Task A_token_without_a_claim_is_refused(string claim) =>
        Assert.Equal("token-claims", await _world.VerifyAsync(_world.With(claim, null)));

    [Fact]
    public async Task A_token_for_somebody_else_is_refused_before_anybody_is_asked()
    {
        Assert.Equal("token-issuer", await _world.VerifyAsync(_world.With("iss", "did:web:mallory.example")));
        Assert.Equal("token-audience", await _world.VerifyAsync(_world.With("aud", "did:web:carol.example")));
        Assert.Equal("token-audience", await _world.VerifyAsync(_world.With("aud", null)));
        Assert.Empty(_world.Resolved);
        Assert.Equal("ok", await _world.VerifyAsync(_world.With("aud", new JsonArray("x", TokenWorld.Bob))));
    }

    [Fact]
    public async Task The_steps_are_taken_in_the_order_of_the_specification()
    {
        // Everything is wrong; each step that is put right uncovers the next.
        using var mallory = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _world.Document = _world.Document with { Id = "did:web:carol.example" };
        var claims = _world.Claims;
        claims["iss"] = "did:web:mallory.example";
        claims["aud"] = "did:web:carol.example";
        claims["nbf"] = _world.Now + 100;
        claims["exp"] = _world.Now - 100;
        var header = _world.Header.ToJsonString();
        Assert.Equal("token-issuer", await _world.VerifyAsync(_world.Sign(header, claims.ToJsonString(), mallory)));
        claims["iss"] = TokenWorld.Alice;
        Assert.Equal("token-audience", await _world.VerifyAsync(_world.Sign(header, claims.ToJsonString(), mallory)));
        claims["aud"] = TokenWorld.Bob;
        Assert.Equal("token-signature", await _world.VerifyAsync(_world.Sign(header, claims.ToJsonString(), mallory)));
        Assert.Equal("did-mismatch", await _world.VerifyAsync(_world.Sign(header, claims.ToJsonString())));
        _world.Document = _world.Document with { Id = TokenWorld.Alice };
        Assert.Equal("token-early", await _world.VerifyAsync(_world.Sign(header, claims.ToJsonString())));
        claims["nbf"] = _world.Now;
        Assert.Equal("token-expired", await _world.VerifyAsync(_world.Sign(header, claims.ToJsonString())));
        claims["exp"] = _world.Now;
        Assert.Equal("ok", await _world.VerifyAsync(_world.Sign(header, claims.ToJsonString())));
    }

    [Fact]
    public async Task A_key_that_may_not_invoke_is_refused()
    {
        _world.Document = _world.Document with { CapabilityInvocation = [] };
        Assert.Equal("token-key", await _world.VerifyAsync(_world.Sign(_world.Header, _world.Claims)));
    }

    [Fact]
    public async Task A_token_without_kid_is_accepted_only_where_there_is_one_key()
    {
        var token = _world.Sign(new JsonObject { ["alg"] = "ES256" }, _world.Claims);
        var one = _world.Document.Methods[0];
        _world.Document = TokenWorld.With(one, one with { Id = $"{TokenWorld.Alice}#key-2" });
        Assert.Equal("token-key", await _world.VerifyAsync(token));
        _world.Document = TokenWorld.With(one) with { CapabilityInvocation = [] };
        Assert.Equal("token-key", await _world.VerifyAsync(token));
        _world.Document = TokenWorld.With(one);
        Assert.Equal("ok", await _world.VerifyAsync(token));
    }

    [Theory]
    [InlineData("""{"alg":"none"}""", "token-algorithm")]
    [InlineData("""{"alg":"HS256"}""", "token-algorithm")]
    [InlineData("""{"alg":"ES384","kid":"did:web:alice.example#key-1"}""", "token-key")]
    [InlineData("""{"alg":"RS256","kid":"did:web:alice.example#key-1"}""", "token-key")]
    [InlineData("""{"alg":"ES256","kid":"did:web:mallory.example#key-1"}""", "token-key")]
    [InlineData("""{"alg":"ES256","kid":"did:web:alice.example#key-1","crit":["exp"]}""", "token-unreadable")]
    [InlineData("""{"alg":"ES256","kid":"did:web:alice.example#key-1","typ":"vp+jwt"}""", "token-type")]
    public async Task A_header_that_asks_for_something_else_is_refused(string header, string code) =>
        Assert.Equal(code, await _world.VerifyAsync(_world.Sign(header, _world.Claims.ToJsonString())));

    [Fact]
    public async Task Duplicate_claims_and_long_tokens_are_refused()
    {
        var doubled = _world.Claims.ToJsonString()
            .Replace("{", """{"aud":"did:web:carol.example",""", StringComparison.Ordinal);
        Assert.Equal("token-unreadable", await _world.VerifyAsync(_world.Sign(_world.Header.ToJsonString(), doubled)));
        Assert.Equal("token-too-large", await _world.VerifyAsync(new string('a', 8193)));
    }

    [Fact]
    public void A_spoiled_token_is_refused_and_never_throws()
    {
        var right = _world.Sign(_world.Header, _world.Claims);
        Gen.Select(Gen.Int[0, right.Length - 1], Gen.Char[' ', '~']).Sample(change =>
        {
            var (at, to) = change;
            var spoiled = right[..at] + to + right[(at + 1)..];
            // The last character of a signature carries two bits that mean nothing.
            if (at == right.Length - 1 || spoiled == right)
                return true;
            return _world.VerifyAsync(spoiled).GetAwaiter().GetResult() != "ok";
        }, iter: 2000, threads: 1);
    }

    [Theory]
    [InlineData(@"""\ud800""")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task A_claim_of_a_wrong_kind_is_refused(string value)
    {
        var claims = $$"""{"iss":{{value}},"sub":{{value}},"aud":{{value}},"jti":{{value}},"iat":"x","exp":1e99}""";
        Assert.NotEqual("ok", await _world.VerifyAsync(_world.Sign(_world.Header.ToJsonString(), claims)));
    }

    [Fact]
    public async Task An_rsa_key_of_2048_bits_is_accepted_and_a_small_one_refused()
    {
        foreach (var (bits, code) in new[] { (2048, "ok"), (1024, "token-key") })
        {
            using var rsa = RSA.Create(bits);
            var parameters = rsa.ExportParameters(false);
            var jwk = new PublicJwk(
                "RSA", N: Base64UrlEncoder.Encode(parameters.Modulus), E: Base64UrlEncoder.Encode(parameters.Exponent));
            _world.Document = TokenWorld.With(new VerificationMethod(
                $"{TokenWorld.Alice}#r", "JsonWebKey2020", TokenWorld.Alice, jwk));
            var claims = Base64UrlEncoder.Encode(_world.Claims.ToJsonString());
            var text = $"{Base64UrlEncoder.Encode("""{"alg":"RS256"}""")}.{claims}";
            var signature = rsa.SignData(
                System.Text.Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            Assert.Equal(code, await _world.VerifyAsync($"{text}.{Base64UrlEncoder.Encode(signature)}"));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer ")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9")]
    public async Task A_request_without_bearer_token_is_refused(string? header)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = header;
        var decision = await new PeerAuthentication(_world.Verifier)
            .AuthenticateAsync(request, TokenWorld.Bob, TestContext.Current.CancellationToken);
        Assert.Equal("no-token", TokenWorld.Code(decision));
    }

    [Fact]
    public async Task A_request_with_one_bearer_token_is_authenticated_and_with_two_refused()
    {
        var authentication = new PeerAuthentication(_world.Verifier);
        var request = new DefaultHttpContext().Request;
        var header = $"Bearer {_world.Sign(_world.Header, _world.Claims)}";
        request.Headers.Authorization = new[] { header, header };
        Assert.Equal("no-token", TokenWorld.Code(await authentication
            .AuthenticateAsync(request, TokenWorld.Bob, TestContext.Current.CancellationToken)));
        request.Headers.Authorization = header;
        Assert.Equal("ok", TokenWorld.Code(await authentication
            .AuthenticateAsync(request, TokenWorld.Bob, TestContext.Current.CancellationToken)));
    }

    private static Did Parsed(string text) =>
        Did.Parse(text).Refused(out var refusal, out var did)
            ? throw new InvalidOperationException(refusal.Reason)
            : did;
}
