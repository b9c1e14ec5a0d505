using Millrace.Node;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Storage;

public sealed class WriterTests
{
    private static CancellationToken Cancel => TestNode.Cancel;

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_unit_that_fails_takes_its_writes_back_and_does_no_harm_to_those_it_shares_a_commit_with(
        string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var hold = new TaskCompletionSource();
        var first = database.WriteAsync(_ => hold.Task, Cancel); // The rest waits for it, and so shares a commit.
        var others = Enumerable.Range(0, 20)
            .Select(i => database.WriteAsync(
                async unit =>
                {
                    await SaveAsync(unit, $"{i:D2}", i);
                    if (i % 5 == 3)
                        throw new InvalidDataException($"unit {i}");
                },
                Cancel))
            .ToList();
        hold.SetResult();
        await first;
        await Task.WhenAll(others.Where((_, i) => i % 5 != 3));
        foreach (var (i, failed) in others.Index().Where(o => o.Index % 5 == 3))
            Assert.Equal($"unit {i}", (await Assert.ThrowsAsync<InvalidDataException>(() => failed)).Message);

        var rows = await database.ReadAsync(s => Tables.Usage.ListAsync(s, "a", "", 100, Cancel), Cancel);
        Assert.Equal(
            Enumerable.Range(0, 20).Where(i => i % 5 != 3).Select(i => $"{i:D2}"), rows.Select(r => r.Id));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_unit_that_breaks_a_statement_does_no_harm_either(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var hold = new TaskCompletionSource();
        var first = database.WriteAsync(_ => hold.Task, Cancel);
        var broken = database.WriteAsync(u => u.ExecuteAsync("SELECT nothing FROM nowhere", [], Cancel), Cancel);
        var good = database.WriteAsync(u => SaveAsync(u, "1", 1), Cancel);
        hold.SetResult();
        await first;
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => broken);
        await good;
        Assert.Equal(1, await ReadsAsync(database, "1"));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_unit_that_lost_a_race_decides_again_on_the_fresh_state(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var stale = await database.WriteAsync(u => SaveAsync(u, "1", 1), Cancel);
        await database.WriteAsync(u => Tables.Usage.SaveAsync(u, stale.With(new(5, 0, 0)), Cancel), Cancel);

        var attempts = 0;
        await database.WriteAsync(
            async unit =>
            {
                var row = attempts++ == 0 ? stale : (await Tables.Usage.FindAsync(unit, "a", "1", Cancel))!;
                await Tables.Usage.SaveAsync(unit, row.With(new(row.Value.Reads + 1, 0, 0)), Cancel);
            },
            Cancel);
        Assert.Equal((2, 6), (attempts, await ReadsAsync(database, "1")));

        attempts = 0;
        await Assert.ThrowsAsync<ConflictException>(() => database.WriteAsync(
            unit =>
            {
                attempts++;
                return Tables.Usage.SaveAsync(unit, stale, Cancel);
            },
            Cancel));
        Assert.Equal(1 + Limits.Default.ConflictRetriesMax, attempts);
        Assert.Equal(6, await ReadsAsync(database, "1"));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task What_follows_a_commit_happens_only_after_it_and_only_for_units_that_hold(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var seen = new List<string>();
        await database.WriteAsync(
            unit =>
            {
                unit.AfterCommit(() => seen.Add("good"));
                return SaveAsync(unit, "1", 1);
            },
            Cancel);
        await Assert.ThrowsAsync<InvalidDataException>(() => database.WriteAsync(
            unit =>
            {
                unit.AfterCommit(() => seen.Add("bad"));
                throw new InvalidDataException();
            },
            Cancel));
        Assert.Equal(["good"], seen);

        var scope = AnswerScope.Begin();
        await database.WriteAsync(
            unit =>
            {
                unit.AfterAnswer(() => seen.Add("answered"));
                return Task.CompletedTask;
            },
            Cancel);
        Assert.Equal(["good"], seen); // The request is still being answered.
        scope.Release();
        Assert.Equal(["good", "answered"], seen);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_unit_whose_caller_has_gone_before_its_turn_is_not_run(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var hold = new TaskCompletionSource();
        using var gone = new CancellationTokenSource();
        var first = database.WriteAsync(_ => hold.Task, Cancel);
        var second = database.WriteAsync(u => SaveAsync(u, "1", 1), gone.Token);
        await gone.CancelAsync();
        hold.SetResult();
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Null(await database.ReadAsync(s => Tables.Usage.FindAsync(s, "a", "1", Cancel), Cancel));
    }

    [Fact]
    public async Task Two_writers_on_one_database_lose_no_update()
    {
        await using var test = await TestDatabase.CreateAsync("postgresql");
        var patient = Limits.Default with { ConflictRetriesMax = 1000 };
        Database[] writers = [await test.OpenAsync(patient), await test.OpenAsync(patient)];
        await writers[0].WriteAsync(
            async unit =>
            {
                foreach (var id in (string[])["1", "2", "3"])
                    await SaveAsync(unit, id, 0);
            },
            Cancel);
        // Each touches the rows in another order, so that they also stand in each other's way.
        await Task.WhenAll(writers.Index().SelectMany(writer => Enumerable.Range(0, 40).Select(_ =>
            writer.Item.WriteAsync(
                async unit =>
                {
                    foreach (var id in writer.Index == 0 ? (string[])["1", "2", "3"] : ["3", "2", "1"])
                    {
                        var row = (await Tables.Usage.FindAsync(unit, "a", id, Cancel))!;
                        await Tables.Usage.SaveAsync(unit, row.With(new(row.Value.Reads + 1, 0, 0)), Cancel);
                    }
                },
                Cancel))));
        foreach (var id in (string[])["1", "2", "3"])
            Assert.Equal(80, await ReadsAsync(writers[0], id));
    }

    private static Task<Stored<UsageRecord>> SaveAsync(Unit unit, string id, long reads) =>
        Tables.Usage.SaveAsync(unit, new("a", id, 0, new UsageRecord(reads, 0, 0)), Cancel);

    private static async Task<long> ReadsAsync(Database database, string id) =>
        (await database.ReadAsync(s => Tables.Usage.FindAsync(s, "a", id, Cancel), Cancel))!.Value.Reads;
}
