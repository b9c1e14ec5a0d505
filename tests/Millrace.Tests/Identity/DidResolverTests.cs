using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node.Identity;

namespace Millrace.Tests.Identity;

public sealed class DidResolverTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly IdentityOptions _options = new() { AllowHttpLoopback = true };
    private readonly List<GuardedHttp> _clients = [];
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Fact]
    public async Task A_document_is_asked_for_once_in_five_minutes()
    {
        await using var site = await PeerSite.StartAsync(AnswerAsync);
        var resolver = Resolver(_options);
        var did = DidOf(site, "acme");
        Assert.False((await resolver.ResolveAsync(did, Cancel)).Refused(out _, out var document));
        Assert.Equal(did, document.Id);
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal("ok", TokenWorld.Code(await resolver.ResolveAsync(did, Cancel)));
        Assert.Equal(1, site.Calls);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("ok", TokenWorld.Code(await resolver.ResolveAsync(did, Cancel)));
        Assert.Equal(2, site.Calls);
    }

    [Fact]
    public async Task A_missing_document_is_asked_for_again_after_ten_seconds()
    {
        await using var site = await PeerSite.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var resolver = Resolver(_options);
        for (var call = 0; call < 2; call++)
            Assert.Equal("did-unresolvable", TokenWorld.Code(await resolver.ResolveAsync(DidOf(site, "acme"), Cancel)));
        Assert.Equal(1, site.Calls);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("did-unresolvable", TokenWorld.Code(await resolver.ResolveAsync(DidOf(site, "acme"), Cancel)));
        Assert.Equal(2, site.Calls);
    }

    [Fact]
    public async Task A_node_that_is_away_is_asked_again_after_a_second()
    {
        await using var site = await PeerSite.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        var resolver = Resolver(_options);
        for (var call = 0; call < 2; call++)
            Assert.Equal("did-unreachable", TokenWorld.Code(await resolver.ResolveAsync(DidOf(site, "acme"), Cancel)));
        Assert.Equal(1, site.Calls);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("did-unreachable", TokenWorld.Code(await resolver.ResolveAsync(DidOf(site, "acme"), Cancel)));
        Assert.Equal(2, site.Calls);
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_call_and_one_who_gives_up_does_not_spoil_it()
    {
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await PeerSite.StartAsync(async context =>
        {
            arrived.TrySetResult();
            await go.Task;
            await AnswerAsync(context);
        });
        var resolver = Resolver(_options with { DidFetchesMax = 1 });
        using var impatient = new CancellationTokenSource();
        var first = resolver.ResolveAsync(DidOf(site, "acme"), impatient.Token);
        await arrived.Task;
        var others = Enumerable.Range(0, 8).Select(_ => resolver.ResolveAsync(DidOf(site, "acme"), Cancel)).ToArray();
        Assert.Equal("did-busy", TokenWorld.Code(await resolver.ResolveAsync(DidOf(site, "other"), Cancel)));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        go.SetResult();
        Assert.All(await Task.WhenAll(others), answer => Assert.Equal("ok", TokenWorld.Code(answer)));
        Assert.Equal(1, site.Calls);
    }

    [Fact]
    public async Task The_cache_forgets_the_oldest_when_it_is_full()
    {
        await using var site = await PeerSite.StartAsync(AnswerAsync);
        var resolver = Resolver(_options with { DidCacheEntriesMax = 2 });
        foreach (var name in new[] { "a", "b", "c", "b", "a" })
            Assert.Equal("ok", TokenWorld.Code(await resolver.ResolveAsync(DidOf(site, name), Cancel)));
        Assert.Equal(4, site.Calls);
    }

    [Fact]
    public async Task A_document_of_another_or_none_at_all_is_refused()
    {
        var body = """{"id":"did:web:mallory.example"}""";
        await using var site = await PeerSite.StartAsync(context => context.Response.WriteAsync(body, Cancel));
        Assert.Equal("did-mismatch", await CodeAsync(site));
        body = "<html>";
        Assert.Equal("did-document", await CodeAsync(site));
        body = new string(' ', _options.DidDocumentBytesMax + 1);
        Assert.Equal("did-unresolvable", await CodeAsync(site));
        Assert.Equal("did-unreadable", TokenWorld.Code(await Resolver(_options).ResolveAsync("did:key:z6Mk", Cancel)));
    }

    [Fact]
    public async Task Our_own_participants_are_found_without_the_network()
    {
        var own = TokenWorld.With();
        var resolver = new DidResolver(
            Client(new IdentityOptions()), (did, _) => new(did == own.Id ? own : null), new IdentityOptions(), _time);
        Assert.False((await resolver.ResolveAsync(own.Id, Cancel)).Refused(out _, out var document));
        Assert.Same(own, document);
    }

    private DidResolver Resolver(IdentityOptions options) => new(Client(options), (_, _) => default, options, _time);

    private GuardedHttp Client(IdentityOptions options)
    {
        _clients.Add(new GuardedHttp(options, _time));
        return _clients[^1];
    }

    private async Task<string> CodeAsync(PeerSite site) =>
        TokenWorld.Code(await Resolver(_options).ResolveAsync(DidOf(site, "a"), Cancel));

    private static string DidOf(PeerSite site, string name) => $"did:web:127.0.0.1%3A{site.Url.Port}:{name}";

    private static Task AnswerAsync(HttpContext context)
    {
        var name = context.Request.Path.Value!.Split('/')[1];
        return context.Response.WriteAsync(
            $$"""{"id":"did:web:127.0.0.1%3A{{context.Request.Host.Port}}:{{name}}"}""");
    }
}
