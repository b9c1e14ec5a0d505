namespace Millrace.Protocol.Policies;

/// <summary>Says of all permissions that do not hold which came nearest, and what kept it from holding.</summary>
internal static class NearestMiss
{
    private sealed record Miss(Constraint Constraint, string Path, Facts Facts);

    /// <summary>
    /// The permission with the fewest constraints that fail; among those what must only be waited for comes last.
    /// The order of rules decides nothing.
    /// </summary>
    internal static Refusal Explain(
        IReadOnlyList<(Rule Rule, string Path)> permissions, IReadOnlyList<Facts> worlds, Func<TimeSet, bool> open)
    {
        var nearest = (
                from permission in permissions
                from facts in worlds
                let misses = Misses(permission.Rule.Constraints, permission.Path + ".constraint", facts, open)
                select (permission, facts, misses))
            .OrderBy(x => x.misses.Count)
            .ThenBy(x => PolicyHash.Canonical(x.permission.Rule), StringComparer.Ordinal)
            .ThenBy(x => x.facts.Purpose, StringComparer.Ordinal)
            .ThenBy(x => x.facts.Environment, StringComparer.Ordinal)
            .First();
        return nearest.misses.Count == 0
            ? new Refusal("expired", "Its times have passed, or never come together.", nearest.permission.Path)
            : Worst(nearest.misses, open);
    }

    private static List<Miss> Misses(
        IReadOnlyList<Constraint> constraints, string path, Facts facts, Func<TimeSet, bool> open) =>
    [
        .. constraints.Select((constraint, i) => new Miss(constraint, PolicyShape.At(path, i), facts))
            .Where(miss => !open(miss.Facts.Holds(miss.Constraint))),
    ];

    private static Refusal Worst(IEnumerable<Miss> misses, Func<TimeSet, bool> open) =>
        misses.Select(miss => (miss, Refusal: Explain(miss, open)))
            .OrderBy(x => x.Refusal.Code == "not-yet")
            .ThenBy(x => PolicyHash.Canonical(x.miss.Constraint), StringComparer.Ordinal)
            .First().Refusal;

    private static Refusal Explain(Miss miss, Func<TimeSet, bool> open)
    {
        if (miss.Constraint is AtomicConstraint atomic) return Explain(Facts.Read(atomic), miss);
        var logical = (LogicalConstraint)miss.Constraint;
        var path = $"{miss.Path}.{PolicyWords.Of(logical.Connective)}";
        var misses = Misses(logical.Constraints, path, miss.Facts, open);
        if (logical.Connective == Connective.Xone && misses.Count < logical.Constraints.Count)
            return new Refusal("not-exactly-one", "More than one of these holds; exactly one must.", path);
        return misses.Count > 0
            ? Worst(misses, open)
            : new Refusal("expired", "Its times have passed, or never come together.", path);
    }

    private static Refusal Explain(Condition condition, Miss miss) => condition switch
    {
        TimeCondition { Operator: Operator.Gt or Operator.Gteq } c =>
            new Refusal("not-yet", $"It begins at {PolicyJson.Time(c.Moment)}.", miss.Path),
        TimeCondition c => new Refusal("expired", $"It ended at {PolicyJson.Time(c.Moment)}.", miss.Path),
        SinceAgreementCondition => new Refusal("expired", "The time since the agreement is over.", miss.Path),
        LimitCondition { Counted: Counted.Reads } c =>
            new Refusal("count-used-up", $"At most {c.Max} reads are agreed.", miss.Path),
        LimitCondition { Counted: Counted.Rows } c =>
            new Refusal("rows-used-up", $"At most {c.Max} rows are agreed.", miss.Path),
        LimitCondition c => new Refusal("bytes-used-up", $"At most {c.Max} bytes are agreed.", miss.Path),
        PurposeCondition when miss.Facts.Purpose is null =>
            new Refusal("no-purpose", "Sign a purpose when the transfer starts.", miss.Path),
        PurposeCondition => new Refusal("wrong-purpose", "The signed purpose is not one of those agreed.", miss.Path),
        PlaceCondition c => Place(c, miss),
        IndustryCondition when miss.Facts.Request.Claims.Industry is null =>
            Unknown("no-industry", "field of business", miss),
        IndustryCondition c =>
            new Refusal("wrong-industry", $"Your field of business is not {Codes(c.Operator, c.Codes)}.", miss.Path),
        MembershipCondition c => new Refusal(
            "no-membership", $"Agreed is for those who hold {c.Membership} now: ask its issuer, and the provider to "
                + "record it.", miss.Path),
        EnvironmentCondition c =>
            new Refusal("wrong-environment", $"Agreed is {string.Join(" or ", c.Allowed)}.", miss.Path),
        _ => throw new InvalidOperationException($"{condition.GetType().Name} always holds."),
    };

    private static Refusal Place(PlaceCondition c, Miss miss)
    {
        var (name, word, claim) = c.Kind == PlaceKind.Seat
            ? ("seat", "seat", miss.Facts.Request.Claims.Seat)
            : ("place", "place of use", miss.Facts.Request.Claims.Place);
        return claim is null
            ? Unknown($"no-{name}", word, miss)
            : new Refusal($"wrong-{name}", $"Your {word} is not {Codes(c.Operator, c.Codes)}.", miss.Path);
    }

    private static string Codes(Operator op, IReadOnlyList<string> codes) =>
        (op == Operator.IsNoneOf ? "outside " : "") + string.Join(" or ", codes);

    private static Refusal Unknown(string code, string word, Miss miss) => new(
        code, $"No {word} is registered for you: ask the operator of the space, or the provider, to record it.",
        miss.Path);
}
