namespace Millrace.Protocol.Policies;

/// <summary>
/// Whether every part of a policy is understood and can be enforced or attested by this version, whatever the table.
/// Both who publishes and who evaluates ask it: nothing is ever skipped.
/// </summary>
internal static class PolicyShape
{
    internal static readonly IReadOnlyList<string> Actions =
    [
        Terms.Use, Terms.Derive, Terms.Distribute, Terms.Train, Terms.Evaluate, Terms.Retrieve, Terms.Analyse,
    ];

    private const int RulesMax = 100;
    private const int ConstraintsMax = 500;
    private const int DepthMax = 16;

    [Flags]
    private enum Kinds
    {
        None = 0,
        Request = 1,
        Limit = 2,
        Rows = 4,
        Columns = 8,
    }

    internal static List<Refusal> Check(Policy policy)
    {
        var refusals = new List<Refusal>();
        IReadOnlyList<Rule> rules = [.. policy.Permissions, .. policy.Prohibitions, .. policy.Obligations];
        rules = [.. rules, .. rules.SelectMany(rule => rule.Duties)];
        if (rules.Count > RulesMax || rules.Sum(rule => Size(rule.Constraints, 1)) > ConstraintsMax)
            return
            [
                new Refusal(
                    "too-large",
                    $"A policy has at most {RulesMax} rules and {ConstraintsMax} constraints, nested {DepthMax} deep."),
            ];
        for (var i = 0; i < policy.Profiles.Count; i++)
            if (policy.Profiles[i] != Terms.Profile)
                refusals.Add(new Refusal("unknown-profile", "Only Millrace's own profile is known.", $"profile[{i}]"));
        if (policy.Permissions.Count == 0)
            refusals.Add(new Refusal("no-permission", "It allows nothing, so nobody may use it.", "permission"));
        Each(policy.Permissions, "permission", (rule, path) => Permission(rule, path, refusals));
        Each(policy.Prohibitions, "prohibition", (rule, path) => Prohibition(rule, path, refusals));
        Each(policy.Obligations, "obligation", (rule, path) => ObligationShape.Obligation(rule, path, refusals));
        if (Price.Of(policy).Refused(out var price, out _) && price.Code == "mixed-currency") refusals.Add(price);
        return refusals;
    }

    internal static void Permission(Rule rule, string path, List<Refusal> refusals)
    {
        if (!Actions.Contains(rule.Action)) refusals.Add(UnknownAction(rule, path));
        if (rule.Action == Terms.Analyse)
            refusals.Add(new Refusal("not-enforceable-yet", "Analysis needs rooms, which this node lacks.", path));
        Each(rule.Constraints, Join(path, "constraint"), (constraint, at) => Constraint(constraint, at, refusals));
        Each(rule.Duties, Join(path, "duty"), (duty, at) => ObligationShape.Duty(duty, at, refusals));
    }

    /// <summary>A member of a rule; the path of a rule by itself is empty.</summary>
    internal static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    internal static string At(string path, int index) => $"{path}[{index}]";

    /// <summary>How many constraints there are; what is nested too deep counts as too many.</summary>
    internal static int Size(IReadOnlyList<Constraint> constraints, int depth = 0) => depth > DepthMax
        ? ConstraintsMax + 1
        : constraints.Count + constraints.OfType<LogicalConstraint>().Sum(c => Size(c.Constraints, depth + 1));

    private static void Prohibition(Rule rule, string path, List<Refusal> refusals)
    {
        if (!Actions.Contains(rule.Action)) refusals.Add(UnknownAction(rule, path));
        Each(rule.Constraints, Join(path, "constraint"), (constraint, at) =>
        {
            if ((Constraint(constraint, at, refusals) & ~Kinds.Request) != Kinds.None)
                refusals.Add(new Refusal(
                    "not-in-prohibition", "Limits, columns and rows are stated in the permission.", at));
        });
        Each(rule.Duties, Join(path, "duty"), (duty, at) => refusals.Add(
            new Refusal("not-in-prohibition", "A prohibition has no duties.", at)));
    }

    private static Kinds Constraint(Constraint constraint, string path, List<Refusal> refusals)
    {
        if (constraint is AtomicConstraint atomic)
        {
            if (!ConditionReader.Read(atomic, path).Refused(out var refusal, out var condition))
                refusal = ConditionReader.NotYet(condition, path);
            if (refusal is null) return KindOf(Protocol.Check.NotNull(condition));
            refusals.Add(refusal);
            return Kinds.None;
        }

        var logical = (LogicalConstraint)constraint;
        var kinds = Kinds.None;
        var inner = $"{path}.{PolicyWords.Of(logical.Connective)}";
        Each(logical.Constraints, inner, (part, at) => kinds |= Constraint(part, at, refusals));
        if (logical.Constraints.Count == 0) refusals.Add(new Refusal("bad-value", "It joins no constraint.", inner));
        if (Misjoined(logical.Connective, kinds) is { } misjoined) refusals.Add(misjoined with { Rule = inner });
        return kinds;
    }

    private static Refusal? Misjoined(Connective connective, Kinds kinds) => connective switch
    {
        Connective.And => null,
        Connective.Or or Connective.Xone when kinds is Kinds.None or Kinds.Request => null,
        Connective.Or when kinds == Kinds.Rows => null,
        Connective.Or or Connective.Xone when kinds.HasFlag(Kinds.Limit) => new Refusal(
            "limit-inside-or", "What is counted cannot be one of several ways; write two permissions."),
        Connective.Or or Connective.Xone when kinds.HasFlag(Kinds.Request) => new Refusal(
            "mixed-constraints", "Who may read and what is seen cannot be joined so; write two permissions."),
        Connective.Or or Connective.Xone => new Refusal(
            "plan-inside-or", "Only rows can be joined, by or; columns and masks stand by themselves."),
        _ => new Refusal("no-sequence", "The wire keeps no order; use and."),
    };

    private static Kinds KindOf(Condition condition) => condition switch
    {
        LimitCondition => Kinds.Limit,
        RequestCondition => Kinds.Request,
        RowCondition => Kinds.Rows,
        _ => Kinds.Columns,
    };

    internal static Refusal UnknownAction(Rule rule, string path) =>
        new("unknown-term", $"{rule.Action} is not known as an action here.", Join(path, "action"));

    internal static void Each<T>(IReadOnlyList<T> items, string path, Action<T, string> visit)
    {
        for (var i = 0; i < items.Count; i++) visit(items[i], At(path, i));
    }
}
