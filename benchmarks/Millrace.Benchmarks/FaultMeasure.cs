using Millrace.Engine.Duck;
using Millrace.Tests.Supply.Faults;

namespace Millrace.Benchmarks;

/// <summary>
/// Faults planted into real tables, and what a contract drafted from the clean table finds of them, row by row.
/// </summary>
internal static class FaultMeasure
{
    private const int Seeds = 3;

    private static readonly string[] _tables =
    [
        "airports.csv", "birdstrikes.csv", "cars.json", "co2-concentration.csv", "flights-20k.json", "gapminder.json",
        "github.csv", "movies.json", "penguins.json", "seattle-weather.csv", "sp500-2000.csv",
        "unemployment-across-industries.json", "us-employment.csv", "weather.csv", "zipcodes.csv",
    ];

    private static readonly double[] _shares = [0.001, 0.01, 0.05, 0.2];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var packages = await NpmPackages.InstallAsync(bench, cancel, "vega-datasets@3.2.1");
        var work = bench.NewFolder("faults");
        using var duck = new DuckPool(new EngineOptions(Path.Combine(work, "temp")));
        var found = new Dictionary<(Fault, double), List<FaultOutcome>>();
        foreach (var table in _tables)
        {
            var trial = await FaultTrial.OfAsync(
                duck, work, Path.Combine(packages, "vega-datasets", "data", table), cancel);
            if ((await trial.NamedOfCleanAsync(cancel)).Count > 0)
                throw new InvalidOperationException($"The contract drafted from {table} is broken by {table}.");
            foreach (var fault in Enum.GetValues<Fault>())
                foreach (var share in _shares)
                    for (var seed = 0; seed < Seeds; seed++)
                        if (await trial.RunAsync(fault, share, 100 * seed, cancel) is { } outcome)
                        {
                            if (!found.TryGetValue((fault, share), out var list)) found[(fault, share)] = list = [];
                            list.Add(outcome);
                        }
            Bench.Say($"    {table}: {trial.Rows} rows");
        }
        return [.. from fault in Enum.GetValues<Fault>() from share in _shares
                   from figure in Figures(fault, share, found[(fault, share)]) select figure];
    }

    private static IEnumerable<Figure> Figures(Fault fault, double share, List<FaultOutcome> outcomes)
    {
        var rows = outcomes.Aggregate(default(Confusion), (sum, o) => sum + o.Rows);
        var name = $"{Name(fault)}, {100 * share:0.#} %";
        var goal = share == 0.01 ? new Goal(Bound.ValueAtLeast, 0.95) : null;
        yield return new($"{name}: recall, {rows.Both} of {rows.Planted} planted rows", rows.Recall, "", goal);
        yield return new($"{name}: precision, {rows.Both} of {rows.Named} named rows", rows.Precision, "", goal);
        if (share == 0.01)
            yield return new(
                $"{name}: of {outcomes.Count} tables seen by rules {outcomes.Count(o => o.ByRules)}, profile "
                    + $"{outcomes.Count(o => o.ByProfile)}, drift {outcomes.Count(o => o.ByDrift)}; by any",
                (double)outcomes.Count(o => o.ByRules || o.ByProfile || o.ByDrift) / outcomes.Count, "", null, null,
                Note);
    }

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
