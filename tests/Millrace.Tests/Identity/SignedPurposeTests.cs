using System.Text.Json.Nodes;
using Millrace.Node.Identity;
using Millrace.Protocol;

namespace Millrace.Tests.Identity;

public sealed class SignedPurposeTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly ParticipantKey _key = ParticipantKey.Generate("key-1");
    private readonly DidDocument _alice;

    public SignedPurposeTests()
    {
        Assert.False(Did.Parse(TokenWorld.Alice).Refused(out _, out var did));
        _alice = DidDocument.Of(
            did, _key, new Uri("https://alice.example/dsp"), new Uri("https://alice.example/log/key"));
    }

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task A_signed_purpose_comes_back_as_it_was_signed()
    {
        var decision = await VerifyAsync(Issue(_now), TokenWorld.Bob, "a-1", _now);
        Assert.False(decision.Refused(out _, out var purpose));
        Assert.Equal(
            new SignedPurpose(
                TokenWorld.Alice, TokenWorld.Bob, "a-1", "https://millrace.dev/purpose/research", "p", _now, "1"),
            purpose);
    }

    [Theory]
    [InlineData(30, "ok")]
    [InlineData(31, "purpose-stale")]
    [InlineData(-300, "ok")]
    [InlineData(-301, "purpose-stale")]
    public async Task It_must_be_fresh(int seconds, string code) => Assert.Equal(
        code, TokenWorld.Code(await VerifyAsync(Issue(_now.AddSeconds(seconds)), TokenWorld.Bob, "a-1", _now)));

    [Fact]
    public async Task It_belongs_to_one_agreement_and_two_parties()
    {
        Assert.Equal(
            "purpose-audience", TokenWorld.Code(await VerifyAsync(Issue(_now), "did:web:carol.example", "a-1", _now)));
        Assert.Equal("purpose-agreement", TokenWorld.Code(await VerifyAsync(Issue(_now), TokenWorld.Bob, "a-2", _now)));
        var stranger = SignedPurpose.Issue(_key, "did:web:mallory.example", TokenWorld.Bob, "a-1", "x", "p", _now, "1");
        Assert.Equal("purpose-issuer", TokenWorld.Code(await VerifyAsync(stranger, TokenWorld.Bob, "a-1", _now)));
    }

    [Fact]
    public async Task Another_key_a_key_that_may_not_assert_and_another_kind_of_token_are_refused()
    {
        using var other = ParticipantKey.Generate("key-1");
        var forged = SignedPurpose.Issue(other, TokenWorld.Alice, TokenWorld.Bob, "a-1", "x", "p", _now, "1");
        Assert.Equal("token-signature", TokenWorld.Code(await VerifyAsync(forged, TokenWorld.Bob, "a-1", _now)));
        Assert.Equal("token-key", TokenWorld.Code(await SignedPurpose.VerifyAsync(
            Issue(_now), _alice with { AssertionMethod = [] }, TokenWorld.Bob, "a-1", _now, new IdentityOptions())));
        var token = SelfIssuedToken.Issue(_key, TokenWorld.Alice, TokenWorld.Bob, _now, "1");
        Assert.Equal("purpose-type", TokenWorld.Code(await VerifyAsync(token, TokenWorld.Bob, "a-1", _now)));
    }

    [Theory]
    [InlineData("", "p", "purpose-missing")]
    [InlineData(" ", "p", "purpose-missing")]
    [InlineData("x", " ", "purpose-project")]
    public async Task It_names_purpose_and_project(string purpose, string project, string code)
    {
        Assert.Throws<ArgumentException>(() =>
            SignedPurpose.Issue(_key, TokenWorld.Alice, TokenWorld.Bob, "a-1", purpose, project, _now, "1"));
        using var world = new TokenWorld();
        var header = world.Header;
        header["typ"] = "millrace-purpose+jwt";
        var claims = new JsonObject
        {
            ["iss"] = TokenWorld.Alice,
            ["aud"] = TokenWorld.Bob,
            ["agreement"] = "a-1",
            ["purpose"] = purpose,
            ["project"] = project,
            ["iat"] = world.Now,
            ["jti"] = "1",
        };
        var careless = await SignedPurpose.VerifyAsync(
            world.Sign(header, claims), world.Document, TokenWorld.Bob, "a-1", world.Time.GetUtcNow(), world.Options);
        Assert.Equal(code, TokenWorld.Code(careless));
    }

    private string Issue(DateTimeOffset at) => SignedPurpose.Issue(
        _key, TokenWorld.Alice, TokenWorld.Bob, "a-1", "https://millrace.dev/purpose/research", "p", at, "1");

    private Task<Decision<SignedPurpose>> VerifyAsync(
        string text, string provider, string agreement, DateTimeOffset now) =>
        SignedPurpose.VerifyAsync(text, _alice, provider, agreement, now, new IdentityOptions());
}
