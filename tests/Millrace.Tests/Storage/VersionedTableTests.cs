using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Storage;

public sealed class VersionedTableTests
{
    private static CancellationToken Cancel => TestNode.Cancel;

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_row_comes_back_as_it_was_saved_and_counts_its_versions(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var peer = new PeerRecord("did:web:b", new Uri("https://b.example/dsp"), "数据 \"b\" 'x' \\ \u2028");
        var saved = await SaveAsync(database, new("a", peer.Did, 0, peer));
        Assert.Equal(1, saved.Version);
        Assert.Equal(saved, await FindAsync(database, "a"));
        var next = await SaveAsync(database, saved.With(peer with { Title = null }));
        Assert.Equal((2, null), (next.Version, (await FindAsync(database, "a"))!.Value.Title));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_row_that_was_changed_or_is_there_already_is_not_overwritten(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var peer = new PeerRecord("did:web:b", new Uri("https://b.example/"), "first");
        var first = await SaveAsync(database, new("a", peer.Did, 0, peer));
        await SaveAsync(database, first.With(peer with { Title = "second" }));
        await Assert.ThrowsAsync<ConflictException>(
            () => SaveAsync(database, first.With(peer with { Title = "stale" })));
        await Assert.ThrowsAsync<ConflictException>(
            () => SaveAsync(database, first with { Version = 0, Value = peer with { Title = "anew" } }));
        Assert.Equal("second", (await FindAsync(database, "a"))!.Value.Title);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task No_look_up_leads_to_the_row_of_another_participant(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        await ReadOfAsync(database, "a", "1", "transfer-1", closed: false);
        await ReadOfAsync(database, "b", "1", "transfer-1", closed: true);

        var rows = await database.ReadAsync(
            async s => new[]
            {
                await Tables.Reads.FindAsync(s, "a", "1", Cancel),
                await Tables.Reads.FindByAsync(s, "a", "transfer", "transfer-1", Cancel),
                (await Tables.Reads.ListAsync(s, "a", "", 10, Cancel)).Single(),
                (await Tables.Reads.ListByAsync(s, "a", "transfer", "transfer-1", Cancel)).Single(),
            },
            Cancel);
        Assert.All(rows, row => Assert.Equal(("a", false), (row!.Participant, row.Value.Closed)));
        Assert.Null(await database.ReadAsync(s => Tables.Reads.FindAsync(s, "c", "1", Cancel), Cancel));
        Assert.Empty(await database.ReadAsync(s => Tables.Reads.ListAsync(s, "c", "", 10, Cancel), Cancel));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Lists_go_on_after_an_id_and_look_ups_follow_the_body(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        foreach (var id in (string[])["3", "1", "2", "4"])
            await ReadOfAsync(database, "a", id, id is "2" or "3" ? "x" : "y", closed: false);
        Assert.Equal(["1", "2"], await IdsAsync(s => Tables.Reads.ListAsync(s, "a", "", 2, Cancel)));
        Assert.Equal(["3", "4"], await IdsAsync(s => Tables.Reads.ListAsync(s, "a", "2", 2, Cancel)));
        Assert.Equal(["2", "3"], await IdsAsync(s => Tables.Reads.ListByAsync(s, "a", "transfer", "x", Cancel)));

        Assert.Equal(["2"], await IdsAsync(s => Tables.Reads.ListByAsync(s, "a", "transfer", "x", 1, Cancel)));
        Assert.Equal(
            2, await database.ReadAsync(s => Tables.Reads.CountByAsync(s, "a", "transfer", "x", Cancel), Cancel));
        Assert.Equal(["4", "3"], await IdsAsync(s => Tables.Reads.NewestAsync(s, "a", null, 2, Cancel)));
        Assert.Equal(["2", "1"], await IdsAsync(s => Tables.Reads.NewestAsync(s, "a", "3", 9, Cancel)));

        var two = (await database.ReadAsync(s => Tables.Reads.FindAsync(s, "a", "2", Cancel), Cancel))!;
        await database.WriteAsync(
            u => Tables.Reads.SaveAsync(u, two.With(two.Value with { Transfer = "y", Closed = true }), Cancel), Cancel);
        Assert.Equal(["3"], await IdsAsync(s => Tables.Reads.ListByAsync(s, "a", "transfer", "x", Cancel)));
        Assert.Equal(["2"], await IdsAsync(s => Tables.Reads.ListByAsync(s, "a", "state", "closed", Cancel)));

        async Task<IEnumerable<string>> IdsAsync(Func<Session, Task<List<Stored<ReadRecord>>>> query) =>
            (await database.ReadAsync(query, Cancel)).Select(r => r.Id);
    }

    private static Task<Stored<PeerRecord>> SaveAsync(Database database, Stored<PeerRecord> row) =>
        database.WriteAsync(u => Tables.Peers.SaveAsync(u, row, Cancel), Cancel);

    private static Task<Stored<PeerRecord>?> FindAsync(Database database, string participant) =>
        database.ReadAsync(s => Tables.Peers.FindAsync(s, participant, "did:web:b", Cancel), Cancel);

    private static Task ReadOfAsync(Database database, string participant, string id, string transfer, bool closed) =>
        database.WriteAsync(
            u => Tables.Reads.SaveAsync(
                u,
                new(participant, id, 0, new ReadRecord(
                    id, "agreement", transfer, "view", "csv", "", 1, 1, 1, DateTimeOffset.UnixEpoch,
                    DateTimeOffset.UnixEpoch, closed)),
                Cancel),
            Cancel);
}
