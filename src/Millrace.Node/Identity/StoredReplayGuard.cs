using Millrace.Node.Storage;

namespace Millrace.Node.Identity;

/// <summary>Used tokens as rows, so that a token used at one node is used at all nodes over the database.</summary>
public sealed class StoredReplayGuard(Database database, Clock clock) : IReplayGuard
{
    private long _uses;

    public Task<bool> TryUseAsync(string issuer, string jti, DateTimeOffset expires, CancellationToken cancel) =>
        database.WriteAsync(
            async unit =>
            {
                if (Interlocked.Increment(ref _uses) % 1000 == 0) // Expired tokens are refused anyway.
                    await unit.ExecuteAsync(
                        "DELETE FROM used_token WHERE expires < @now",
                        [("now", clock.Now.ToUnixTimeSeconds())], cancel);
                return await unit.ExecuteAsync(
                    """
                    INSERT INTO used_token (issuer, jti, expires) VALUES (@issuer, @jti, @expires)
                    ON CONFLICT (issuer, jti) DO NOTHING
                    """,
                    [("issuer", issuer), ("jti", jti), ("expires", expires.ToUnixTimeSeconds())], cancel) == 1;
            },
            cancel);
}
