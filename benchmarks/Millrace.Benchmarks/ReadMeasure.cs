using System.Text.Json;
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
        new("Parquet with pseudonyms", "parquet", "FORMAT parquet, COMPRESSION zstd", true),
        new("Parquet", "parquet", "FORMAT parquet, COMPRESSION zstd", false),
        new("CSV", "csv", "FORMAT csv, HEADER true", false),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        using var duck = new Duck();
        var work = bench.NewFolder("work");
        var source = Path.Combine(work, "readings.parquet");
        Readings.Write(duck, source);
        await using var space = await Space.StartAsync(bench, null, cancel);
        var product = await space.Holder.PublishAsync(source, new ProductDraft("readings", "Readings"), cancel);
        var sha256 = product.Latest.Files[0].Sha256;
        var stored = Path.Combine(space.HolderNode.Folder, "objects", sha256[..2], sha256);
        var figures = new List<Figure>();
        var number = 0;
        foreach (var form in Forms)
        {
            Bench.Say($"  {form.Name}…");
            var (cold, warm, byHand) = (new Samples(), new Samples(), new Samples());
            for (var round = 0; round <= Rounds; round++)
            {
                var firstRow = ++number;
                var data = await AgreeAsync(space, product, Readings.Offer(firstRow, form.Pseudonyms), cancel);
                var got = Path.Combine(work, $"governed.{form.Format}");
                var made = Path.Combine(work, $"by-hand.{form.Format}");
                var kept = round > 0; // The first round warms up.
                var download = () => space.Analyst.DownloadAsync($"{data}?format={form.Format}", got, cancel);
                await (kept ? cold : new Samples()).TimeAsync(download);
                await (kept ? warm : new Samples()).TimeAsync(download);
                var select = Readings.ByHand(stored, firstRow, form.Pseudonyms);
                await (kept ? byHand : new Samples()).TimeAsync(() => Task.Run(
                    () => duck.Execute($"COPY ({select}) TO '{made}' ({form.Copy})"), cancel));
                if (!kept)
                    RequireSame(duck, got, made, form.Pseudonyms ? "* EXCLUDE (station)" : "*");
            }
            // DuckDB has no keyed hash, so what is by hand there is less than the pseudonyms promise: no goal.
            Goal? goal = form.Pseudonyms ? null : new(Bound.RatioAtMost, GoalRatio);
            var beside = new Beside(form.Pseudonyms ? "by hand, plain SHA-256" : "by hand", byHand.Median);
            figures.Add(new($"{form.Name}, view built, median", cold.Median, "ms", goal, beside, Note(product)));
            figures.Add(new($"{form.Name}, view there, median", warm.Median, "ms", goal, beside));
        }
        return figures;
    }

    private static async Task<string> AgreeAsync(
        Space space, Product product, JsonElement policy, CancellationToken cancel)
    {
        var offer = await space.Holder.PostAsync(
            $"products/{product.Id}/offers", new OfferDraft(policy), ApiJson.Wire.OfferDraft, ApiJson.Wire.OfferInfo,
            cancel);
        return await space.Analyst.TransferAsync(await space.AgreeAsync(product, offer.Id, cancel), cancel);
    }

    /// <summary>A comparison of different results would say nothing.</summary>
    /// <param name="columns">Which must be equal: the two sides make pseudonyms in different ways.</param>
    private static void RequireSame(Duck duck, string got, string made, string columns)
    {
        var different = duck.Count(
            $"SELECT count(*) FROM ((SELECT {columns} FROM '{got}' EXCEPT ALL SELECT {columns} FROM '{made}') "
            + $"UNION ALL (SELECT {columns} FROM '{made}' EXCEPT ALL SELECT {columns} FROM '{got}'))");
        var rows = duck.Count($"SELECT count(*) FROM '{got}'");
        Bench.Say($"    {rows} rows, {new FileInfo(got).Length / 1_000_000} MB");
        if (different > 0 || rows == 0)
            throw new InvalidOperationException($"The view differs from the SELECT by hand in {different} rows.");
    }

    private static string Note(Product product) =>
        $"{Readings.Rows} generated rows ({product.Latest.Bytes / 1_000_000} MB of Parquet), {Rounds} rounds in turns "
        + "after one unmeasured. The governed read is an HTTP download through both nodes into a file, with its hash, "
        + "reservation and evidence; by hand is one COPY in a warm DuckDB of the same version on all cores. The "
        + "results are compared row by row.";

    private sealed record Form(string Name, string Format, string Copy, bool Pseudonyms);
}
