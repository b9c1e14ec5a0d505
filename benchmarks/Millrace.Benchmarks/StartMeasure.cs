namespace Millrace.Benchmarks;

/// <summary>From asking for the process to the first 200 of <c>/healthz</c>, and the memory it holds idle.</summary>
internal static class StartMeasure
{
    private const int Rounds = 15;
    private const double GoalMilliseconds = 500;
    private const double GoalMebibytes = 150;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var (fresh, known, processor) = (new Samples(), new Samples(), new Samples());
        await StartAsync(bench.NewFolder("start"), new Samples()); // Unpacks, and brings the file into the page cache.
        for (var round = 0; round < Rounds; round++)
        {
            var folder = bench.NewFolder("start");
            await StartAsync(folder, fresh);
            await StartAsync(folder, known);
        }
        await using var node = await NodeProcess.StartAsync(bench, bench.NewFolder("start"), null, cancel);
        await Task.Delay(Idle, bench.Time, cancel);
        var note =
            $"Median and p95 of {Rounds} starts each, in turns. Memory after {Idle.TotalSeconds} s without a request.";
        return
        [
            new(
                "start, new data folder, median", fresh.Median, "ms", new(Bound.ValueAtMost, GoalMilliseconds),
                Note: note),
            new("start, new data folder, p95", fresh.P95, "ms"),
            new("start, existing data folder, median", known.Median, "ms", new(Bound.ValueAtMost, GoalMilliseconds)),
            new("start, existing data folder, p95", known.P95, "ms"),
            new("start, processor time, median", processor.Median, "ms"),
            new("idle memory, resident", node.ResidentMebibytes(), "MiB", new(Bound.ValueAtMost, GoalMebibytes)),
            new("idle memory, not backed by files", node.AnonymousMebibytes(), "MiB"),
        ];

        async Task StartAsync(string folder, Samples samples)
        {
            await using var node = await NodeProcess.StartAsync(bench, folder, null, cancel);
            samples.Add(node.Started.TotalMilliseconds);
            processor.Add(node.ProcessorTime().TotalMilliseconds);
        }
    }
}
