using System.Collections.Concurrent;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Catalogues;

/// <summary>
/// Reads the catalogues of the peers that a participant knows, and keeps what they hold, so that a search asks nobody.
/// A catalogue that points to others is followed one level. Each catalogue is read by one reader at a time.
/// </summary>
public sealed partial class FoundCatalogues(
    CatalogueReader reader, PeerDirectory peers, FoundDatasets datasets, Database database, Clock clock,
    ILogger<FoundCatalogues> log) : IAsyncDisposable
{
    private const int CataloguesMax = 20_000;

    private const string StillRead = "Its catalogue is still being read: ask again.",
        Endless = "Its catalogue has no end: its pages lead back to one another, or are too many.";

    // How many times longer a catalogue is left alone than it took to read.
    private const int RestFactor = 10;

    /// <summary>After so many changes the index is measured, and whenever they are so many times as many.</summary>
    private const int ChangesMeasured = 1_000, GrowthMeasured = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<(string Participant, string Provider), Reading> _reading = new();

    /// <summary>
    /// Sees to it that the catalogues are there: one never read is read now; one that is old is read again, and waited
    /// for only a while.
    /// </summary>
    /// <param name="provider">One peer's DID; null: all that are known.</param>
    /// <param name="fresh">Reads every one again, and waits for it.</param>
    /// <returns>The state of each.</returns>
    public async Task<IReadOnlyList<FoundCatalogueRecord>> SeeAsync(
        string participant, string? provider, bool fresh, CancellationToken cancel)
    {
        IReadOnlyList<string> wanted = provider is not null
            ? [provider]
            : [.. (await peers.ListAsync(participant, cancel)).Select(p => p.Value.Did)];
        var states = await EnsureAsync(participant, wanted, await StatesAsync(participant, cancel), fresh, cancel);
        var members = wanted.SelectMany(w => states.TryGetValue(w, out var s) ? s.Members : []).Except(wanted)
            .Distinct().ToList();
        if (members.Count > 0)
            states = await EnsureAsync(participant, members, states, fresh, cancel);
        return [.. wanted.Concat(members).Select(w => states.GetValueOrDefault(w) ?? Unread(w, StillRead))];
    }

    /// <summary>Forgets what a provider's catalogue holds.</summary>
    public async Task ForgetAsync(string participant, string provider, CancellationToken cancel)
    {
        await datasets.RemoveOthersAsync(participant, provider, new HashSet<string>(), cancel);
        await database.WriteAsync(
            u => Tables.FoundCatalogues.DeleteAsync(u, participant, [provider], cancel), cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var reading in _reading.Values)
            await reading.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task<Dictionary<string, FoundCatalogueRecord>> EnsureAsync(
        string participant, IReadOnlyList<string> wanted, Dictionary<string, FoundCatalogueRecord> states, bool fresh,
        CancellationToken cancel)
    {
        var now = clock.Now;
        var (must, may) = (new List<Reading>(), new List<Reading>());
        foreach (var provider in wanted)
        {
            var state = states.GetValueOrDefault(provider);
            var isOld = state is null || now - state.TriedAt >= Age(state);
            if (fresh || isOld)
                (fresh || state?.ReadAt is null ? must : may).Add(ReadOnce(participant, provider));
        }
        if (must.Count + may.Count == 0)
            return states;
        await WaitAsync(must, clock.Limits.CatalogueFirstWait, cancel);
        await WaitAsync(may, clock.Limits.CatalogueWait, cancel);
        return await StatesAsync(participant, cancel);
    }

    /// <summary>
    /// What takes longer goes on, and whoever comes later does not wait for it again: the search answers from what was
    /// read before.
    /// </summary>
    private async Task WaitAsync(List<Reading> readings, TimeSpan patience, CancellationToken cancel)
    {
        if (readings.Count == 0)
            return;
        var all = Task.WhenAll(readings.Select(r => r.Task));
        var left = readings.Max(r => r.Began) + patience - clock.Now;
        if (left > TimeSpan.Zero)
            await Task.WhenAny(all, Task.Delay(left, clock.Time, cancel));
        cancel.ThrowIfCancellationRequested();
        if (all.IsFaulted)
            await all;
    }

    /// <summary>A large catalogue that is searched all the time is not read all the time.</summary>
    private TimeSpan Age(FoundCatalogueRecord state)
    {
        var age = clock.Limits.CatalogueAge;
        return age > TimeSpan.Zero && state.Took * RestFactor is var rest && rest > age ? rest : age;
    }

    private async Task<Dictionary<string, FoundCatalogueRecord>> StatesAsync(
        string participant, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            s => Tables.FoundCatalogues.ListAsync(s, participant, "", CataloguesMax, cancel), cancel);
        return rows.ToDictionary(r => r.Id, r => r.Value, StringComparer.Ordinal);
    }

    /// <summary>The reading that is under way, or a new one. It belongs to the node, not to a request.</summary>
    private Reading ReadOnce(string participant, string provider)
    {
        var key = (participant, provider);
        return _reading.GetOrAdd(key, _ => new Reading(clock.Now, new Lazy<Task>(() => Task.Run(async () =>
        {
            try
            {
                await ReadAsync(participant, provider, _stopping.Token);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                CouldNotRead(provider, e);
                throw;
            }
            finally
            {
                _reading.TryRemove(key, out Reading? _);
            }
        }))));
    }

    private async Task ReadAsync(string participant, string provider, CancellationToken cancel)
    {
        var began = clock.Now;
        if ((await peers.FindAsync(participant, provider, cancel)).Refused(out var refusal, out var peer))
        {
            await FailAsync(participant, provider, began, refusal.Reason, cancel);
            return;
        }
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var members = new HashSet<string>(StringComparer.Ordinal);
        var leftOut = new List<string>();
        var pages = new HashSet<Uri>();
        var (changed, measured) = (0, 0);
        Uri? next = null;
        while (true)
        {
            if ((await reader.PageAsync(participant, peer, next, cancel)).Refused(out refusal, out var page))
            {
                await FailAsync(participant, provider, began, refusal.Reason, cancel);
                return;
            }
            changed += await datasets.SaveAsync(participant, page.Datasets, cancel);
            if (changed >= Math.Max(ChangesMeasured, GrowthMeasured * measured))
            {
                await datasets.MeasureAsync(cancel);
                measured = changed;
            }
            leftOut.AddRange(page.LeftOut);
            listed.UnionWith(page.Datasets.Select(d => FoundDatasetRecord.IdOf(provider, d.Id)));
            // Where a member is, only its own DID document says: whoever names it may want our token for it.
            members.UnionWith(page.Members.Take(clock.Limits.NestedCataloguesMax - members.Count));
            next = page.Next;
            if (next is null || listed.Count + leftOut.Count >= clock.Limits.FindingsMax)
                break;
            if (!pages.Add(next) || pages.Count >= clock.Limits.CataloguePagesMax ||
                clock.Now - began > clock.Limits.CatalogueReadMax)
            {
                await FailAsync(participant, provider, began, Endless, cancel);
                return;
            }
        }
        await datasets.RemoveOthersAsync(participant, provider, listed, cancel);
        await SaveAsync(
            participant, new FoundCatalogueRecord(
                provider, began, began, null, listed.Count, [.. members], clock.Now - began,
                leftOut.Count, leftOut.FirstOrDefault()), cancel);
    }

    /// <summary>What was read before stays, and is as old as it was.</summary>
    private async Task FailAsync(
        string participant, string provider, DateTimeOffset now, string reason, CancellationToken cancel)
    {
        var before = await database.ReadAsync(
            s => Tables.FoundCatalogues.FindAsync(s, participant, provider, cancel), cancel);
        await SaveAsync(
            participant,
            before is null ? Unread(provider, reason, now) : before.Value with { TriedAt = now, Failure = reason },
            cancel);
    }

    private FoundCatalogueRecord Unread(string provider, string why, DateTimeOffset? tried = null) =>
        new(provider, tried ?? clock.Now, null, why, 0, []);

    private Task SaveAsync(string participant, FoundCatalogueRecord state, CancellationToken cancel) =>
        database.WriteAsync(
            async unit => await Tables.FoundCatalogues.SaveChangedAsync(
                unit, participant,
                new Dictionary<string, FoundCatalogueRecord> { [state.Provider] = state }, cancel),
            cancel);

    /// <summary>A reading that is under way; whoever asks for its task first starts it.</summary>
    private sealed record Reading(DateTimeOffset Began, Lazy<Task> Work)
    {
        public Task Task => Work.Value;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The catalogue of {Provider} could not be read.")]
    private partial void CouldNotRead(string provider, Exception exception);
}
