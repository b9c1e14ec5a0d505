using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Tests.Crashes;

/// <summary>
/// What came of a request; no status: there was no answer, and nobody knows whether it had its effect.
/// </summary>
internal readonly record struct Outcome(HttpStatusCode? Status, string Body)
{
    /// <summary>No answer, or one that asks to try again: the peer or the database was away.</summary>
    public bool IsUnclear => Status is null || (int)Status >= 500;

    public bool IsSuccess => Status is { } status && (int)status < 300;

    public T Read<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Body, type)!;

    public override string ToString() => $"{Status?.ToString() ?? "no answer"}: {Body}";
}

/// <summary>
/// A program over the management API that expects nodes to die: it repeats what only looks, and of what has an effect
/// it first looks what became of it.
/// </summary>
internal sealed class CarefulClient(NodeProcess node, CancellationToken cancel)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public NodeProcess Node => node;

    /// <summary>One request, once.</summary>
    public async Task<Outcome> TryAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(node.Management, path)) { Content = content };
            using var answer = await node.Client.SendAsync(request, cancel);
            return new Outcome(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new Outcome(null, e.Message);
        }
    }

    /// <summary>Looks until there is an answer.</summary>
    public async Task<T> LookAsync<T>(string path, JsonTypeInfo<T> type)
    {
        while (true)
        {
            var outcome = await TryAsync(HttpMethod.Get, path);
            if (outcome.IsSuccess)
                return outcome.Read(type);
            Assert.True(outcome.IsUnclear, $"GET {path} of {node.Name}: {outcome}");
            await PauseAsync();
        }
    }

    /// <summary>Creates something whose id only the node knows, exactly once.</summary>
    /// <param name="path">Both where to create and the list of what there is.</param>
    /// <returns>What was created, and null with a definite refusal.</returns>
    public async Task<(T? Created, Outcome Last)> CreateAsync<T>(
        string path, Func<HttpContent> content, JsonTypeInfo<T> type, JsonTypeInfo<IReadOnlyList<T>> list,
        Func<T, string> id)
        where T : class
    {
        var before = (await LookAsync(path, list)).Select(id).ToHashSet();
        while (true)
        {
            var outcome = await TryAsync(HttpMethod.Post, path, content());
            if (outcome.IsSuccess)
                return (outcome.Read(type), outcome);
            var made = (await LookAsync(path, list)).Where(x => !before.Contains(id(x))).ToList();
            if (!outcome.IsUnclear)
            {
                Assert.Empty(made); // What was refused has no effect.
                return (null, outcome);
            }
            Assert.True(made.Count <= 1, $"One request to {path} made {made.Count} things.");
            if (made.Count == 1)
                return (made[0], outcome);
            await PauseAsync();
        }
    }

    /// <summary>Reads data, counting what arrives.</summary>
    /// <returns>The bytes that came, whether that was all, and the status.</returns>
    public async Task<(long Bytes, bool Whole, HttpStatusCode? Status)> DownloadAsync(string path, long? partBytes)
    {
        var bytes = 0L;
        HttpStatusCode? status = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Management, path));
            if (partBytes is { } part)
                request.Headers.Range = new(0, part - 1);
            using var answer = await node.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            status = answer.StatusCode;
            if (!answer.IsSuccessStatusCode)
                return (0, false, status);
            await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
                bytes += read;
            return (bytes, true, status);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return (bytes, false, status);
        }
    }

    public Task PauseAsync() => Task.Delay(Pause, TimeProvider.System, cancel);

    public static HttpContent Json<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);
}
