namespace Millrace.Engine.Supply.Joins;

/// <summary>
/// Finds the columns of two tables that meet: by what people confirmed that they hold, and by their values, where
/// chance does not explain it. A pure function of both and a secret.
/// </summary>
public static class JoinFinder
{
    /// <summary>Only so much is told of the share of values that two columns have in common.</summary>
    public static readonly IReadOnlyList<double> Steps = [0.9, 0.75, LeastShare];

    /// <summary>The lowest step: below it nothing is told.</summary>
    internal const double LeastShare = 0.5;

    /// <summary>Where chance gives more than this share, values say nothing.</summary>
    private const double ChanceMax = 0.5;

    /// <summary>Of what chance leaves open, the part that must be met.</summary>
    private const double AboveChanceMin = 0.5;

    /// <summary>
    /// For each column of theirs the one of mine that meets it best, most useful first. No second one is told: a table
    /// of many columns that are nearly the same would ask as often.
    /// </summary>
    /// <param name="secret">Of whoever holds the other table: see <see cref="JoinNoise"/>.</param>
    public static IReadOnlyList<Join> Find(
        IReadOnlyList<JoinColumn> mine, IReadOnlyList<JoinColumn> theirs, ReadOnlySpan<byte> secret)
    {
        var found = new List<Join>();
        foreach (var their in theirs)
        {
            Join? best = null;
            foreach (var my in mine)
            {
                if (Meet(my, their, secret) is { } join && (best is null || Compare(join, best) < 0))
                    best = join;
            }
            if (best is not null)
                found.Add(best);
        }
        found.Sort(Compare);
        return found;
    }

    /// <summary>
    /// Less than 0: the first is of more use. What is no date, then a key on one side, then the word of persons, then
    /// the greatest share.
    /// </summary>
    public static int Compare(Join one, Join other)
    {
        var order = one.OfDates.CompareTo(other.OfDates);
        if (order == 0) order = (other.Keys != JoinKeys.None).CompareTo(one.Keys != JoinKeys.None);
        if (order == 0) order = (other.Element is not null).CompareTo(one.Element is not null);
        if (order == 0) order = Most(other).CompareTo(Most(one));
        if (order == 0) order = string.CompareOrdinal(one.Mine, other.Mine);
        return order == 0 ? string.CompareOrdinal(one.Theirs, other.Theirs) : order;
    }

    private static double Most(Join join) => Math.Max(join.MineInTheirs ?? 0, join.TheirsInMine ?? 0);

    private static Join? Meet(JoinColumn my, JoinColumn their, ReadOnlySpan<byte> secret)
    {
        var element = my.Element is { } e && e.Name == their.Element?.Name ? e : null;
        Join? best = null;
        foreach (var one in my.Keys)
        {
            foreach (var other in their.Keys.Where(k => k.Domain == one.Domain))
            {
                // Any two tables with moments of the same weeks would meet by day.
                var byDay = one.Domain == JoinDomain.Day && my.Keys.Count + their.Keys.Count > 2;
                if (my.Keys.Count > 1 && their.Keys.Count > 1 && byDay)
                    continue;
                var join = new Join(
                    my.Name, their.Name, element, KeysOf(one, other), byDay, null, null, null)
                {
                    OfDates = one.Domain is JoinDomain.Day or JoinDomain.Moment,
                };
                join = Overlap.Of(one, other, secret) is not { } overlap
                    ? element is null ? null : join
                    : Judged(join, overlap);
                if (join is not null && (best is null || Compare(join, best) < 0))
                    best = join;
            }
        }
        return best;
    }

    /// <summary>Null: too few values meet, or no more than chance gives.</summary>
    private static Join? Judged(Join join, Overlap overlap)
    {
        join = join with
        {
            MineInTheirs = Step(overlap.Mine, join.Element is null ? overlap.MineByChance : 0),
            TheirsInMine = Step(overlap.Theirs, join.Element is null ? overlap.TheirsByChance : 0),
            Error = Math.Ceiling(overlap.Error * 100) / 100,
        };
        return join is { MineInTheirs: null, TheirsInMine: null } ? null : join;
    }

    private static double? Step(double share, double byChance) =>
        byChance > ChanceMax || share - byChance < AboveChanceMin * (1 - byChance) ? null
        : Steps.Where(s => share >= s).Select(s => (double?)s).FirstOrDefault();

    private static JoinKeys KeysOf(KeySet one, KeySet other) => (one.IsKey, other.IsKey) switch
    {
        (true, true) => JoinKeys.Both,
        (true, false) => JoinKeys.Mine,
        (false, true) => JoinKeys.Theirs,
        _ => JoinKeys.None,
    };
}
