namespace Millrace.Protocol.Policies;

/// <summary>
/// When a condition holds, read twice: so that what is not known never lets anything through. A claim that is missing
/// fails a permission and meets a prohibition; what a negotiation leaves open for later does the opposite.
/// </summary>
/// <param name="Allowing">When it counts as held inside a permission.</param>
/// <param name="Forbidding">When it counts as held inside a prohibition.</param>
internal readonly record struct Truth(TimeSet Allowing, TimeSet Forbidding)
{
    internal static readonly Truth Always = new(TimeSet.Always, TimeSet.Always);
    internal static readonly Truth Never = new(TimeSet.Never, TimeSet.Never);

    /// <summary>Nobody says: it allows nothing and forbids.</summary>
    internal static readonly Truth Missing = new(TimeSet.Never, TimeSet.Always);

    /// <summary>It is asked later: it allows and forbids nothing yet.</summary>
    internal static readonly Truth Open = new(TimeSet.Always, TimeSet.Never);

    internal static Truth Of(TimeSet set) => new(set, set);

    internal static Truth When(bool holds) => holds ? Always : Never;

    /// <summary>Where what is known leaves a doubt, the doubt never helps who asks.</summary>
    internal static Truth When(bool surely, bool maybe) => new(TimeSet.When(surely), TimeSet.When(maybe));

    internal Truth And(Truth other) => new(Allowing.And(other.Allowing), Forbidding.And(other.Forbidding));

    internal Truth Or(Truth other) => new(Allowing.Or(other.Allowing), Forbidding.Or(other.Forbidding));

    /// <summary>Exactly one: some part holds by one reading, and no two by the other.</summary>
    internal static Truth ExactlyOne(IReadOnlyList<Truth> parts)
    {
        var any = parts.Aggregate(Never, (all, part) => all.Or(part));
        var (allowing, forbidding) = (Several(parts.Select(p => p.Allowing)), Several(parts.Select(p => p.Forbidding)));
        return new Truth(any.Allowing.Except(forbidding), any.Forbidding.Except(allowing));
    }

    private static TimeSet Several(IEnumerable<TimeSet> sets)
    {
        var (one, several) = (TimeSet.Never, TimeSet.Never);
        foreach (var set in sets) (one, several) = (one.Or(set), several.Or(one.And(set)));
        return several;
    }
}
