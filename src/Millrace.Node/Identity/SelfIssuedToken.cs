namespace Millrace.Node.Identity;

/// <summary>DCP 1.0, Self-Issued ID Token: with it a participant proves to another who is calling.</summary>
public static class SelfIssuedToken
{
    public static readonly TimeSpan LifeMin = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan LifeMax = TimeSpan.FromMinutes(5);

    /// <summary>A JWT for one call: the receiver accepts it once.</summary>
    /// <param name="audience">The receiver's DID.</param>
    /// <param name="jti">A fresh random id.</param>
    /// <param name="life">From one to five minutes; two if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another life.</exception>
    public static string Issue(
        ParticipantKey key, string did, string audience, DateTimeOffset now, string jti, TimeSpan? life = null)
    {
        var lives = life ?? TimeSpan.FromMinutes(2);
        ArgumentOutOfRangeException.ThrowIfLessThan(lives, LifeMin, nameof(life));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lives, LifeMax, nameof(life));
        var claims = new SelfIssuedClaims(
            did, did, audience, jti, now.ToUnixTimeSeconds(), (now + lives).ToUnixTimeSeconds());
        return Jws.Sign(claims, IdentityJson.Default.SelfIssuedClaims, key, did, "JWT");
    }
}
