using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Millrace.ConformanceHost;

/// <summary>The public management API of the node, as any program outside of it would use it: JSON over HTTP.</summary>
public sealed class ManagementClient : IDisposable
{
    private readonly HttpClient _http;

    public ManagementClient(Uri address, string token)
    {
        _http = new HttpClient { BaseAddress = new Uri(address, "api/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <exception cref="HttpRequestException">The node refused; the message holds its answer.</exception>
    public async Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancel) =>
        await PostAsync(path, JsonContent.Create(body), cancel);

    /// <inheritdoc cref="PostAsync(string, JsonObject, CancellationToken)"/>
    public async Task<JsonObject> PostAsync(string path, HttpContent content, CancellationToken cancel)
    {
        using var answer = await _http.PostAsync(path, content, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{path}: {text}", null, answer.StatusCode);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The events of a participant, from its first one on, without end.</summary>
    public async IAsyncEnumerable<JsonObject> EventsAsync(
        string participant, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var stream = await _http.GetStreamAsync($"participants/{participant}/events?from=0", cancel);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancel))
            yield return JsonNode.Parse(item.Data)!.AsObject();
    }

    public void Dispose() => _http.Dispose();
}
