using System.Diagnostics;
using System.Globalization;
using Millrace.Node.Api;

namespace Millrace.Benchmarks;

/// <summary>
/// From the analyst's wish (a call of its node's management API) to the agreement seen there: the offer is looked up at
/// the holder, then the four protocol messages go back and forth, each durable on both sides before it is answered.
/// </summary>
internal static class NegotiationMeasure
{
    private const double GoalMilliseconds = 50;
    private const int WarmUp = 1000;
    private const int OneByOne = 300;
    private const int TenAtOnce = 3000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var figures = new List<Figure> { await DurableWriteAsync(bench, cancel) };
        await using (var space = await Space.StartAsync(bench, null, cancel))
            figures.AddRange(await OnAsync(bench, "SQLite", space, cancel));
        await using var postgres = await PostgresServer.StartAsync(bench, cancel);
        if (postgres is null)
        {
            Bench.Say("PostgreSQL is not installed: not measured.");
            return figures;
        }
        await using (var space = await Space.StartAsync(bench, postgres.CreateAsync, cancel))
            figures.AddRange(await OnAsync(bench, "PostgreSQL", space, cancel));
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> OnAsync(
        Bench bench, string database, Space space, CancellationToken cancel)
    {
        var table = Path.Combine(bench.NewFolder("table"), "stations.csv");
        await File.WriteAllTextAsync(table, "station,level\nA,1\nB,2\n", cancel);
        var product = await space.Holder.PublishAsync(table, new ProductDraft("stations", "Stations"), cancel);
        await RunAsync(WarmUp, 10);
        var (one, _) = await RunAsync(OneByOne, 1);
        var before = space.ProcessorTime();
        var (ten, rate) = await RunAsync(TenAtOnce, 10);
        var processor = (space.ProcessorTime() - before).TotalMilliseconds / TenAtOnce;
        return
        [
            .. Figures("one by one", one),
            .. Figures("10 in flight", ten),
            new($"{database}, 10 in flight, rate", rate, "/s"),
            new($"{database}, processor time of both nodes for one", processor, "ms"),
        ];

        IEnumerable<Figure> Figures(string how, Samples samples) =>
        [
            new($"{database}, {how}, p50", samples.Median, "ms"),
            new($"{database}, {how}, p95", samples.P95, "ms", new(Bound.ValueAtMost, GoalMilliseconds)),
            new($"{database}, {how}, p99", samples.P99, "ms"),
        ];

        async Task<(Samples Samples, double Rate)> RunAsync(int count, int inFlight)
        {
            var samples = new Samples();
            var left = count;
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                    await samples.TimeAsync(() => space.AgreeAsync(product, product.Offers[0].Id, cancel));
            }));
            return (samples, count / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }

    /// <summary>What the disk asks for one durable write: no negotiation is faster than its commits.</summary>
    private static async Task<Figure> DurableWriteAsync(Bench bench, CancellationToken cancel)
    {
        const int writes = 200;
        var samples = new Samples();
        using var file = File.OpenHandle(
            Path.Combine(bench.NewFolder("disk"), "probe"), FileMode.CreateNew, FileAccess.Write);
        var block = new byte[4096];
        for (var i = 0; i < writes; i++)
        {
            var at = (long)i * block.Length;
            await samples.TimeAsync(async () =>
            {
                await RandomAccess.WriteAsync(file, block, at, cancel);
                RandomAccess.FlushToDisk(file);
            });
        }
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"After {WarmUp} negotiations unmeasured: {OneByOne} one by one, then {TenAtOnce} by ten callers. Both "
            + $"nodes, their databases and the callers share the machine. The first row is what the disk asks for one "
            + $"write of 4 KiB with fsync.");
        return new Figure("one durable write of this disk, p50", samples.Median, "ms", Note: note);
    }
}
