using System.Net.Http.Headers;
using System.Text;
using Millrace.Node.Identity;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;

namespace Millrace.Node.Messaging;

/// <summary>Requests to other participants, each with a fresh token of the participant that asks.</summary>
public sealed class PeerClient(
    GuardedHttp http, ParticipantKeys keys, LocalParticipants locals, Clock clock)
{
    /// <summary>Posts a message. A peer that cannot be reached is an answer too: it is nobody's mistake here.</summary>
    public async Task<MessageAnswer> PostAsync(
        string participant, string peer, Uri url, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        return await ExchangeAsync(participant, peer, request, clock.Limits.MessageBytesMax, cancel);
    }

    /// <summary>Posts a request whose answer may be as large as a catalogue.</summary>
    public async Task<MessageAnswer> AskAsync(
        string participant, string peer, Uri url, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        return await ExchangeAsync(participant, peer, request, clock.Limits.CatalogueBytesMax, cancel);
    }

    /// <summary>One data set of a provider, with the offers under which it may be had now.</summary>
    public async Task<Decision<Dataset>> DatasetAsync(
        string participant, PeerRecord provider, string dataset, CancellationToken cancel)
    {
        var url = $"{provider.Base.AbsoluteUri.TrimEnd('/')}/catalog/datasets/{Uri.EscapeDataString(dataset)}";
        var answer = await GetAsync(participant, provider.Did, new Uri(url), cancel);
        if (!answer.IsSuccess)
            return answer.Refusal();
        return Wire.Read<Dataset>(answer.Body.Span).Refused(out var refusal, out var found)
            ? new Refusal("bad-answer", $"The provider's answer is not usable: {refusal.Reason}")
            : found;
    }

    /// <summary>Gets a protocol resource.</summary>
    public async Task<MessageAnswer> GetAsync(string participant, string peer, Uri url, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await ExchangeAsync(participant, peer, request, clock.Limits.MessageBytesMax, cancel);
    }

    private async Task<MessageAnswer> ExchangeAsync(
        string participant, string peer, HttpRequestMessage request, int bytesMax, CancellationToken cancel)
    {
        try
        {
            var own = Check.NotNull(await locals.FindAsync(participant, cancel));
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", await keys.TokenAsync(own, peer, cancel));
            var answer = await http.ExchangeAsync(request, bytesMax, cancel);
            var links = answer.Headers.TryGetValues("Link", out var values) ? values.ToList() : null;
            return new MessageAnswer(answer.Status, answer.Body, Links: links);
        }
        catch (PeerException unreachable)
        {
            return new MessageAnswer(null, default, unreachable.Message);
        }
    }
}
