using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Node.Api;

namespace Millrace.Node.Commands.Nodes;

/// <summary>
/// Speaks the management API of one node. Paths are relative to <c>/api/v1/</c>. Each method throws
/// <see cref="CommandFailedException"/> when the node refuses, does not answer, or answers nonsense.
/// </summary>
internal sealed class NodeClient : IDisposable
{
    private const string Root = "api/v1/";
    private readonly HttpClient _http;

    public NodeClient(Uri address, string token)
    {
        _http = Open(address);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>A client for a local address: no proxy, no redirect, no limit on how long a body takes.</summary>
    public static HttpClient Open(Uri address) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    })
    {
        BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var text = await GetTextAsync(path, cancel);
        return Understand(text, type);
    }

    public async Task<string> GetTextAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, cancel);
    }

    public async Task<Answer<T>> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var content = new StringContent(
            JsonSerializer.Serialize(body, bodyType), Encoding.UTF8, "application/json");
        return await PostAsync(path, content, type, cancel);
    }

    /// <param name="content">Null posts an empty body.</param>
    public async Task<Answer<T>> PostAsync<T>(
        string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = content };
        using var response = await SendAsync(request, cancel);
        return Understand(await ReadAsync(response, cancel), type);
    }

    /// <summary>A request whose body is read by the caller; refusals have been thrown.</summary>
    /// <param name="path">As for the other methods; the request's own address is overwritten.</param>
    public Task<HttpResponseMessage> OpenAsync(string path, HttpRequestMessage request, CancellationToken cancel)
    {
        request.RequestUri = Address(path);
        return SendAsync(request, cancel);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>An id is a segment of the path: one of dots, or an empty one, would lead somewhere else.</summary>
    private static Uri Address(string path) =>
        path.Split('?')[0].Split('/').Any(segment => segment is "" or "." or "..")
            ? throw CommandFailedException.BadInput("An id must be neither empty nor just dots: copy it from a list.")
            : new Uri(Root + path, UriKind.Relative);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e) when (e.InnerException is CommandFailedException failure)
        {
            throw failure; // The request's own body could not be read.
        }
        catch (Exception e) when (e is HttpRequestException or SocketException) // Bare, where it dies while connecting.
        {
            throw CommandFailedException.NoNode($"The node at {_http.BaseAddress} does not answer: {e.Message}");
        }
        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
            return response;
        using (response)
            throw Refused(response.StatusCode, await ReadAsync(response, cancel));
    }

    private async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadAsStringAsync(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw CommandFailedException.NoNode($"The node at {_http.BaseAddress} broke off its answer: {e.Message}");
        }
    }

    private static CommandFailedException Refused(HttpStatusCode status, string text)
    {
        Problem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(text, ApiJson.Wire.Problem);
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing: the status has to do.
        }
        problem ??= new Problem();
        if (problem is { Reason: null, Detail: null, Title: null })
            problem = problem with { Title = $"The node answered {(int)status} without giving a reason." };
        var code = status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
            or HttpStatusCode.InsufficientStorage
                ? ExitCode.BadInput
                : ExitCode.Refused;
        return new CommandFailedException(code, problem with { Status = problem.Status ?? (int)status });
    }

    private static Answer<T> Understand<T>(string text, JsonTypeInfo<T> type)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, type) is { } value)
                return new Answer<T>(value, text);
        }
        catch (JsonException)
        {
            // Falls through to the same sentence as an answer of null.
        }
        throw CommandFailedException.Refused(
            "bad-answer", "The node's answer cannot be understood; is it of another version than this command?");
    }
}
