using System.Diagnostics;
using System.Security.Cryptography;
using Millrace.Node.Api;

namespace Millrace.Tests.Crashes;

/// <summary>
/// Two nodes that trade and are killed, again and again. Every draw comes from one seed; the moments at which the
/// operating system kills are as near to it as a machine allows.
/// </summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit;
    private readonly NodeProcess _provider;
    private readonly NodeProcess _consumer;
    private readonly string? _providerDatabase;
    private readonly string? _consumerDatabase;
    private readonly Random _random;
    private readonly int _seed;
    private readonly CarefulClient _providers;
    private readonly CarefulClient _consumers;
    private readonly Trader _trader;
    private readonly Ledger _ledger = new();
    private TimeSpan _workTime = TimeSpan.FromMilliseconds(600);

    /// <param name="providerDatabase">A PostgreSQL connection string; null: SQLite.</param>
    public CrashRun(string? providerDatabase, string? consumerDatabase, int seed, CancellationToken cancel)
    {
        (_providerDatabase, _consumerDatabase, _seed, _random) =
            (providerDatabase, consumerDatabase, seed, new Random(seed));
        _limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _provider = new NodeProcess("holder", providerDatabase);
        _consumer = new NodeProcess("reader", consumerDatabase);
        _providers = new CarefulClient(_provider, _limit.Token);
        _consumers = new CarefulClient(_consumer, _limit.Token);
        _trader = new Trader(_providers, _consumers, _ledger);
    }

    /// <summary>Runs the loops; what does not hold names the loop and the seed.</summary>
    public async Task RunAsync(int loops)
    {
        var step = "set-up";
        try
        {
            await SetUpAsync();
            for (var loop = 1; loop <= loops; loop++)
            {
                var plot = Plot.Draw(_random, _workTime);
                step = $"loop {loop}, {plot}";
                _limit.CancelAfter(SettleTime * 3);
                await LoopAsync(plot);
                await SettleAsync();
            }
            step = "the end";
            await EndAsync();
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException(
                $"""
                 In {step} (MILLRACE_CRASH_SEED={_seed}): {broken.Message}
                 The provider's node said: {_provider.Said}
                 The consumer's node said: {_consumer.Said}
                 """,
                broken);
        }
    }

    /// <summary>Gives up: what waits for a node ends.</summary>
    public Task CancelAsync() => _limit.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _limit.CancelAsync();
        await _provider.DisposeAsync();
        await _consumer.DisposeAsync();
        _limit.Dispose();
    }

    /// <summary>The first start of all is killed too: keys, tables and folders are made in it.</summary>
    private async Task SetUpAsync()
    {
        foreach (var node in (NodeProcess[])[_provider, _consumer])
        {
            for (var start = 0; start < 3; start++)
                await KillStartAsync(node, TimeSpan.FromMilliseconds(_random.Next(200, 800)));
            await node.StartAsync(_limit.Token);
            var draft = new ParticipantDraft(node.Name, node.Name);
            using var content = CarefulClient.Json(draft, ApiJson.Wire.ParticipantDraft);
            using var answer = await node.Client.PostAsync(
                new Uri(node.Address, "api/v1/participants"), content, _limit.Token);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_limit.Token));
        }
        await _trader.PublishAsync();
    }

    private async Task LoopAsync(Plot plot)
    {
        var watch = Stopwatch.StartNew();
        var work = Task.WhenAll(_trader.TradeAsync(plot), plot.Publishes ? _trader.PublishAsync() : Task.CompletedTask);
        var killing = KillAsync(plot);
        // Whoever fails first ends the other: a program without its node would ask for ever.
        if (await Task.WhenAny(work, killing) is { IsFaulted: true })
            await _limit.CancelAsync();
        await Task.WhenAll(work, killing);
        // The next kill falls into the time that the work took, or a little later.
        var taken = watch.Elapsed < TimeSpan.FromSeconds(2) ? watch.Elapsed : TimeSpan.FromSeconds(2);
        _workTime = (_workTime * 0.8) + (taken * 0.2 * 0.6);
    }

    private async Task KillAsync(Plot plot)
    {
        var victim = plot.KillsProvider ? _provider : _consumer;
        await Task.Delay(plot.KillAfter, TimeProvider.System, _limit.Token);
        await victim.KillAsync();
        if (plot.KillStartAfter is { } time)
            await KillStartAsync(victim, time);
        await victim.StartAsync(_limit.Token);
    }

    private async Task KillStartAsync(NodeProcess node, TimeSpan after)
    {
        node.Launch();
        await Task.Delay(after, TimeProvider.System, _limit.Token);
        await node.KillAsync();
    }

    /// <summary>Waits until nothing is on its way, then looks whether all is as it must be.</summary>
    private async Task SettleAsync()
    {
        var watch = Stopwatch.StartNew();
        Books provider, consumer;
        while (true)
        {
            // One after the other, and the first once more: a message may have moved on between the two looks.
            var (ours, theirs) = (await WaitingAsync(_provider), await WaitingAsync(_consumer));
            if (ours == default && theirs == default && await WaitingAsync(_provider) == default)
            {
                (provider, consumer) = await BooksAsync();
                if (provider.IsPlaced && consumer.IsPlaced) // A read is settled after its last byte has arrived.
                    break;
            }
            Assert.True(watch.Elapsed < SettleTime, $"It does not settle: provider {ours}, consumer {theirs} waiting.");
            await _providers.PauseAsync();
        }
        Invariants.Check(provider, consumer, _ledger);
        Grown(_provider, provider);
        Grown(_consumer, consumer);
        Tidy(_provider);
        Tidy(_consumer);
    }

    private Task<(long Messages, long Entries)> WaitingAsync(NodeProcess node) =>
        Books.WaitingAsync(
            node == _provider ? _providerDatabase : _consumerDatabase, node.Folder, _limit.Token);

    private async Task<(Books Provider, Books Consumer)> BooksAsync() => (
        await Books.ReadAsync(_providerDatabase, _provider.Folder, _limit.Token),
        await Books.ReadAsync(_consumerDatabase, _consumer.Folder, _limit.Token));

    /// <summary>Every head that was ever seen is the head of what the log begins with now.</summary>
    private void Grown(NodeProcess node, Books books)
    {
        if (!_ledger.Heads.TryGetValue(node.Name, out var heads))
            _ledger.Heads[node.Name] = heads = [];
        Assert.All(heads.Keys, size => Assert.InRange(size, 0, books.Size));
        if (heads.Count > 0) // The newest of the earlier ones: it was compared with those before it.
            Assert.Equal(heads[heads.Keys.Max()], Invariants.Root(books, heads.Keys.Max()));
        heads[books.Size] = Invariants.Root(books, books.Size);
    }

    private static void Tidy(NodeProcess node)
    {
        foreach (var folder in (string[])["incoming", "work"])
        {
            var path = Path.Combine(node.Folder, folder);
            Assert.Empty(Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : []);
        }
    }

    /// <summary>
    /// Both once more, and all of it: signatures, old heads, the content of every object, and a last trade.
    /// </summary>
    private async Task EndAsync()
    {
        foreach (var node in (NodeProcess[])[_provider, _consumer])
        {
            await node.KillAsync();
            await node.StartAsync(_limit.Token);
        }
        await _trader.PublishAsync();
        await _trader.TradeAsync(new Plot(
            false, TimeSpan.Zero, null, false, [new("csv", null), new("parquet", null)], true, true, new("csv", null)));
        await SettleAsync();
        var (provider, consumer) = await BooksAsync();
        foreach (var (client, books) in new[] { (_providers, provider), (_consumers, consumer) })
        {
            var outcome = await client.TryAsync(HttpMethod.Post, "evidence/verify");
            Assert.True(outcome.IsSuccess, outcome.ToString());
            var verdict = outcome.Read(ApiJson.Wire.EvidenceVerdict);
            Assert.True(verdict.Valid, outcome.Body);
            Assert.Equal((books.Size, Invariants.Root(books, books.Size)), (verdict.Size, verdict.Root));
            Assert.All(
                _ledger.Heads[client.Node.Name], head => Assert.Equal(head.Value, Invariants.Root(books, head.Key)));
        }
        foreach (var version in provider.Versions)
            await WholeAsync(version.Body["files"]![0]!["sha256"]!.GetValue<string>());
    }

    private async Task WholeAsync(string sha256)
    {
        await using var file = File.OpenRead(Path.Combine(_provider.Folder, "objects", sha256[..2], sha256));
        Assert.Equal(sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, _limit.Token)));
    }
}
