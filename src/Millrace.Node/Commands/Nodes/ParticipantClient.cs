using System.Text.Json.Serialization.Metadata;
using Millrace.Node.Api;

namespace Millrace.Node.Commands.Nodes;

/// <summary>The management API seen by one participant: paths are relative to <c>participants/{id}/</c>.</summary>
internal sealed class ParticipantClient(NodeClient node, Participant participant, TimeProvider time)
{
    private const int WaitSecondsMax = 30;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    public Participant Participant => participant;

    public Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        node.GetAsync(Full(path), type, cancel);

    public Task<string> GetTextAsync(string path, CancellationToken cancel) =>
        node.GetTextAsync(Full(path), cancel);

    public Task<Answer<T>> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancel) =>
        node.PostAsync(Full(path), body, bodyType, type, cancel);

    /// <inheritdoc cref="NodeClient.PostAsync{T}"/>
    public Task<Answer<T>> PostAsync<T>(
        string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancel) =>
        node.PostAsync(Full(path), content, type, cancel);

    public Task<HttpResponseMessage> OpenAsync(string path, HttpRequestMessage request, CancellationToken cancel) =>
        node.OpenAsync(Full(path), request, cancel);

    /// <summary>Asks by long polls until the state is settled or the time is over; answers what there is.</summary>
    public async Task<Answer<T>> WaitAsync<T>(
        string path, JsonTypeInfo<T> type, Func<T, bool> settled, TimeSpan within, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var left = within - time.GetElapsedTime(began);
            var seconds = Math.Clamp((int)left.TotalSeconds, 0, WaitSecondsMax);
            var answer = await GetAsync($"{path}?wait={seconds}", type, cancel);
            if (settled(answer.Value) || left <= TimeSpan.Zero)
                return answer;
            await Task.Delay(Breath, time, cancel); // A node that answers early must not be asked in a tight loop.
        }
    }

    private string Full(string path) => $"participants/{Uri.EscapeDataString(participant.Id)}/{path}";
}
