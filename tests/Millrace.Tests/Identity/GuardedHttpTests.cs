using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node;
using Millrace.Node.Identity;

namespace Millrace.Tests.Identity;

public sealed class GuardedHttpTests
{
    private static readonly IdentityOptions _local = new() { AllowHttpLoopback = true };
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.255.254", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.127.255.255", true)]
    [InlineData("fc00::1", true)]
    [InlineData("fdff::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::10.0.0.1", true)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("64:ff9b::169.254.169.254", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("192.0.0.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.88.99.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("198.51.100.1", false)]
    [InlineData("203.0.113.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("100::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:a00:1::1", false)]
    [InlineData("64:ff9b:1::1", false)]
    public void An_address_that_is_not_public_is_refused(string address, bool whereAllowed)
    {
        var parsed = IPAddress.Parse(address);
        Assert.False(PeerAddress.Allows(parsed, "p.example", new IdentityOptions()));
        Assert.False(PeerAddress.Allows(parsed, "p.example", _local));
        Assert.Equal(
            whereAllowed, PeerAddress.Allows(parsed, "p.example", new IdentityOptions { AllowPrivatePeers = true }));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void A_public_address_is_reached(string address) =>
        Assert.True(PeerAddress.Allows(IPAddress.Parse(address), "p.example", new IdentityOptions()));

    [Theory]
    [InlineData("http://p.example/")]
    [InlineData("http://127.0.0.1.p.example/")]
    [InlineData("ftp://localhost/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://u:p@p.example/")]
    public async Task Another_scheme_and_credentials_are_refused(string url)
    {
        using var http = new GuardedHttp(_local, TimeProvider.System);
        Assert.Equal("peer-url", await FailureAsync(http, new Uri(url)));
    }

    [Theory]
    [InlineData("https://localhost:1/")]
    [InlineData("https://127.0.0.1:1/")]
    [InlineData("https://[::1]:1/")]
    [InlineData("https://10.0.0.1:1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://2130706433:1/")]
    public async Task A_name_or_number_that_leads_inside_is_refused(string url)
    {
        using var http = new GuardedHttp(new IdentityOptions(), TimeProvider.System);
        Assert.Equal("peer-address", await FailureAsync(http, new Uri(url)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8.8.8.8,127.0.0.1")]
    public async Task A_name_with_one_address_inside_is_refused_even_where_loopback_is_allowed(string addresses)
    {
        var found = Array.ConvertAll(addresses.Split(','), IPAddress.Parse);
        using var http = new GuardedHttp(_local, TimeProvider.System, (_, _) => Task.FromResult(found));
        Assert.Equal("peer-address", await FailureAsync(http, new Uri("https://rebind.example:1/")));
    }

    [Fact]
    public async Task A_peer_on_this_machine_answers_where_it_is_allowed()
    {
        await using var site = await PeerSite.StartAsync(context => context.Response.WriteAsync("hello", Cancel));
        using var http = new GuardedHttp(_local, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, site.Url);
        var answer = await http.ExchangeAsync(request, 5, Cancel);
        Assert.True(answer.IsSuccess);
        Assert.Equal("hello"u8.ToArray(), answer.Body.ToArray());
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var site = await PeerSite.StartAsync(context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(_local, TimeProvider.System);
        Assert.Equal("peer-redirects", await FailureAsync(http, site.Url));
        Assert.Equal(1, site.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_cut_off(bool announced)
    {
        await using var site = await PeerSite.StartAsync(async context =>
        {
            context.Response.ContentLength = announced ? 1L << 40 : null;
            // Never ends by itself: the test ends because the reader goes away.
            for (var block = new byte[64 * 1024]; !context.RequestAborted.IsCancellationRequested;)
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
        });
        using var http = new GuardedHttp(_local, TimeProvider.System);
        Assert.Equal("peer-too-large", await FailureAsync(http, site.Url));
    }

    [Fact]
    public async Task A_compressed_body_is_refused_unread()
    {
        await using var site = await PeerSite.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync("bomb", Cancel);
        });
        using var http = new GuardedHttp(_local, TimeProvider.System);
        Assert.Equal("peer-encoded", await FailureAsync(http, site.Url));
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused()
    {
        await using var site = await PeerSite.StartAsync(context =>
        {
            context.Response.Headers["X-Large"] = new string('x', 40 * 1024);
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(_local, TimeProvider.System);
        Assert.Equal("peer-unreachable", await FailureAsync(http, site.Url));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_that_stalls_is_given_up(bool afterHeaders)
    {
        var arrived = new TaskCompletionSource();
        var time = new FakeTimeProvider();
        await using var site = await PeerSite.StartAsync(async context =>
        {
            if (afterHeaders)
            {
                await context.Response.WriteAsync("a", Cancel);
                await context.Response.Body.FlushAsync(Cancel);
            }
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        using var http = new GuardedHttp(_local, time);
        var failure = FailureAsync(http, site.Url);
        await arrived.Task;
        Assert.False(failure.IsCompleted);
        time.Advance(_local.ExchangeTimeMax);
        Assert.Equal("peer-slow", await failure);
    }

    [Fact]
    public async Task An_answer_that_must_be_computed_is_waited_for_as_long_as_a_query_may_take()
    {
        Assert.True(_local.AnswerTimeMax > Limits.Default.QueryTurnWait + Limits.Default.QueryTimeMax);
        var arrived = new TaskCompletionSource();
        var time = new FakeTimeProvider();
        await using var site = await PeerSite.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        using var http = new GuardedHttp(_local, time);
        using var request = new HttpRequestMessage(HttpMethod.Post, site.Url);
        var opened = http.OpenAsync(request, Cancel);
        await arrived.Task;
        time.Advance(Limits.Default.QueryTimeMax);
        await Task.WhenAny(opened, Task.Delay(100, Cancel)); // What is given up is told at once.
        Assert.False(opened.IsCompleted);
        time.Advance(_local.AnswerTimeMax - Limits.Default.QueryTimeMax);
        Assert.Equal("peer-slow", (await Assert.ThrowsAsync<PeerException>(() => opened)).Code);
    }

    [Fact]
    public async Task A_peer_that_is_not_there_is_unreachable()
    {
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var http = new GuardedHttp(_local, TimeProvider.System);
        Assert.Equal("peer-unreachable", await FailureAsync(http, new Uri($"http://127.0.0.1:{port}/")));
    }

    private static async Task<string> FailureAsync(GuardedHttp http, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return (await Assert.ThrowsAsync<PeerException>(() => http.ExchangeAsync(request, 1024, Cancel))).Code;
    }
}
