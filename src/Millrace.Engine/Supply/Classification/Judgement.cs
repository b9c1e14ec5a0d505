namespace Millrace.Engine.Supply.Classification;

/// <summary>What speaks for a kind of value in a column.</summary>
/// <param name="Alike">Cells that hold, somewhere in a longer text, one or what looks like it.</param>
/// <param name="Chance">See <see cref="Detector.Chance"/>.</param>
internal readonly record struct Evidence(
    long Cells, long Within, long Values, bool IsNamed, long Alike = 0, double Chance = 1)
{
    public long Hits => Cells + Within;

    public double Share => Values == 0 ? 0 : (double)Cells / Values;

    public double ShareWithin => Values == 0 ? 0 : (double)Hits / Values;

    /// <summary>Whether no accident makes so many values hold one.</summary>
    public bool IsNoAccident => IsFarAbove(Hits, Values);

    /// <summary>Whether no accident makes so much of what looks like it in longer texts be one.</summary>
    public bool IsNoAccidentAmongThoseAlike => IsFarAbove(Within, Alike);

    /// <summary>Chernoff's bound on the chance of so many hits: below one in a million.</summary>
    private bool IsFarAbove(long hits, long trials)
    {
        var share = trials == 0 ? 0 : (double)hits / trials;
        if (share <= Chance) return false;
        var missed = share < 1 ? (1 - share) * Math.Log((1 - share) / (1 - Chance)) : 0;
        return trials * ((share * Math.Log(share / Chance)) + missed) > -Math.Log(1e-6);
    }
}

/// <summary>From evidence to likelihood: what a form proves by itself, the name of the column need not.</summary>
internal static class Judgement
{
    /// <summary>Fewer are no proof for a form that others have by accident.</summary>
    private const int CellsMin = 20;

    /// <returns>Null: nothing worth telling.</returns>
    public static Likelihood? Of(Strength strength, Evidence evidence) => strength switch
    {
        _ when evidence.Values == 0 => null,
        Strength.Certain => evidence switch
        {
            { Share: >= 0.5 } => Likelihood.VeryLikely,
            { Hits: >= 3 } or { ShareWithin: >= 0.01 } => Likelihood.Likely,
            { ShareWithin: > 0 } => Likelihood.Possible,
            _ => null,
        },
        Strength.Strong => evidence switch
        {
            { Share: >= 0.5 } => Likelihood.VeryLikely,
            { ShareWithin: >= 0.01 } or { IsNamed: true, ShareWithin: > 0 } => Likelihood.Likely,
            { ShareWithin: >= 0.005, Hits: >= 3 } or { IsNoAccident: true } => Likelihood.Likely,
            { ShareWithin: > 0 } => Likelihood.Possible,
            _ => null,
        },
        Strength.Medium => evidence switch
        {
            { IsNamed: true, Share: >= 0.5 } => Likelihood.VeryLikely,
            { IsNamed: true, Share: >= 0.1 } => Likelihood.Likely,
            { Share: >= 0.9, Values: >= CellsMin } or { IsNoAccidentAmongThoseAlike: true } => Likelihood.Likely,
            { IsNamed: true, ShareWithin: > 0 } => Likelihood.Possible,
            { ShareWithin: >= 0.3 } => Likelihood.Possible,
            _ => null,
        },
        Strength.Weak => evidence switch
        {
            { IsNamed: true, Share: >= 0.8 } => Likelihood.Likely,
            { IsNamed: true, Share: >= 0.2 } => Likelihood.Possible,
            _ => null,
        },
        Strength.NameOnly => evidence.IsNamed ? Likelihood.Likely : null,
        _ => throw new InvalidOperationException($"There is no rule for {strength}."),
    };
}
