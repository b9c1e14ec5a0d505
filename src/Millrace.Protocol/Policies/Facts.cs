namespace Millrace.Protocol.Policies;

/// <summary>One way that the open parts of a request may turn out, and when constraints hold in it.</summary>
internal sealed record Facts(UseRequest Request, string? Purpose, string? Environment)
{
    private DateTimeOffset AgreedAt => Request.AgreedAt ?? Request.Now;

    /// <summary>When all constraints of a rule hold. Plan constraints always do: they decide what is seen.</summary>
    internal TimeSet Holds(Rule rule) =>
        rule.Constraints.Aggregate(TimeSet.Always, (set, constraint) => set.And(Holds(constraint)));

    /// <summary>
    /// When a prohibition matches. Where no purpose was signed it may be any, so that silence gets round nothing.
    /// </summary>
    internal TimeSet Matches(Rule prohibition)
    {
        if (Purpose is not null) return Holds(prohibition);
        return Purposes.All.Aggregate(
            Holds(prohibition), (set, purpose) => set.Or((this with { Purpose = purpose.Iri }).Holds(prohibition)));
    }

    internal TimeSet Holds(Constraint constraint) => constraint switch
    {
        AtomicConstraint atomic => Holds(Read(atomic)),
        LogicalConstraint { Connective: Connective.And } c =>
            c.Constraints.Aggregate(TimeSet.Always, (set, part) => set.And(Holds(part))),
        LogicalConstraint { Connective: Connective.Or } c =>
            c.Constraints.Aggregate(TimeSet.Never, (set, part) => set.Or(Holds(part))),
        LogicalConstraint { Connective: Connective.Xone } c =>
            TimeSet.ExactlyOne([.. c.Constraints.Select(Holds)]),
        _ => throw new InvalidOperationException("A sequence was not refused before."),
    };

    /// <summary>A constraint that was found good before.</summary>
    internal static Condition Read(AtomicConstraint atomic)
    {
        if (!ConditionReader.Read(atomic, "").Refused(out var refusal, out var condition)) return condition;
        throw new InvalidOperationException($"A constraint was not refused before: {refusal.Code}");
    }

    private TimeSet Holds(Condition condition) => condition switch
    {
        TimeCondition c => TimeSet.Compared(c.Operator, c.Moment),
        SinceAgreementCondition c => TimeSet.Compared(c.Operator, c.Duration.After(AgreedAt)),
        PurposeCondition c => TimeSet.When(Purpose is { } purpose && Holds(c, purpose)),
        EnvironmentCondition c => TimeSet.When(Environment is { } environment && c.Allowed.Contains(environment)),
        LimitCondition { Counted: Counted.Reads } c => TimeSet.When(c.Max - Request.ReadsSoFar >= Request.ReadsAsked),
        LimitCondition { Counted: Counted.Rows } c => TimeSet.When(c.Max - Request.RowsSoFar >= Request.RowsAsked),
        LimitCondition c => TimeSet.When(c.Max - Request.BytesSoFar >= Request.BytesAsked),
        PlanCondition => TimeSet.Always,
        _ => throw new InvalidOperationException($"{condition.GetType().Name} cannot be evaluated."),
    };

    /// <summary>eq and isAnyOf name purposes exactly; isA takes narrower ones in, isNoneOf keeps them out.</summary>
    private static bool Holds(PurposeCondition condition, string purpose) => condition.Operator switch
    {
        Operator.IsA => condition.Iris.Any(iri => Purposes.IsA(purpose, iri)),
        Operator.IsNoneOf => !condition.Iris.Any(iri => Purposes.IsA(purpose, iri)),
        _ => condition.Iris.Contains(purpose),
    };
}
