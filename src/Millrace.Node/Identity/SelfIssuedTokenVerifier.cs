using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>Who is calling, proven.</summary>
/// <param name="Token">To be used up by letting the caller in; null where the same proof may come again.</param>
public sealed record Caller(string Did, CallToken? Token = null);

/// <summary>Finds a participant's DID document. Production: <see cref="DidResolver.ResolveAsync"/>.</summary>
public delegate Task<Decision<DidDocument>> ResolveDid(string did, CancellationToken cancel);

/// <summary>
/// Checks Self-Issued ID Tokens: DCP 1.0, in the order that it demands. Its last step, that the token was not used
/// before, is <see cref="UsedTokens.TryUseAsync"/>, by whoever lets the caller in.
/// </summary>
public sealed class SelfIssuedTokenVerifier(ResolveDid resolve, IdentityOptions options, TimeProvider time)
{
    /// <summary>The caller, or why the token is refused; every refusal is an HTTP 401.</summary>
    /// <param name="ownDid">The participant who is called.</param>
    public async Task<Decision<Caller>> VerifyAsync(string token, string ownDid, CancellationToken cancel)
    {
        if (Jws.Read(token, options).Refused(out var refusal, out var jws))
            return refusal;
        if (jws.Type is not "" && !jws.Type.Equals("JWT", StringComparison.OrdinalIgnoreCase))
            return new Refusal("token-type", "The token was made for something else: its typ is not JWT.");
        if (jws.Text("iss") is not { } issuer || jws.Text("sub") is not { } subject || jws.Text("jti") is not { } jti ||
            jws.Seconds("iat") is not { } issued || jws.Seconds("exp") is not { } expires)
            return new Refusal("token-claims", "The token must have iss, sub, aud, jti, iat and exp.");

        // 1. Issuer and subject are the same.
        if (issuer != subject)
            return new Refusal("token-issuer", "iss and sub of the token must be the same DID.");

        // 2. The token is for us.
        if (!jws.IsFor(ownDid))
            return new Refusal("token-audience", $"The token is not for {ownDid}.");

        // 3. A key of the subject's document, allowed to invoke, made the signature.
        if ((await resolve(subject, cancel)).Refused(out refusal, out var document))
            return refusal;
        if (await jws.CheckSignatureAsync(document, document.CapabilityInvocation) is { } forged)
            return forged;

        // 4. The document is the subject's.
        if (document.Id != subject)
            return new Refusal("did-mismatch", "The DID document names another DID.");

        // 5. It is valid already.
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var leeway = (long)options.Leeway.TotalSeconds;
        if (issued > now + leeway || (jws.Has("nbf") && !(jws.Seconds("nbf") <= now + leeway)))
            return new Refusal("token-early", "The token is not valid yet. Check your clock.");

        // 6. It is valid still, and does not ask to be remembered for ever.
        if (expires < now - leeway)
            return new Refusal("token-expired", "The token has expired.");
        if (expires > now + leeway + (long)options.TokenLifeMax.TotalSeconds)
            return new Refusal("token-life", $"A token may live at most {options.TokenLifeMax.TotalMinutes} minutes.");

        // 7. It must not have been used before. A second more than the leeway: the last moment still belongs to it.
        var forgotten = DateTimeOffset.FromUnixTimeSeconds(expires + leeway + 1);
        return new Caller(subject, new CallToken(issuer, jti, forgotten));
    }
}
