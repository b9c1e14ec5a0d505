using Millrace.Node.Storage;

namespace Millrace.Node.Identity;

/// <summary>A token that lets its caller in once.</summary>
/// <param name="Forgotten">From then on the token is refused anyway, so its use need not be remembered.</param>
public sealed record CallToken(string Issuer, string Id, DateTimeOffset Forgotten);

/// <summary>Used tokens as rows, so that a token used at one node is used at all nodes over the database.</summary>
public sealed class UsedTokens(Clock clock)
{
    private const int UsesBetweenCleanings = 1000;
    private long _uses;

    /// <summary>
    /// Uses a token up, in the unit that does what it was sent for: what is taken back leaves the token unused.
    /// </summary>
    /// <returns>False if it was used before; the unit must then do nothing.</returns>
    public async Task<bool> TryUseAsync(Unit unit, CallToken token, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _uses) % UsesBetweenCleanings == 0)
            await unit.WriteAsync(
                "DELETE FROM used_token WHERE expires < @now", [("now", clock.Now.ToUnixTimeSeconds())], null, cancel);
        return await unit.ExecuteAsync(
            """
            INSERT INTO used_token (issuer, jti, expires) VALUES (@issuer, @jti, @expires)
            ON CONFLICT (issuer, jti) DO NOTHING
            """,
            [
                ("issuer", token.Issuer), ("jti", token.Id), ("expires", token.Forgotten.ToUnixTimeSeconds()),
            ],
            cancel) == 1;
    }
}
