namespace Millrace.Benchmarks;

/// <summary>What a goal bounds.</summary>
internal enum Bound
{
    ValueAtMost,
    ValueAtLeast,
    RatioAtMost,
    RatioAtLeast,
}

/// <summary>A limit to keep.</summary>
internal sealed record Goal(Bound Bound, double Limit);

/// <summary>The contender of a figure: who it is, and its own figure in the same unit.</summary>
internal sealed record Beside(string Who, double Value);

/// <summary>One measured number.</summary>
/// <param name="Beside">What it is compared with, measured in turns with it; null where there is nothing.</param>
/// <param name="Note">What a reader must know to understand the number.</param>
internal sealed record Figure(
    string What, double Value, string Unit, Goal? Goal = null, Beside? Beside = null, string? Note = null)
{
    public double? Ratio => Beside is { Value: > 0 } beside ? Value / beside.Value : null;

    /// <summary>Null: there is no goal.</summary>
    public bool? Holds => Goal?.Bound switch
    {
        Bound.ValueAtMost => Value <= Goal.Limit,
        Bound.ValueAtLeast => Value >= Goal.Limit,
        Bound.RatioAtMost => Ratio <= Goal.Limit,
        Bound.RatioAtLeast => Ratio >= Goal.Limit,
        _ => null,
    };
}
