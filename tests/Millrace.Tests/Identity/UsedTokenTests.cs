using Microsoft.Extensions.Time.Testing;
using Millrace.Node;
using Millrace.Node.Identity;
using Millrace.Tests.Nodes;
using Millrace.Tests.Storage;

namespace Millrace.Tests.Identity;

public sealed class UsedTokenTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_token_is_used_once_whichever_node_is_asked_and_not_by_what_was_taken_back(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var (first, second) = (await test.OpenAsync(), await test.OpenAsync());
        var used = new UsedTokens(new Clock(new FakeTimeProvider(Now), Limits.Default));
        var token = new CallToken("did:web:alice.example", "1", Now.AddMinutes(2));

        await Assert.ThrowsAsync<InvalidDataException>(() => first.WriteAsync(
            async unit =>
            {
                Assert.True(await used.TryUseAsync(unit, token, TestNode.Cancel));
                throw new InvalidDataException();
            },
            TestNode.Cancel));
        Assert.True(await TryUseAsync(first, token));
        Assert.False(await TryUseAsync(first, token));
        Assert.False(await TryUseAsync(second, token));
        Assert.True(await TryUseAsync(second, token with { Issuer = "did:web:carol.example" }));
        Assert.True(await TryUseAsync(second, token with { Id = "2" }));

        Task<bool> TryUseAsync(Node.Storage.Database database, CallToken one) =>
            database.WriteAsync(u => used.TryUseAsync(u, one, TestNode.Cancel), TestNode.Cancel);
    }
}
