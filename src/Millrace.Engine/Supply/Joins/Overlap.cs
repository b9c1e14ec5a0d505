namespace Millrace.Engine.Supply.Joins;

/// <summary>How far the values of two columns are the same.</summary>
/// <param name="Mine">The share of the one's different values that the other has; estimated, and with noise.</param>
/// <param name="Theirs">The share of the other's that the one has.</param>
/// <param name="MineByChance">
/// What <paramref name="Mine"/> would be of values that have nothing to do with each other; 0 where that is below the
/// lowest step.
/// </param>
/// <param name="Error">The standard error of both shares.</param>
internal sealed record Overlap(double Mine, double Theirs, double MineByChance, double TheirsByChance, double Error)
{
    /// <summary>How many numbers on either side of a number are its neighbours.</summary>
    private const int Neighbours = 4;

    /// <returns>Null: they are of different domains, or too few of their values were chosen alike to tell.</returns>
    public static Overlap? Of(KeySet one, KeySet other, ReadOnlySpan<byte> secret)
    {
        if (one.Domain != other.Domain)
            return null;
        var bound = Math.Min(one.Bound, other.Bound);
        var (mine, theirs) = (one.Below(bound), other.Below(bound));
        if (Math.Min(mine, theirs) < KeySets.ValuesMin)
            return null;
        var noise = new JoinNoise(secret, one, other);
        var both = Math.Clamp(one.Shared(other, bound) + noise.Of(0), 0, Math.Min(mine, theirs));
        var fewest = (double)Math.Min(mine, theirs);
        var sampling = bound == ulong.MaxValue ? 0 : 0.25 / fewest;
        var (share, back) = (both / mine, both / theirs);
        // Most pairs of columns have little in common: what chance gives is looked at only where it matters.
        return new Overlap(
            share, back, share < JoinFinder.LeastShare ? 0 : Chance(one, other, noise.Of(1)),
            back < JoinFinder.LeastShare ? 0 : Chance(other, one, noise.Of(2)),
            Math.Sqrt(sampling + (2 * Math.Pow(JoinNoise.Scale / fewest, 2))));
    }

    /// <summary>How likely a value such as the one's is among the other's, for no reason.</summary>
    private static double Chance(KeySet one, KeySet other, double noise)
    {
        if (one.Domain == JoinDomain.Text)
            return Math.Min(1, other.Hashes.Length / other.Share / other.Texts);
        if (one.Domain != JoinDomain.Whole)
            return 0; // A day is a day wherever it stands.
        // If the numbers next to the one's are among the other's as well, it says nothing that its own are.
        var (numbers, step) = (other.Numbers.ToHashSet(), Step(one, other));
        var met = 0L;
        for (var shift = 1; shift <= Neighbours; shift++)
            met += one.Numbers.LongCount(n => numbers.Contains(n + (shift * step)))
                + one.Numbers.LongCount(n => numbers.Contains(n - (shift * step)));
        return Math.Clamp(((met / (2.0 * Neighbours)) + noise) / other.Share / one.Numbers.Length, 0, 1);
    }

    /// <summary>Numbers that were rounded to tens meet ten times as often.</summary>
    private static long Step(KeySet one, KeySet other)
    {
        var first = (Int128)one.Numbers[0];
        var step = one.Numbers.Concat(other.Numbers)
            .Aggregate((Int128)0, (s, n) => s == 1 ? s : Common(s, Int128.Abs(n - first)));
        return (long)Int128.Clamp(step, 1, long.MaxValue);
    }

    private static Int128 Common(Int128 one, Int128 other)
    {
        while (other != 0)
            (one, other) = (other, one % other);
        return one;
    }
}
