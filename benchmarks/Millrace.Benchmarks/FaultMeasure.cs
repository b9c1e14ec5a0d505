using Millrace.Engine.Duck;
using Millrace.Tests.Supply.Faults;

namespace Millrace.Benchmarks;

/// <summary>
/// Faults planted into real tables, and what a contract drafted from the clean table finds of them, row by row.
/// </summary>
internal static class FaultMeasure
{
    private const int Seeds = 2;

    /// <summary>Of the rows, for which there is a goal.</summary>
    private const double UsualShare = 0.01;

    private static readonly string[] _tables =
    [
        "airports.csv", "birdstrikes.csv", "cars.json", "co2-concentration.csv", "flights-20k.json", "gapminder.json",
        "github.csv", "movies.json", "penguins.json", "seattle-weather.csv", "sp500-2000.csv",
        "unemployment-across-industries.json", "us-employment.csv", "weather.csv", "zipcodes.csv",
    ];

    private static readonly double[] _shares = [0.001, UsualShare, 0.05, 0.2];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var packages = await NpmPackages.InstallAsync(bench, cancel, "vega-datasets@3.2.1");
        var work = bench.NewFolder("faults");
        using var duck = new DuckPool(new EngineOptions(Path.Combine(work, "temp")));
        var rows = new Dictionary<(Fault, double), Confusion>();
        var signs = Enum.GetValues<Fault>().ToDictionary(f => f, _ => new List<FaultSigns>());
        foreach (var table in _tables)
        {
            var trial = await FaultTrial.OfAsync(
                duck, work, Path.Combine(packages, "vega-datasets", "data", table), cancel);
            if ((await trial.NamedOfCleanAsync(cancel)).Count > 0)
                throw new InvalidOperationException($"The contract drafted from {table} is broken by {table}.");
            Bench.Say($"    {table}: {trial.Rows} rows");
            foreach (var fault in Enum.GetValues<Fault>())
            {
                foreach (var share in _shares)
                    for (var seed = 1; seed <= Seeds; seed++)
                        rows[(fault, share)] = rows.GetValueOrDefault((fault, share))
                            + (await trial.RunAsync(fault, share, 100 * seed, cancel) ?? default);
                if (await trial.LookAsync(fault, UsualShare, 100, cancel) is { } seen)
                    signs[fault].Add(seen);
            }
        }
        return
        [
            .. rows.SelectMany(r => Figures(r.Key.Item1, r.Key.Item2, r.Value)),
            .. signs.Select(s => Seen(s.Key, s.Value)),
        ];
    }

    private static IEnumerable<Figure> Figures(Fault fault, double share, Confusion rows)
    {
        var name = $"{Name(fault)}, {100 * share:0.#} %";
        var goal = share == UsualShare ? new Goal(Bound.ValueAtLeast, 0.95) : null;
        yield return new($"{name}: recall, {rows.Both} of {rows.Planted} planted rows", rows.Recall, "", goal);
        yield return new(
            $"{name}: precision, {rows.Both} of {rows.Named} named rows", rows.Precision, "", goal, null, Note);
    }

    private static Figure Seen(Fault fault, List<FaultSigns> signs) => new(
        $"{Name(fault)}, 1 %: of {signs.Count} tables seen by the rules in {signs.Count(s => s.ByRules)}, the "
            + $"profile in {signs.Count(s => s.ByProfile)}, drift in {signs.Count(s => s.ByDrift)}; by any",
        (double)signs.Count(s => s.ByRules || s.ByProfile || s.ByDrift) / signs.Count, "");

    private static string Name(Fault fault) => fault switch
    {
        Fault.Nulls => "lost values",
        Fault.Swapped => "swapped cells",
        Fault.ShiftedDates => "dates a year off",
        Fault.Duplicates => "repeated rows",
        Fault.Thousandfold => "numbers thousandfold",
        _ => "miles as kilometres",
    };

    private static string Note =>
        $"{_tables.Length} tables of the package vega-datasets, {Seeds} seeds each. The contract is the draft of the "
        + "clean table, which it keeps; it is checked on a copy in which the share of rows has the fault, in a column "
        + "that a hash picks. A row counts as found where any rule names it. The profile sees more repeated rows or "
        + "more missing values than before, drift a column that moved moderately or far.";
}
