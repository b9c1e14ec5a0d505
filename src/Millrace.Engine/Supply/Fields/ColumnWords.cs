using Millrace.Engine.Supply.Classification;

namespace Millrace.Engine.Supply.Fields;

/// <summary>The words of a column's name, abbreviations written out, and the units it may end with.</summary>
/// <param name="Words">In lower case.</param>
internal sealed record ColumnWords(IReadOnlyList<string> Words)
{
    private static readonly Dictionary<string, string> _long = new()
    {
        ["temp"] = "temperature", ["dist"] = "distance", ["qty"] = "quantity", ["amt"] = "amount", ["dt"] = "date",
        ["lat"] = "latitude", ["lon"] = "longitude", ["lng"] = "longitude", ["long"] = "longitude", ["no"] = "number",
        ["num"] = "number", ["nr"] = "number", ["cd"] = "code", ["dep"] = "departure", ["arr"] = "arrival",
        ["orig"] = "origin", ["dest"] = "destination", ["precip"] = "precipitation", ["wt"] = "weight",
        ["addr"] = "address", ["desc"] = "description", ["avg"] = "mean", ["average"] = "mean", ["ccy"] = "currency",
        ["curr"] = "currency", ["acct"] = "account", ["txn"] = "transaction", ["tx"] = "transaction",
        ["trans"] = "transaction", ["pt"] = "patient", ["dx"] = "diagnosis", ["sys"] = "systolic",
        ["dia"] = "diastolic", ["mfr"] = "manufacturer", ["mfg"] = "manufacturing", ["prod"] = "production",
        ["maximum"] = "max", ["minimum"] = "min", ["ts"] = "timestamp", ["identifier"] = "id", ["elev"] = "elevation",
        ["alt"] = "altitude", ["mag"] = "magnitude", ["vel"] = "velocity", ["hum"] = "humidity",
        ["press"] = "pressure", ["sn"] = "serial number", ["veh"] = "vehicle", ["equip"] = "equipment",
        ["pop"] = "population", ["dob"] = "birth date", ["sched"] = "scheduled",
    };

    private static readonly HashSet<string> _small = ["of", "the", "a", "an", "in", "for", "and"];

    public string Text => string.Join(' ', Words);

    /// <summary>The words joined and abbreviations written out, for comparing.</summary>
    public IReadOnlyList<string> Plain =>
    [
        .. Words.Where(w => !_small.Contains(w)).SelectMany(w => _long.GetValueOrDefault(w, w).Split(' ')),
    ];

    /// <summary>Reads a name such as <c>Start_Station-ID</c>.</summary>
    public static ColumnWords Of(string name) =>
        new(Detector.WordsOf(name).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The name without the unit that it ends with, for each unit that it may end with.</summary>
    public IEnumerable<(ColumnWords Bare, Unit Unit)> Measured()
    {
        foreach (var unit in Units.All)
            foreach (var written in unit.Words)
            {
                var tail = written.Split(' ');
                if (tail.Length < Words.Count && Words.TakeLast(tail.Length).SequenceEqual(tail))
                    yield return (new ColumnWords([.. Words.SkipLast(tail.Length)]), unit);
            }
    }
}
