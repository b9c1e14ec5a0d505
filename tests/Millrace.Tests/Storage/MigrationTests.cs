using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Storage;

public sealed class MigrationTests
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Opening_a_database_again_changes_nothing_in_it(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var first = await test.OpenAsync();
        var applied = await MigrationsAsync(first);
        Assert.True(applied > 0);
        await first.WriteAsync(
            u => Tables.Usage.SaveAsync(u, new("a", "1", 0, new UsageRecord(7, 8, 9)), TestNode.Cancel),
            TestNode.Cancel);

        var second = await test.OpenAsync();
        Assert.Equal(applied, await MigrationsAsync(second));
        var row = await second.ReadAsync(s => Tables.Usage.FindAsync(s, "a", "1", TestNode.Cancel), TestNode.Cancel);
        Assert.Equal(new UsageRecord(7, 8, 9), row?.Value);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Several_nodes_may_open_a_new_database_at_the_same_time(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => test.OpenAsync())));
        var applied = await Task.WhenAll(opened.Select(MigrationsAsync));
        Assert.True(applied[0] > 0);
        Assert.All(applied, count => Assert.Equal(applied[0], count));
    }

    private static Task<long> MigrationsAsync(Database database) => database.ReadAsync(
        s => s.CountAsync("SELECT count(*) FROM migration", [], TestNode.Cancel), TestNode.Cancel);
}
