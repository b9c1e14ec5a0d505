using System.Diagnostics.CodeAnalysis;
using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>The document of a participant of this node, or null for everybody else.</summary>
public delegate ValueTask<DidDocument?> OwnDocument(string did, CancellationToken cancel);

/// <summary>
/// Finds DID documents: those of this node's participants without the network, the rest over HTTPS with a bounded
/// cache in which many who ask at once share one call. Safe for concurrent use.
/// </summary>
public sealed class DidResolver(GuardedHttp http, OwnDocument own, IdentityOptions options, TimeProvider time)
{
    /// <summary>The code where nobody answered: trying again may help.</summary>
    public const string Unreachable = "did-unreachable";

    /// <summary>The code where too many are being asked: trying again may help.</summary>
    public const string Busy = "did-busy";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Found>> _cache = [];
    private readonly LinkedList<Found> _oldestFirst = [];
    private int _fetches;

    /// <summary>
    /// The document, whose id is the DID. Refusals: <c>did-unreadable</c>, <c>did-host</c>, <c>did-unresolvable</c>,
    /// <c>did-unreachable</c>, <c>did-document</c>, <c>did-mismatch</c>, <c>did-busy</c>.
    /// </summary>
    public async Task<Decision<DidDocument>> ResolveAsync(string did, CancellationToken cancel)
    {
        if (Did.Parse(did).Refused(out var refusal, out var parsed))
            return refusal;
        if (Known(parsed) is { } known) // Nobody of ours, or it would not be there: the database need not be asked.
            return await known.Answer.WaitAsync(cancel);
        if (await own(did, cancel) is { } document)
            return document;
        return TryShare(parsed, out var found)
            // One who gives up must not take the answer from the others, so the call itself has no token.
            ? await found.Answer.WaitAsync(cancel)
            : new Refusal(Busy, "Too many DID documents are being asked for. Try again.");
    }

    private Found? Known(Did did)
    {
        lock (_gate)
            return _cache.TryGetValue(did.Value, out var known) && IsUsable(known.Value) ? known.Value : null;
    }

    private bool IsUsable(Found found) => !found.Answer.IsCompleted || time.GetUtcNow() < found.Until;

    private bool TryShare(Did did, [NotNullWhen(true)] out Found? found)
    {
        lock (_gate)
        {
            if (_cache.TryGetValue(did.Value, out var known))
            {
                found = known.Value;
                if (IsUsable(found))
                    return true;
                Forget(known);
            }
            found = null;
            if (_fetches >= options.DidFetchesMax)
                return false;
            if (_cache.Count >= options.DidCacheEntriesMax && _oldestFirst.First is { } oldest)
                Forget(oldest);
            _fetches++;
            found = new Found(did.Value);
            var entry = found;
            found.Answer = Task.Run(() => FetchAsync(did, entry));
            _cache.Add(did.Value, _oldestFirst.AddLast(found));
            return true;
        }
    }

    private void Forget(LinkedListNode<Found> entry)
    {
        _cache.Remove(entry.Value.Did);
        _oldestFirst.Remove(entry);
    }

    private async Task<Decision<DidDocument>> FetchAsync(Did did, Found entry)
    {
        try
        {
            var answer = await FetchAsync(did);
            entry.Until = time.GetUtcNow() + (
                !answer.Refused(out var refusal, out _) ? options.DidFoundFor
                : refusal.Code == Unreachable ? options.DidAwayFor
                : options.DidMissingFor);
            return answer;
        }
        finally
        {
            lock (_gate)
                _fetches--;
        }
    }

    private async Task<Decision<DidDocument>> FetchAsync(Did did)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, did.DocumentUrl(options));
            request.Headers.Accept.ParseAdd("application/did+json, application/json");
            var answer = await http.ExchangeAsync(request, options.DidDocumentBytesMax, CancellationToken.None);
            if ((int)answer.Status >= 500)
                return new Refusal(Unreachable, $"{request.RequestUri} answered {(int)answer.Status}.");
            if (!answer.IsSuccess)
                return new Refusal("did-unresolvable", $"{request.RequestUri} answered {(int)answer.Status}.");
            if (DidDocumentReader.Read(answer.Body).Refused(out var refusal, out var document))
                return refusal;
            return document.Id == did.Value
                ? document
                : new Refusal("did-mismatch", "The DID document names another DID.");
        }
        catch (PeerException e)
        {
            var away = e.Code is "peer-unreachable" or "peer-slow";
            return new Refusal(away ? Unreachable : "did-unresolvable", e.Message);
        }
    }

    private sealed class Found(string did)
    {
        public string Did { get; } = did;

        public Task<Decision<DidDocument>> Answer { get; set; } = null!;

        /// <summary>Set before the answer is there; an answer that failed is never used again.</summary>
        public DateTimeOffset Until { get; set; }
    }
}
