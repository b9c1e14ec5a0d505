using System.Diagnostics;
using Millrace.Node.Api;

namespace Millrace.Benchmarks;

/// <summary>
/// From the analyst's wish (a call of its node's management API) to the agreement seen there: the offer is looked up at
/// the holder, then the four protocol messages go back and forth, each durable on both sides before it is answered.
/// </summary>
internal static class NegotiationMeasure
{
    private const int WarmUp = 2000;

    /// <summary>Many at once are there for the rate, few for the time of one; many first: they warm best.</summary>
    private static readonly (int InFlight, int Count, double? P95)[] Loads =
        [(100, 3000, null), (10, 3000, 30), (1, 300, 50)];

    /// <summary>On SQLite, the database that a node starts with.</summary>
    public static async Task<IReadOnlyList<Figure>> OnSqliteAsync(Bench bench, CancellationToken cancel)
    {
        await using var space = await Space.StartAsync(bench, null, cancel);
        return await RunAsync(bench, space, 800, cancel);
    }

    /// <summary>On PostgreSQL, the database of several nodes; here each has its own, on one server.</summary>
    public static async Task<IReadOnlyList<Figure>> OnPostgresAsync(Bench bench, CancellationToken cancel)
    {
        await using var postgres = await PostgresServer.StartAsync(bench, cancel);
        if (postgres is null)
        {
            Bench.Say("PostgreSQL is not installed: not measured.");
            return [];
        }
        await using var space = await Space.StartAsync(bench, postgres.CreateAsync, cancel);
        return await RunAsync(bench, space, 300, cancel);
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(
        Bench bench, Space space, double goalRate, CancellationToken cancel)
    {
        var table = Path.Combine(bench.NewFolder("table"), "stations.csv");
        await File.WriteAllTextAsync(table, "station,level\nA,1\nB,2\n", cancel);
        var product = await space.Holder.PublishAsync(table, new ProductDraft("stations", "Stations"), cancel);
        await MeasureAsync(WarmUp, 10);
        List<Figure> figures = [await DurableWriteAsync(bench, cancel)];
        foreach (var (inFlight, count, p95) in Loads)
        {
            var before = space.ProcessorTime();
            var (samples, rate) = await MeasureAsync(count, inFlight);
            var processor = (space.ProcessorTime() - before).TotalMilliseconds / count;
            var what = $"{inFlight} in flight";
            Goal? inTime = p95 is { } most ? new(Bound.ValueAtMost, most) : null;
            Goal? atRate = inFlight == 100 ? new(Bound.ValueAtLeast, goalRate) : null;
            figures.AddRange(
            [
                new($"{what}, p50", samples.Median, "ms"),
                new($"{what}, p95", samples.P95, "ms", inTime),
                new($"{what}, p99", samples.P99, "ms"),
                new($"{what}, rate", rate, "/s", atRate),
                new($"{what}, processor time of both nodes for one", processor, "ms"),
            ]);
        }
        return figures;

        async Task<(Samples Samples, double Rate)> MeasureAsync(int count, int inFlight)
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
        var loads = string.Join(", ", Loads.Select(l => $"{l.Count} by {l.InFlight}"));
        var note = $"After {WarmUp} negotiations unmeasured: {loads} callers. Both nodes, their databases and the "
            + "callers share the machine. The first row is what the disk asks for one write of 4 KiB with fsync.";
        return new Figure("one durable write of this disk, p50", samples.Median, "ms", Note: note);
    }
}
