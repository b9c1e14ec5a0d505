using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Millrace.Tests.Conformance;

/// <summary>
/// Plays the public conformance kit over raw HTTP. It hears only paths that were registered, each for one message: a
/// message that comes earlier is answered with 404 and has to come again. Whatever the connector sends or answers is
/// held against the schemas. It is stricter than the kit where it can be: it never tries a refused message again.
/// </summary>
internal sealed class Kit : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly WebApplication _app;
    private readonly HostFixture _host;
    private readonly HttpClient _http = new();
    private readonly ConcurrentDictionary<string, Func<JsonObject, JsonObject?>> _paths = new();
    private readonly ConcurrentQueue<string> _findings = new();
    private readonly ConcurrentDictionary<string, string> _unheard = new();

    private readonly TaskCompletionSource _early = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Kit(WebApplication app, HostFixture host) => (_app, _host) = (app, host);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Address => _app.Urls.Single();

    /// <summary>The base of the connector's protocol endpoints.</summary>
    public string Connector => _host["dataspacetck.dsp.connector.http.url"];

    public string ConnectorId => _host["dataspacetck.dsp.connector.agent.id"];

    public static async Task<Kit> StartAsync(HostFixture host)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var kit = new Kit(builder.Build(), host);
        kit._app.Run(kit.HearAsync);
        await kit._app.StartAsync(Cancel);
        return kit;
    }

    public string Setting(string name) => _host[name];

    /// <summary>Ends once a message has come before its path was registered, and was answered with 404.</summary>
    public Task EarlyAsync() => _early.Task.WaitAsync(Patience, Cancel);

    /// <summary>Registers a path for one message.</summary>
    /// <param name="path">With <c>*</c> for a pid.</param>
    /// <param name="handle">What the kit does with it; an exception is a finding, and the answer 500.</param>
    /// <returns>Ends when the message was handled.</returns>
    public Task Expect(string path, Func<JsonObject, JsonObject?> handle)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _paths[$"^/{Regex.Escape(path).Replace(@"\*", "[^/]+", StringComparison.Ordinal)}/?$"] = message =>
        {
            var answer = handle(message);
            heard.TrySetResult();
            return answer;
        };
        return heard.Task.WaitAsync(Patience, Cancel);
    }

    /// <summary>Sends a message that must be taken.</summary>
    /// <returns>The answer's body, if it is a message.</returns>
    public async Task<JsonObject?> SendAsync(string url, JsonObject message, HttpStatusCode? status = null)
    {
        using var answer = await PostAsync(url, message.ToJsonString());
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(
            status is null ? answer.IsSuccessStatusCode : answer.StatusCode == status,
            $"{message["@type"]} → {(int)answer.StatusCode} {body}");
        return body.Length == 0 ? null : Checked(body);
    }

    /// <summary>Sends a message that is against the protocol: the answer must be 4xx, and never 404.</summary>
    public async Task SendIllegalAsync(string url, JsonObject message)
    {
        using var answer = await PostAsync(url, message.ToJsonString());
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(
            (int)answer.StatusCode is >= 400 and < 500 and not 404,
            $"{message["@type"]} → {(int)answer.StatusCode} {body}");
        if (body.Length > 0)
            Assert.EndsWith("Error", (string)Checked(body)["@type"]!, StringComparison.Ordinal);
    }

    /// <summary>Asks the connector, as consumer, to begin.</summary>
    public async Task TriggerAsync(string kind, JsonObject request)
    {
        using var answer = await PostAsync(
            Setting($"dataspacetck.dsp.connector.{kind}.initiate.url"), request.ToJsonString());
        Assert.True(answer.IsSuccessStatusCode, $"{kind} → {(int)answer.StatusCode}");
    }

    public async Task<(HttpStatusCode Status, JsonObject Body)> GetAsync(string url)
    {
        using var answer = await _http.GetAsync(url, Cancel);
        return (answer.StatusCode, Checked(await answer.Content.ReadAsStringAsync(Cancel)));
    }

    /// <summary>The state that the connector says a process is in.</summary>
    public async Task<string> StateAsync(string url)
    {
        var (status, body) = await GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, status);
        return (string)body["state"]!;
    }

    /// <summary>The whole test fails with what was found, and with messages that nobody was to hear.</summary>
    public void Verify()
    {
        Assert.Empty(_findings);
        Assert.Empty(_unheard.Values);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private static JsonObject Checked(string body)
    {
        var broken = WireCheck.Broken(body);
        Assert.True(broken.Count == 0, $"{string.Join("; ", broken)}: {body}");
        return JsonNode.Parse(body)!.AsObject();
    }

    private async Task<HttpResponseMessage> PostAsync(string url, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation(
            "Authorization", Setting("dataspacetck.dsp.connector.http.headers.authorization"));
        return await _http.SendAsync(request, Cancel);
    }

    private async Task HearAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var path = http.Request.Path.Value!;
        var registered = _paths.Keys.FirstOrDefault(known => Regex.IsMatch(path, known));
        var key = $"{path} {body}";
        if (registered is null || !_paths.TryRemove(registered, out var handle))
        {
            _unheard[key] = key;
            _early.TrySetResult();
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        _unheard.TryRemove(key, out _);
        try
        {
            if (handle(Checked(body)) is { } answer)
                await http.Response.WriteAsync(answer.ToJsonString(), http.RequestAborted);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _findings.Enqueue($"{path}: {e.Message}");
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
