using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Objects;

/// <summary>Stands between a store and its server: counts what is fetched, and breaks it as a test says.</summary>
internal sealed class S3Proxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly Uri _server;
    private int _fetched;

    private S3Proxy(WebApplication app, Uri server) => (_app, _server) = (app, server);

    public Uri Address => new(_app.Urls.Single());

    /// <summary>How often content was asked for.</summary>
    public int Fetched => _fetched;

    /// <summary>What becomes of content on its way; null: the connection breaks after half of it.</summary>
    public Func<byte[], byte[]?> Content { get; set; } = bytes => bytes;

    /// <summary>What is waited for when half of the content is passed on.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static async Task<S3Proxy> StartAsync(Uri server)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var proxy = new S3Proxy(builder.Build(), server);
        proxy._app.Run(proxy.PassAsync);
        await proxy._app.StartAsync(TestNode.Cancel);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(http.Request.Method), new Uri(_server, $"{http.Request.Path}{http.Request.QueryString}"));
        if (http.Request.ContentLength is not null)
            request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, value) in http.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, value.ToArray());
        }
        using var answer = await _http.SendAsync(request, http.RequestAborted);
        var content = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive"))
                http.Response.Headers[name] = value.ToArray();
        }
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        if (!HttpMethods.IsGet(http.Request.Method) || !answer.IsSuccessStatusCode)
        {
            await http.Response.Body.WriteAsync(content);
            return;
        }
        Interlocked.Increment(ref _fetched);
        http.Response.ContentLength = content.Length;
        var half = content.Length / 2;
        var passed = Content(content);
        await http.Response.Body.WriteAsync((passed ?? content).AsMemory(0, half));
        await http.Response.Body.FlushAsync();
        await Gate.WaitAsync(http.RequestAborted);
        if (passed is null)
            http.Abort();
        else
            await http.Response.Body.WriteAsync(passed.AsMemory(half));
    }
}
