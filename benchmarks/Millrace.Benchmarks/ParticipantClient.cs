using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Node.Api;

namespace Millrace.Benchmarks;

/// <summary>The management API of a node for one of its participants. Paths are below the participant.</summary>
internal sealed class ParticipantClient : IDisposable
{
    private readonly HttpClient _http;

    private ParticipantClient(HttpClient http, Participant participant) => (_http, Participant) = (http, participant);

    public Participant Participant { get; }

    /// <summary>Adds a participant to the node, and speaks for it.</summary>
    public static async Task<ParticipantClient> AddAsync(NodeProcess node, string id, CancellationToken cancel)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = new Uri(node.Address, "api/v1/"),
            Timeout = Timeout.InfiniteTimeSpan, // Some answers are long in coming; a measure is interrupted by hand.
        };
        var token = await File.ReadAllTextAsync(Path.Combine(node.Folder, NodeFile.TokenName), cancel);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        var added = await SendAsync(
            http, HttpMethod.Post, "participants", Json(new ParticipantDraft(id, id), ApiJson.Wire.ParticipantDraft),
            ApiJson.Wire.Participant, cancel);
        return new ParticipantClient(http, added);
    }

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancel) =>
        SendAsync(_http, HttpMethod.Get, Below(path), null, answer, cancel);

    public Task<T> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> answer, CancellationToken cancel) =>
        SendAsync(_http, HttpMethod.Post, Below(path), Json(body, bodyType), answer, cancel);

    /// <summary>Publishes a file under an offer.</summary>
    public Task<Product> PublishAsync(string file, ProductDraft draft, CancellationToken cancel) =>
        PublishAsync([file], draft, cancel);

    /// <summary>Publishes files as one product under an offer.</summary>
    public async Task<Product> PublishAsync(
        IReadOnlyList<string> files, ProductDraft draft, CancellationToken cancel)
    {
        using var content = new MultipartFormDataContent { { Json(draft, ApiJson.Wire.ProductDraft), "product" } };
        foreach (var file in files) // The content disposes what it reads from.
            content.Add(new StreamContent(File.OpenRead(file)), "files", Path.GetFileName(file));
        return await SendAsync(_http, HttpMethod.Post, Below("products"), content, ApiJson.Wire.Product, cancel);
    }

    /// <summary>Negotiates, from the wish to the agreement.</summary>
    /// <returns>The id of the agreement.</returns>
    public async Task<string> NegotiateAsync(string provider, string dataset, string offer, CancellationToken cancel)
    {
        var begun = await PostAsync(
            "negotiations", new NegotiationDraft(provider, dataset, offer), ApiJson.Wire.NegotiationDraft,
            ApiJson.Wire.Negotiation, cancel);
        var ended = await GetAsync(
            $"negotiations/{Uri.EscapeDataString(begun.Id)}?wait=60", ApiJson.Wire.Negotiation, cancel);
        return ended.Agreement
            ?? throw new InvalidOperationException($"A negotiation ended as {ended.State}: {ended.Refusal?.Reason}");
    }

    /// <summary>Starts a transfer under an agreement.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> TransferAsync(string agreement, CancellationToken cancel)
    {
        var begun = await PostAsync(
            "transfers", new TransferDraft(agreement), ApiJson.Wire.TransferDraft, ApiJson.Wire.Transfer, cancel);
        var path = $"transfers/{Uri.EscapeDataString(begun.Id)}";
        var started = await GetAsync($"{path}?wait=60", ApiJson.Wire.Transfer, cancel);
        return started.Endpoint is not null
            ? path
            : throw new InvalidOperationException($"A transfer is {started.State}: {started.Refusal?.Reason}");
    }

    /// <summary>Asks a SELECT over the data of a transfer, and reads the answer to its end.</summary>
    /// <param name="transfer">Its path.</param>
    /// <param name="file">Where to keep it; null: nowhere.</param>
    public async Task QueryAsync(string transfer, string sql, string format, string? file, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Below($"{transfer}/query?format={format}"))
        {
            Content = Json(new QueryDraft(sql), ApiJson.Wire.QueryDraft),
        };
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        await RequireSuccessAsync(answer, cancel);
        await Bytes.DrainAsync(answer, file, cancel);
    }

    /// <summary>Reads an answer of bytes to its end.</summary>
    /// <param name="file">Where to keep it; null: nowhere.</param>
    /// <returns>How many bytes there were.</returns>
    public async Task<long> DownloadAsync(string path, string? file, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(Below(path), HttpCompletionOption.ResponseHeadersRead, cancel);
        await RequireSuccessAsync(answer, cancel);
        return await Bytes.DrainAsync(answer, file, cancel);
    }

    public void Dispose() => _http.Dispose();

    private string Below(string path) => $"participants/{Participant.Id}/{path}";

    private static StringContent Json<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.Serialize(body, type), Encoding.UTF8, "application/json");

    private static async Task<T> SendAsync<T>(
        HttpClient http, HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type,
        CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await http.SendAsync(request, cancel);
        await RequireSuccessAsync(answer, cancel);
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(cancel), type)
            ?? throw new InvalidDataException($"{path} answered nothing.");
    }

    private static async Task RequireSuccessAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(
                $"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}: "
                + await answer.Content.ReadAsStringAsync(cancel));
    }
}
