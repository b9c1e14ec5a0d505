namespace Millrace.Engine.Supply.Drift;

/// <summary>
/// The population stability index: the sum over bins of (b - a) ln(b / a), of the shares a before and b after. It is 0
/// for equal shares, and the same both ways round. By custom 0.1 asks for a look and 0.25 is another population.
/// </summary>
internal static class PopulationStability
{
    public const double Moderate = 0.1, Large = 0.25;

    /// <summary>So that an empty bin has a logarithm: each bin gets half an element more.</summary>
    private const double Half = 0.5;

    /// <summary>The normal quantile of one in a thousand.</summary>
    private const double Z = 3.0902;

    /// <param name="bins">Counts before and after; the sum is over them in their order.</param>
    public static double Index(IReadOnlyList<(long Before, long After)> bins)
    {
        var before = bins.Sum(b => b.Before) + (Half * bins.Count);
        var after = bins.Sum(b => b.After) + (Half * bins.Count);
        var sum = 0.0;
        foreach (var bin in bins)
        {
            var (a, b) = ((bin.Before + Half) / before, (bin.After + Half) / after);
            sum += (b - a) * Math.Log(b / a);
        }
        return Math.Round(sum, 6);
    }

    /// <summary>
    /// What the index of two samples of one population exceeds once in a thousand times: it is spread like chi-square
    /// with one degree of freedom less than bins, times 1/n + 1/m; the quantile of chi-square by Wilson and Hilferty.
    /// </summary>
    public static double ByChance(int bins, long before, long after)
    {
        if (bins < 2 || before == 0 || after == 0) return 0;
        var freedom = bins - 1.0;
        var part = 2 / (9 * freedom);
        var quantile = freedom * Math.Pow(1 - part + (Z * Math.Sqrt(part)), 3);
        return Math.Round(quantile * ((1.0 / before) + (1.0 / after)), 6);
    }

    public static DriftExtent Extent(double index, double byChance) =>
        index <= byChance || index < Moderate ? DriftExtent.Small
        : index < Large ? DriftExtent.Moderate
        : DriftExtent.Large;
}
