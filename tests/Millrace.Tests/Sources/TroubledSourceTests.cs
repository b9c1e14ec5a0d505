using System.Globalization;
using Millrace.Node.Sources;
using Millrace.Tests.Nodes;
using static Millrace.Tests.Sources.ServerTables;

namespace Millrace.Tests.Sources;

/// <summary>What happens to PostgreSQL while a table of it is read.</summary>
public sealed class TroubledSourceTests
{
    private const int Rows = 20_000;

    /// <summary>About 20 MB: no buffer on the way holds them all, so that the server waits in their middle.</summary>
    private const string Wide =
        "CREATE TABLE t AS SELECT i AS id, repeat(md5(i::text), 32) AS text FROM generate_series(1, 20000) i";

    [Fact]
    public async Task A_connection_that_is_killed_amid_the_rows_is_read_anew_and_no_row_is_doubled()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = (await PostgresAsync(Wide)) with { Table = "t", RowsPerSecond = 8_000 };
        var publishing = world.PublishAsync(source);
        Assert.True(await KillAsync(source));
        var product = await publishing;
        Assert.Equal(Rows, product.Latest.Rows);
        Assert.Equal(Rows, world.Cells(product).Select(r => r[0]).Distinct().Count());
    }

    [Fact]
    public async Task A_connection_that_is_killed_each_time_publishes_nothing()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = (await PostgresAsync(Wide)) with { Table = "t", RowsPerSecond = 8_000 };
        var refused = world.RefusedAsync(source);
        for (var attempt = 1; attempt <= 3; attempt++)
            Assert.True(await KillAsync(source));
        Assert.Equal("source-lost", (await refused).Code);
    }

    [Fact]
    public async Task A_server_that_shuts_down_before_the_first_row_is_lost_and_not_at_fault()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = (await PostgresAsync("SELECT 1")) with { Query = "SELECT 1 AS id FROM pg_sleep(1000)" };
        var refused = world.RefusedAsync(source);
        for (var attempt = 1; attempt <= 3; attempt++)
            Assert.True(await KillAsync(source, "PgSleep"));
        Assert.Equal("source-lost", (await refused).Code);
    }

    [Fact]
    public async Task A_table_that_changes_while_it_is_read_is_read_as_of_one_moment()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = (await PostgresAsync(Wide)) with
        {
            Table = "t", RowsPerSecond = 8_000, Incremental = new IncrementalReading("id"),
        };
        var publishing = world.PublishAsync(source);
        await WaitingAsync(source);
        await AskAsync(
            source, "DELETE FROM t WHERE id % 2 = 0; INSERT INTO t VALUES (20001, 'new'); UPDATE t SET text = 'new'");
        var product = await publishing;
        var cells = world.Cells(product);
        Assert.Equal(Rows, cells.Count);
        Assert.DoesNotContain(cells, r => r[1] == "new");
        // What was not to be seen then is what is new now; the border has gone, but a later row shows that it goes on.
        var next = await world.RefreshAsync();
        Assert.Equal((2, Rows + 1L), (next.Latest.Number, next.Latest.Rows));
        Assert.Equal(["20001", "new"], world.Cells(next)[^1]);
    }

    /// <summary>Ends the connection that the node reads by, once it is amid the rows.</summary>
    private static async Task<bool> KillAsync(SourceDocument source, string amid = "ClientWrite")
    {
        var backend = await WaitingAsync(source, amid);
        return (bool)(await AskAsync(source, $"SELECT pg_terminate_backend({backend}, 10000)"))!;
    }

    /// <summary>Waits until the server waits: for the node to take rows, or for what else is said.</summary>
    private static async Task<int> WaitingAsync(SourceDocument source, string amid = "ClientWrite")
    {
        var seen = await Until.SeenAsync(
            () => AskAsync(
                source,
                $"SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = '{amid}'"),
            pid => pid is not null);
        return Convert.ToInt32(seen, CultureInfo.InvariantCulture);
    }
}
