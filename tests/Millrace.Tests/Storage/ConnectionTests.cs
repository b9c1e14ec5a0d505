using Millrace.Node;

namespace Millrace.Tests.Storage;

public sealed class ConnectionTests
{
    [Fact]
    public async Task More_readers_than_connections_wait_for_one()
    {
        await using var test = await TestDatabase.CreateAsync("postgresql");
        var database = await test.OpenAsync(Limits.Default with { ConnectionsMax = 3, IdleReadersMax = 1 });
        var seen = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => database.ReadAsync(
            session => session.CountAsync(
                """
                SELECT count(*) FROM pg_stat_activity, pg_sleep(0.01)
                WHERE datname = current_database() AND backend_type = 'client backend'
                """,
                [], TestDatabase.Cancel),
            TestDatabase.Cancel)));
        Assert.InRange(seen.Max(), 2, 3);
    }
}
