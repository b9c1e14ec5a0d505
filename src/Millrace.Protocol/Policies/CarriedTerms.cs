namespace Millrace.Protocol.Policies;

/// <summary>
/// Terms that offers of derived products must keep (<c>mr:carryOver</c>). Whoever derives is bound by law; what a
/// derived offer lacks can be told by comparing it with the agreement.
/// </summary>
/// <param name="Names">Out of <see cref="Known"/>, each once.</param>
public sealed record CarriedTerms(IReadOnlyList<string> Names)
{
    private const string Purpose = "purpose";
    private const string Deletion = "deletion";
    private const string Attribution = "attribution";

    private static readonly Dictionary<string, string> _prohibitions = new()
    {
        ["no-distribution"] = Terms.Distribute,
        ["no-derivation"] = Terms.Derive,
        ["no-training"] = Terms.Train,
    };

    /// <summary>The names that there are.</summary>
    public static IReadOnlyList<string> Known { get; } = [Purpose, Attribution, Deletion, .. _prohibitions.Keys];

    /// <summary>
    /// What the offer of a derived product lacks of what an agreement over its source carries over; empty: nothing.
    /// </summary>
    public static IReadOnlyList<Refusal> Lacking(Policy source, Policy derived)
    {
        var lacking = new List<Refusal>();
        for (var i = 0; i < source.Obligations.Count; i++)
        {
            var path = PolicyShape.At("obligation", i);
            if (source.Obligations[i].Action != Terms.CarryOver) continue;
            if (Read(source.Obligations[i], path).Refused(out var refusal, out var carried))
                return [refusal];
            lacking.AddRange(
                from name in carried.Names
                where !Keeps(name, source, derived)
                select new Refusal("not-carried-over", $"An offer of a derived product must keep: {name}.", path));
        }

        return lacking;
    }

    internal static Decision<CarriedTerms> Read(Rule rule, string path)
    {
        if (rule.Constraints is not
            [
                AtomicConstraint { LeftOperand: Terms.Term, Operator: Operator.IsAllOf } atomic,
            ])
            return new Refusal("unknown-term", "To carry over needs one constraint: term isAllOf names.", path);
        var names = atomic.RightOperand.Values.Select(value => value.Type is null ? value.Text : "").Distinct()
            .ToList();
        return names.Count > 0 && names.All(Known.Contains)
            ? new CarriedTerms(names)
            : new Refusal(
                "bad-value", $"Terms to carry over are {string.Join(", ", Known)}.", $"{path}.constraint[0]");
    }

    private static bool Keeps(string name, Policy source, Policy derived) => name switch
    {
        Purpose => derived.Permissions.All(rule => PurposesOf(source).All(PurposesOf(rule).Contains)),
        Attribution => derived.Obligations.Any(rule => rule.Action == Terms.Attribute),
        Deletion => Deletions(source).All(Deletions(derived).Contains),
        _ => derived.Prohibitions.Any(rule => rule.Action == _prohibitions[name] && rule.Constraints.Count == 0),
    };

    /// <summary>Under whichever permission it was derived, the derived product keeps the purposes of all.</summary>
    private static IEnumerable<string> PurposesOf(Policy policy) =>
        policy.Permissions.SelectMany(PurposesOf).Distinct();

    private static IEnumerable<string> PurposesOf(Rule rule) =>
        rule.Constraints.Where(c => c is AtomicConstraint { LeftOperand: Terms.Purpose }).Select(PolicyHash.Canonical);

    private static IEnumerable<string> Deletions(Policy policy) =>
        policy.Obligations.Where(rule => rule.Action == Terms.Delete).Select(PolicyHash.Canonical);
}
