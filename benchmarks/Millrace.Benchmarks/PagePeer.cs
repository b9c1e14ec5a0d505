using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;

namespace Millrace.Benchmarks;

/// <summary>A peer that only asks for pages of a catalogue: it owns a DID and signs its own tokens.</summary>
internal sealed class PagePeer : IDisposable
{
    private readonly ParticipantKey _key = ParticipantKey.Generate("key-1");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    private readonly byte[] _request = Wire.Write(new CatalogueRequest(null, []));
    private readonly WebApplication _site;
    private readonly Participant _holder;
    private readonly string _did;
    private Uri _next;
    private int _tokens;

    private PagePeer(WebApplication site, Participant holder)
    {
        (_site, _holder) = (site, holder);
        _did = $"did:web:127.0.0.1%3A{new Uri(site.Urls.Single()).Port}:peer";
        _next = First;
    }

    private Uri First => new($"{_holder.Catalogue.AbsoluteUri}/request");

    public static async Task<PagePeer> StartAsync(Participant holder, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{NodeProcess.FreePort()}");
        var site = builder.Build();
        PagePeer? peer = null;
        site.Run(http => http.Response.Body.WriteAsync(peer!.Document()).AsTask());
        await site.StartAsync(cancel);
        return peer = new PagePeer(site, holder);
    }

    /// <summary>Reads the next page, and after the last the first.</summary>
    public async Task PageAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _next) { Content = new ByteArrayContent(_request) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var jti = $"{++_tokens}";
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", SelfIssuedToken.Issue(_key, _did, _holder.Did, TimeProvider.System.GetUtcNow(), jti));
        using var answer = await _http.SendAsync(request, cancel);
        var body = await answer.Content.ReadAsByteArrayAsync(cancel);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"{answer.StatusCode}: {Encoding.UTF8.GetString(body)}");
        _next = answer.Headers.TryGetValues("Link", out var links)
            ? new Uri(links.First().Split('<', '>')[1])
            : First;
    }

    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
        _site.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private byte[] Document() =>
        Did.Parse(_did).Refused(out var refusal, out var did)
            ? throw new InvalidOperationException(refusal.Reason)
            : DidDocument.Of(did, _key, new Uri("http://127.0.0.1/dsp"), new Uri("http://127.0.0.1/log/key")).ToJson();
}
