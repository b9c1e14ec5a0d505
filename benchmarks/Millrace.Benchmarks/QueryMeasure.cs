namespace Millrace.Benchmarks;

/// <summary>
/// An analyst asks a SELECT over a governed view that is there, through both nodes; in turns with the same SELECT by
/// hand over the very file of that view.
/// </summary>
internal static class QueryMeasure
{
    private const int Rounds = 15;

    private static readonly Asked[] Queries =
    [
        new("small", "SELECT kind, count(*) AS n, avg(reading) AS mean FROM data GROUP BY kind ORDER BY kind"),
        new(
            "large",
            "SELECT station, taken, count(*) AS n, avg(reading) AS mean, quantile_cont(reading, 0.9) AS high, "
                + "count(DISTINCT id) AS ids FROM data GROUP BY station, taken ORDER BY station, taken"),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var work = bench.NewFolder("work");
        using var duck = new Duck();
        await using var space = await Space.StartAsync(bench, null, cancel);
        var product = await Readings.PublishAsync(space, duck, work, 3_000_000, cancel);
        var transfer = await space.TransferAsync(product, Readings.Offer(1, pseudonyms: false), cancel);
        var view = Path.Combine(work, "view.parquet");
        await space.Analyst.DownloadAsync($"{transfer}/data?format=parquet", view, cancel);
        var figures = new List<Figure>();
        foreach (var (name, sql) in Queries)
        {
            var (governed, byHand) = (new Samples(), new Samples());
            var (got, made) = (Path.Combine(work, "governed.csv"), Path.Combine(work, "by-hand.csv"));
            var byHandSql = sql.Replace("FROM data", $"FROM read_parquet('{view}')", StringComparison.Ordinal);
            for (var round = 0; round <= Rounds; round++)
            {
                var kept = round > 0; // The first round warms up.
                await (kept ? governed : new Samples()).TimeAsync(
                    () => space.Analyst.QueryAsync(transfer, sql, "csv", got, cancel));
                await (kept ? byHand : new Samples()).TimeAsync(() => Task.Run(
                    () => duck.Execute($"COPY ({byHandSql}) TO '{made}' (FORMAT csv, HEADER true)"), cancel));
                if (!kept)
                    duck.RequireSame(got, made);
            }
            var beside = new Beside("by hand", byHand.Median);
            var isLong = byHand.Median >= 200;
            figures.Add(new(
                $"{name} query, median", governed.Median, "ms", isLong ? new(Bound.RatioAtMost, 1.1) : null, beside,
                Note));
            if (!isLong)
                figures.Add(new(
                    $"{name} query, more than by hand", governed.Median - byHand.Median, "ms",
                    new(Bound.ValueAtMost, 15)));
        }
        return figures;
    }

    private static string Note =>
        $"Over a view of 1.8 million rows that is there, {Rounds} rounds in turns after one unmeasured. A governed "
        + "query goes through both nodes: it is parsed, checked and written anew, run in an instance of its own, "
        + "hashed, reserved and settled, durable. By hand is one COPY in a warm DuckDB over the file of the view. The "
        + "answers are compared row by row.";

    private sealed record Asked(string Name, string Sql);
}
