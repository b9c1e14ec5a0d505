using Millrace.Node.Api;

namespace Millrace.Benchmarks;

/// <summary>
/// An analyst reads a governed view into a file, first while it has to be built, then when it is there; in turns with
/// the same SELECT by hand over the same Parquet file into a file of the same format.
/// </summary>
internal static class ReadMeasure
{
    private const int Rounds = 7;
    private const double GoalRatio = 1.1;

    private static readonly Form[] Forms =
    [
        new("Parquet with pseudonyms", 3_000_000, "parquet", "FORMAT parquet, COMPRESSION zstd", true),
        new("Parquet", 3_000_000, "parquet", "FORMAT parquet, COMPRESSION zstd", false),
        new("Parquet of 10 million rows", 10_000_000, "parquet", "FORMAT parquet, COMPRESSION zstd", false),
        new("CSV", 3_000_000, "csv", "FORMAT csv, HEADER true", false),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        using var duck = new Duck();
        var work = bench.NewFolder("work");
        await using var space = await Space.StartAsync(bench, null, cancel);
        var figures = new List<Figure>();
        var products = new Dictionary<int, Product>();
        var number = 0;
        foreach (var form in Forms)
        {
            Bench.Say($"  {form.Name}…");
            if (!products.TryGetValue(form.Rows, out var product))
                products.Add(form.Rows, product = await Readings.PublishAsync(space, duck, work, form.Rows, cancel));
            var stored = space.Stored(product);
            var (cold, warm, byHand) = (new Samples(), new Samples(), new Samples());
            for (var round = 0; round <= Rounds; round++)
            {
                var firstRow = ++number;
                var transfer = await space.TransferAsync(
                    product, Readings.Offer(firstRow, form.Pseudonyms), cancel);
                var got = Path.Combine(work, $"governed.{form.Format}");
                var made = Path.Combine(work, $"by-hand.{form.Format}");
                var kept = round > 0; // The first round warms up.
                var download = () => space.Analyst.DownloadAsync($"{transfer}/data?format={form.Format}", got, cancel);
                await (kept ? cold : new Samples()).TimeAsync(download);
                await (kept ? warm : new Samples()).TimeAsync(download);
                var select = Readings.ByHand(stored, firstRow, form.Pseudonyms);
                await (kept ? byHand : new Samples()).TimeAsync(() => Task.Run(
                    () => duck.Execute($"COPY ({select}) TO '{made}' ({form.Copy})"), cancel));
                if (!kept)
                    duck.RequireSame(got, made, form.Pseudonyms ? "* EXCLUDE (station)" : "*"); // Other pseudonyms.
            }
            // DuckDB has no keyed hash, so what is by hand there is less than the pseudonyms promise: no goal.
            Goal? goal = form.Pseudonyms ? null : new(Bound.RatioAtMost, GoalRatio);
            var beside = new Beside(form.Pseudonyms ? "by hand, plain SHA-256" : "by hand", byHand.Median);
            figures.Add(new($"{form.Name}, view built, median", cold.Median, "ms", goal, beside, Note));
            figures.Add(new($"{form.Name}, view there, median", warm.Median, "ms", goal, beside));
        }
        return figures;
    }

    private static string Note =>
        $"3 million generated rows where nothing else is said, {Rounds} rounds in turns after one unmeasured. The "
        + "governed read is an HTTP download through both nodes into a file, with its hash, reservation and evidence; "
        + "by hand is one COPY in a warm DuckDB of the same version on all cores. The results are compared row by row.";

    private sealed record Form(string Name, int Rows, string Format, string Copy, bool Pseudonyms);
}
