using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Millrace.Node;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>A client of the Delta Sharing protocol that a test drives by hand.</summary>
internal sealed class SharingClient(TestParticipant holder, string agreement, string? token, string product = "trips")
{
    private static readonly HttpClient Http = new();

    public string Root => $"{holder.Node.Address.AbsoluteUri}{holder.Id}/sharing";

    public string Share => ShareName.Of(agreement);

    /// <summary>The path of the one table.</summary>
    public string Table => $"/shares/{Share}/schemas/data/tables/{product}";

    public SharingClient With(string? other) => new(holder, agreement, other, product);

    public Task<SharingReply> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path.StartsWith('/') ? Root + path : path), headers);

    public Task<SharingReply> PostAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, Root + path)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            },
            headers);

    /// <summary>The lines of a query that must succeed.</summary>
    public async Task<SharingReply> QueryAsync(string body = "{}", params (string Name, string Value)[] headers)
    {
        var reply = await PostAsync($"{Table}/query", body, headers);
        Assert.True(reply.Status == HttpStatusCode.OK, $"{reply.Status} {reply.Text}");
        return reply;
    }

    /// <summary>A file by its URL, with no token, as engines read it.</summary>
    public static Task<SharingReply> FileAsync(string url, params (string Name, string Value)[] headers) =>
        FileAsync(HttpMethod.Get, url, headers);

    public static Task<SharingReply> FileAsync(
        HttpMethod method, string url, params (string Name, string Value)[] headers) =>
        AnswerAsync(new HttpRequestMessage(method, url), headers);

    private Task<SharingReply> SendAsync(HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return AnswerAsync(request, headers);
    }

    private static async Task<SharingReply> AnswerAsync(
        HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        using (request)
        {
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await Http.SendAsync(request, TestNode.Cancel);
            var all = answer.Headers.Concat(answer.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
            return new SharingReply(
                answer.StatusCode, all, await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel));
        }
    }
}

/// <summary>An answer, read to its end.</summary>
internal sealed record SharingReply(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Text);

    public IReadOnlyList<JsonElement> Lines =>
        [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l))];

    /// <summary>What stands on the lines of one kind.</summary>
    public IReadOnlyList<JsonElement> Of(string kind) =>
        [.. Lines.Where(l => l.TryGetProperty(kind, out _)).Select(l => l.GetProperty(kind))];

    /// <summary>The URL of the one file.</summary>
    public string Url => Of("file").Single().GetProperty("url").GetString()!;

    /// <summary>The status and the codes of an error: of the protocol, and of the contract where it refused.</summary>
    public (int Status, string ErrorCode, string? Code) Error => (
        (int)Status, Json.GetProperty("errorCode").GetString()!,
        Json.TryGetProperty("code", out var code) ? code.GetString() : null);
}
