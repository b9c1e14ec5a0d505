namespace Millrace.Protocol.Policies;

/// <summary>One way that the open parts of a request may turn out, and when constraints hold in it.</summary>
internal sealed record Facts(UseRequest Request, string? Purpose, string? Environment)
{
    /// <summary>Only times are looked at: all else, known or not, may hold or not.</summary>
    internal bool OnlyTimes { get; init; }

    private DateTimeOffset AgreedAt => Request.AgreedAt ?? Request.Now;

    /// <summary>When all constraints of a permission hold. Plan constraints always do: they say what is seen.</summary>
    internal TimeSet Holds(Rule permission) => All(permission.Constraints).Allowing;

    /// <summary>When a permission holds and nothing forbids it.</summary>
    internal TimeSet Allows(Policy policy, Rule permission)
    {
        // Where the action use is prohibited, so is all that goes beyond it.
        var forbidden = policy.Prohibitions
            .Where(p => p.Action == permission.Action || p.Action == Terms.Use)
            .Aggregate(TimeSet.Never, (set, p) => set.Or(Matches(p)));
        return Holds(permission).Except(forbidden);
    }

    internal TimeSet Holds(Constraint constraint) => Weigh(constraint).Allowing;

    /// <summary>
    /// When a prohibition matches. Where no purpose was signed it may be any, so that silence gets round nothing.
    /// </summary>
    internal TimeSet Matches(Rule prohibition)
    {
        var matches = All(prohibition.Constraints).Forbidding;
        if (Purpose is not null) return matches;
        return Purposes.All.Aggregate(
            matches,
            (set, purpose) => set.Or((this with { Purpose = purpose.Iri }).All(prohibition.Constraints).Forbidding));
    }

    /// <summary>A constraint that was found good before.</summary>
    internal static Condition Read(AtomicConstraint atomic)
    {
        if (!ConditionReader.Read(atomic, "").Refused(out var refusal, out var condition)) return condition;
        throw new InvalidOperationException($"A constraint was not refused before: {refusal.Code}");
    }

    private Truth All(IReadOnlyList<Constraint> constraints) =>
        constraints.Aggregate(Truth.Always, (all, constraint) => all.And(Weigh(constraint)));

    private Truth Weigh(Constraint constraint) => constraint switch
    {
        AtomicConstraint atomic => OnlyTimes ? WeighTime(atomic) : Weigh(Read(atomic)),
        LogicalConstraint { Connective: Connective.And } c => All(c.Constraints),
        LogicalConstraint { Connective: Connective.Or } c =>
            c.Constraints.Aggregate(Truth.Never, (any, part) => any.Or(Weigh(part))),
        LogicalConstraint { Connective: Connective.Xone } c => Truth.ExactlyOne([.. c.Constraints.Select(Weigh)]),
        _ => OnlyTimes ? Truth.Open : throw new InvalidOperationException("A sequence was not refused before."),
    };

    private Truth WeighTime(AtomicConstraint atomic) =>
        !ConditionReader.Read(atomic, "").Refused(out _, out var condition) &&
        condition is TimeCondition or SinceAgreementCondition
            ? Weigh(condition)
            : Truth.Open;

    internal Truth Weigh(Condition condition) => condition switch
    {
        TimeCondition c => Truth.Of(TimeSet.Compared(c.Operator, c.Moment)),
        SinceAgreementCondition c => Truth.Of(TimeSet.Compared(c.Operator, c.Duration.After(AgreedAt))),
        PurposeCondition c => Truth.When(Purpose is { } purpose && Holds(c, purpose)),
        EnvironmentCondition c => Truth.When(Environment is { } environment && c.Allowed.Contains(environment)),
        PlaceCondition { Kind: PlaceKind.Use } when Request.Stage == UseStage.Negotiation => Truth.Open,
        PlaceCondition c => (c.Kind == PlaceKind.Seat ? Request.Claims.Seat : Request.Claims.Place) is { } place
            ? Weigh(c, place)
            : Truth.Missing,
        IndustryCondition c => Request.Claims.Industry is { } field
            ? Truth.When(c.Codes.Contains(field) != (c.Operator == Operator.IsNoneOf))
            : Truth.Missing,
        MembershipCondition c => Request.Claims.Memberships is { } known
            ? Weigh(known, c.Membership)
            : Truth.Missing,
        LimitCondition { Counted: Counted.Reads } c => Truth.When(c.Max - Request.ReadsSoFar >= Request.ReadsAsked),
        LimitCondition { Counted: Counted.Rows } c => Truth.When(c.Max - Request.RowsSoFar >= Request.RowsAsked),
        LimitCondition c => Truth.When(c.Max - Request.BytesSoFar >= Request.BytesAsked),
        PlanCondition => Truth.Always,
        _ => throw new InvalidOperationException($"{condition.GetType().Name} cannot be evaluated."),
    };

    /// <summary>eq and isAnyOf name purposes exactly; isA takes narrower ones in, isNoneOf keeps them out.</summary>
    internal static bool Holds(PurposeCondition condition, string purpose) => condition.Operator switch
    {
        Operator.IsA => condition.Iris.Any(iri => Purposes.IsA(purpose, iri)),
        Operator.IsNoneOf => !condition.Iris.Any(iri => Purposes.IsA(purpose, iri)),
        _ => condition.Iris.Contains(purpose),
    };

    /// <summary>
    /// eq and isAnyOf name places exactly; isPartOf takes parts in, isNoneOf keeps them out. A claim may be wider or
    /// narrower than the rule: Shanghai is forbidden where China is, and "somewhere in China" where Shanghai is.
    /// </summary>
    private static Truth Weigh(PlaceCondition condition, string place)
    {
        var within = condition.Codes.Any(code => Places.IsIn(place, code));
        var touching = within || condition.Codes.Any(code => Places.IsIn(code, place));
        return condition.Operator switch
        {
            Operator.IsPartOf => Truth.When(within, touching),
            Operator.IsNoneOf => Truth.When(!touching, !within),
            _ => Truth.When(condition.Codes.Contains(place), touching),
        };
    }

    /// <summary>Each membership holds until its end; what is not among those known is none.</summary>
    private static Truth Weigh(IEnumerable<Membership> known, Membership asked) => Truth.Of(
        known.Where(one => (one.Type, one.Issuer) == (asked.Type, asked.Issuer))
            .Aggregate(TimeSet.Never, (set, one) => set.Or(
                one.Until is { } until ? TimeSet.Compared(Operator.Lt, until) : TimeSet.Always)));
}
