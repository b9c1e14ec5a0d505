namespace Millrace.Engine.Supply.Contracts;

/// <summary>What a contract says to Millrace alone: its <c>customProperties</c> that begin with
/// <c>millrace.</c></summary>
/// <param name="Weights">By name of a dimension.</param>
/// <param name="Publishes">A version below what is promised is published all the same.</param>
/// <param name="Minimum">The least total, 0 to 100.</param>
/// <param name="Drift">How far values may move from version to version.</param>
/// <param name="Label">The column that says what a model is to learn.</param>
internal sealed record OwnProperties(
    IReadOnlyDictionary<string, double> Weights, bool Publishes, double? Minimum, ContractRule? Drift, string? Label)
{
    private const string Prefix = "millrace.";

    private static readonly OwnProperties _none = new(new Dictionary<string, double>(), false, null, null, null);

    private static readonly string[] _dimensions =
    [
        "completeness", "uniqueness", "validity", "freshness", "required", "keys", "conformity", "consistency",
        "business-rules", "timeliness", "volume", "stability",
    ];

    public static OwnProperties Read(ContractNode root)
    {
        var read = _none;
        foreach (var own in root.Nodes("customProperties"))
        {
            own.Keep("description id value");
            read = With(read, own, own.Text("property") ?? "");
            own.Close();
        }
        return read;
    }

    private static OwnProperties With(OwnProperties read, ContractNode own, string name)
    {
        switch (name)
        {
            case $"{Prefix}weights":
                return read with { Weights = WeightsOf(own) };
            case $"{Prefix}gate":
                if (own.Text("value") is not ("publish" or "refuse"))
                    own.Fault("value", "must be refuse or publish");
                return read with { Publishes = own.Text("value") == "publish" };
            case $"{Prefix}minimumScore":
                var minimum = (double?)own.Number("value");
                if (minimum is not (>= 0 and <= 100))
                    own.Fault("value", "must be a number from 0 to 100");
                return read with { Minimum = minimum };
            case $"{Prefix}drift":
                return read with { Drift = DriftOf(own) };
            case $"{Prefix}label":
                if (own.Text("value") is not { Length: > 0 })
                    own.Fault("value", "must name a column");
                return read with { Label = own.Text("value") };
            case not null when name.StartsWith(Prefix, StringComparison.Ordinal):
                own.Fault("property", $"is {name}, which is none of ours");
                return read;
            default:
                return read;
        }
    }

    private static Dictionary<string, double> WeightsOf(ContractNode own)
    {
        var numbers = own.Numbers("value");
        foreach (var (dimension, weight) in numbers)
        {
            if (!_dimensions.Contains(dimension))
                own.Fault("value", $"names {dimension}, which is no dimension of the report");
            if (weight is <= 0 or > 1_000)
                own.Fault("value", $"gives {dimension} a weight that is not above 0 and up to 1000");
        }
        return numbers.ToDictionary(n => n.Key, n => (double)n.Value);
    }

    private static ContractRule? DriftOf(ContractNode own)
    {
        if (own.Node("value") is not { } value)
        {
            own.Fault("value", "must be an object with largestPsi, such as { largestPsi: 0.25 }");
            return null;
        }
        var largest = value.Number("largestPsi");
        if (largest is not (> 0 and <= 100))
            value.Fault("largestPsi", "must be a number above 0 and up to 100; 0.25 is usual");
        var columns = value.Texts("columns");
        value.Close();
        return largest is { } psi
            ? ContractReader.Rule("drift", value.Path, new DriftWithin((double)psi, columns))
            : null;
    }
}
