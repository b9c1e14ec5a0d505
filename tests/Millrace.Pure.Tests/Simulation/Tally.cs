namespace Millrace.Pure.Tests.Simulation;

/// <summary>How often something happened, to show that the runs meet what they are meant to meet.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, int> _counts = [];

    public int this[string what] => _counts.GetValueOrDefault(what);

    public void Count(string what) => _counts[what] = this[what] + 1;

    public void Add(Tally other)
    {
        foreach (var (what, count) in other._counts) _counts[what] = this[what] + count;
    }

    public override string ToString() =>
        string.Join(", ", _counts.OrderBy(c => c.Key).Select(c => $"{c.Value} {c.Key}"));
}
