using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Millrace.Node.Identity;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Tests.Conformance;

namespace Millrace.Tests.Nodes;

/// <summary>A message that a node sent to the peer.</summary>
/// <param name="Path">Below the base of the protocol, without a slash in front; unescaped once.</param>
internal sealed record Received(string Method, string Path, byte[] Body)
{
    public T Read<T>()
        where T : Message =>
        Wire.Read<T>(Body).Refused(out var refusal, out var message)
            ? throw new InvalidOperationException($"{refusal.Code}: {refusal.Reason}")
            : message;
}

/// <summary>What the peer answers.</summary>
internal sealed record Reply(int Status, byte[] Body, string? Link = null)
{
    public static readonly Reply Ok = new(200, "{}"u8.ToArray());

    public static readonly Reply Refused = new(400, """{"code":"no","reason":["Not with me."]}"""u8.ToArray());

    public static readonly Reply Broken = new(503, []);

    public static Reply With(Message message, int status = 200) => new(status, Wire.Write(message));
}

/// <summary>
/// Another organisation without a node: it owns a did:web that a small Kestrel serves, signs its own tokens, sends what
/// it likes, hears what nodes send, and answers as a test says. Whatever nodes send and answer is held against the
/// schemas; what breaks them fails the test.
/// </summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly List<Received> _passed = [];
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<string> _findings = new();
    private int _tokens;
    private static int _peers;

    // A port may come again in a test run, but nodes remember whom they met: nobody bears the same name twice.
    private readonly string _name = $"raw{Interlocked.Increment(ref _peers)}";

    private RawPeer(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    public ParticipantKey Key { get; } = ParticipantKey.Generate("key-1");

    public Uri Address => new(_app.Urls.Single());

    public string Did => $"did:web:127.0.0.1%3A{Address.Port}:{_name}";

    /// <summary>The base of its protocol endpoints, to which nodes send.</summary>
    public Uri Callback => new(Address, $"{_name}/dsp/2025-1");

    /// <summary>What it answers to a message; 200 if nothing is said.</summary>
    public Func<Received, Reply> Answer { get; set; } = _ => Reply.Ok;

    public static async Task<RawPeer> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var peer = new RawPeer(builder.Build(), time ?? TimeProvider.System);
        peer._app.Run(peer.AnswerAsync);
        await peer._app.StartAsync(TestNode.Cancel);
        return peer;
    }

    /// <summary>A good token for a call to that participant.</summary>
    public string Token(string audience) => SelfIssuedToken.Issue(
        Key, Did, audience, _time.GetUtcNow(), $"{Interlocked.Increment(ref _tokens)}");

    /// <summary>Posts a message to a participant.</summary>
    /// <param name="path">Below the base of its protocol.</param>
    public Task<HttpResponseMessage> PostAsync(TestParticipant to, string path, Message message) =>
        PostAsync(to, path, Wire.Write(message));

    public Task<HttpResponseMessage> PostAsync(TestParticipant to, string path, string body) =>
        PostAsync(to, path, Encoding.UTF8.GetBytes(body));

    public async Task<HttpResponseMessage> PostAsync(
        TestParticipant to, string path, byte[] body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{to.Dsp}/{path}")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token(to.Did));
        return await AskAsync(request);
    }

    public async Task<HttpResponseMessage> GetAsync(TestParticipant from, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{from.Dsp}/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(from.Did));
        return await AskAsync(request);
    }

    /// <summary>The body of an answer as a message.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
        where T : Message
    {
        var body = await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel);
        Assert.False(
            Wire.Read<T>(body).Refused(out var refusal, out var message),
            $"{(int)answer.StatusCode} {refusal?.Reason} {Encoding.UTF8.GetString(body)}");
        return message!;
    }

    /// <summary>The next message whose path ends so; others that came before it are kept for later.</summary>
    public async Task<Received> ReceiveAsync(string pathEnd)
    {
        while (true)
        {
            if (_passed.Find(r => r.Path.EndsWith(pathEnd, StringComparison.Ordinal)) is { } kept)
            {
                _passed.Remove(kept);
                return kept;
            }
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestNode.Cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            _passed.Add(await _received.Reader.ReadAsync(limit.Token));
        }
    }

    /// <summary>What came and was not asked for yet.</summary>
    public IReadOnlyList<Received> Left()
    {
        while (_received.Reader.TryRead(out var received))
            _passed.Add(received);
        return _passed;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Key.Dispose();
        Assert.Empty(_findings);
    }

    /// <summary>Answers of the protocol are checked; other errors, as for a missing token, are no messages.</summary>
    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request)
    {
        var answer = await _http.SendAsync(request, TestNode.Cancel);
        var body = await answer.Content.ReadAsStringAsync(TestNode.Cancel);
        if (answer.IsSuccessStatusCode || body.Contains("\"@context\"", StringComparison.Ordinal))
            Check(request.RequestUri!.AbsolutePath, body);
        return answer;
    }

    private void Check(string path, string message)
    {
        foreach (var broken in WireCheck.Broken(message))
            _findings.Enqueue($"{path}: {broken}");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var root = $"/{_name}/dsp";
        var path = http.Request.Path.Value!;
        if (path == $"/{_name}/did.json")
        {
            Assert.False(Millrace.Node.Identity.Did.Parse(Did).Refused(out _, out var did));
            var document = DidDocument.Of(did!, Key, new Uri(Address, root), new Uri(Address, $"{_name}/log/key"));
            await http.Response.Body.WriteAsync(document.ToJson());
        }
        else if (path == root + VersionDocument.Path)
        {
            await http.Response.Body.WriteAsync(
                new VersionDocument([new ProtocolVersion(Dspace.Version, $"/{Dspace.Version}")]).Write());
        }
        else
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            var below = raw[(root.Length + 1 + Dspace.Version.Length + 1)..];
            if (body.Length > 0)
                Check(below, Encoding.UTF8.GetString(body.ToArray()));
            var received = new Received(http.Request.Method, Uri.UnescapeDataString(below), body.ToArray());
            var reply = Answer(received);
            _received.Writer.TryWrite(received);
            http.Response.StatusCode = reply.Status;
            if (reply.Link is not null)
                http.Response.Headers.Link = reply.Link;
            await http.Response.Body.WriteAsync(reply.Body);
        }
    }
}
