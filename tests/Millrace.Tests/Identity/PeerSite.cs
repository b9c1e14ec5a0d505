using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Millrace.Tests.Identity;

/// <summary>A peer: real Kestrel on 127.0.0.1, one answer for every path.</summary>
internal sealed class PeerSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private PeerSite(WebApplication app) => _app = app;

    public int Calls => _calls;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<PeerSite> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var site = new PeerSite(builder.Build());
        site._app.Run(context =>
        {
            Interlocked.Increment(ref site._calls);
            return answer(context);
        });
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
