using Microsoft.Extensions.Time.Testing;
using Millrace.Node;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Storage;

public sealed class OutboxTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly Ids _ids = new(new FakeTimeProvider(Now));
    private readonly Outbox _outbox = new(new SecretBox(MasterKey.FromText(new string('A', 43))));

    private static CancellationToken Cancel => TestNode.Cancel;

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Messages_of_a_process_leave_in_the_order_in_which_they_were_decided(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        await database.WriteAsync(
            async unit =>
            {
                for (var i = 0; i < 20; i++) // All in one instant.
                    await _outbox.AddAsync(unit, Message($"p{i % 2}", $"{i}"), Cancel);
            },
            Cancel);

        var left = new List<string>();
        while (await NextAsync(database, "p0") is { } next)
        {
            left.Add(next.Body);
            Assert.True(await database.WriteAsync(u => _outbox.RemoveAsync(u, next, Cancel), Cancel));
            Assert.False(await database.WriteAsync(u => _outbox.RemoveAsync(u, next, Cancel), Cancel));
        }
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{2 * i}"), left);
        Assert.NotNull(await NextAsync(database, "p1"));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_message_that_was_put_off_is_due_only_then_and_its_body_lies_sealed(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var database = await test.OpenAsync();
        var woken = new List<string>();
        _outbox.Added += (participant, process) => woken.Add($"{participant} {process}");
        var message = Message("p", "a secret token");
        await database.WriteAsync(u => _outbox.AddAsync(u, message, Cancel), Cancel);
        Assert.Equal(["a p"], woken);
        Assert.Equal(message, await NextAsync(database, "p"));

        await database.WriteAsync(u => _outbox.PostponeAsync(u, message, Now.AddSeconds(5), Cancel), Cancel);
        Assert.Empty(await DueAsync(Now.AddSeconds(4)));
        Assert.Equal([("a", "p")], await DueAsync(Now.AddSeconds(5)));
        Assert.Equal(1, (await NextAsync(database, "p"))!.Attempts);
        Assert.Equal(0, await database.ReadAsync(
            s => s.CountAsync("SELECT count(*) FROM outbox WHERE body LIKE '%secret%'", [], Cancel), Cancel));

        Task<List<(string, string)>> DueAsync(DateTimeOffset now) =>
            database.ReadAsync(s => _outbox.DueAsync(s, now, 10, Cancel), Cancel);
    }

    [Fact]
    public void Ids_sort_by_their_making_even_in_one_instant()
    {
        var time = new FakeTimeProvider(Now);
        var ids = new Ids(time);
        var made = Enumerable.Range(0, 10_000).Select(_ => ids.New()).ToList();
        time.Advance(TimeSpan.FromMinutes(1));
        made.Add(ids.New());
        Assert.Equal(made.Distinct().Order(StringComparer.Ordinal), made);
        Assert.All(made, id => Assert.Equal(7, Guid.Parse(id).Version));
    }

    private async Task<OutboxMessage?> NextAsync(Database database, string process) =>
        (await database.ReadAsync(s => _outbox.NextAsync(s, "a", process, 1, Cancel), Cancel)).FirstOrDefault();

    private OutboxMessage Message(string process, string body) => new(
        "a", _ids.New(), process, "negotiation", "ContractRequest", "did:web:b", new Uri("https://b.example/x"), body,
        0, Now);
}
