using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>
/// Understands the constraints of written rules. Codes: <c>unknown-term</c>, <c>unknown-operator</c>, <c>bad-value</c>.
/// </summary>
internal static class RuleConditionReader
{
    internal static Decision<RuleCondition> Read(AtomicConstraint c, string path) => c.LeftOperand switch
    {
        RuleTerms.Participant => Asker(c, path),
        RuleTerms.Request => Departure(c, path),
        RuleTerms.Price => Price(c, path),
        Terms.DateTime or Terms.Purpose or Terms.Seat or Terms.Industry or Terms.Membership => OfPolicies(c, path),
        _ => new Refusal(
            "unknown-term",
            $"{c.LeftOperand} is not known in a rule: take mr:participant, mr:seat, odrl:industry, mr:membership, "
            + "mr:request, mr:price, odrl:purpose or odrl:dateTime.",
            path),
    };

    private static Decision<RuleCondition> Asker(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.Eq or Operator.Neq or Operator.IsAnyOf or Operator.IsNoneOf))
            return BadOperator(c, path, "eq, neq, isAnyOf, isNoneOf");
        return Texts(c) is { } ids
            ? new AskerCondition(c.Operator is Operator.Eq or Operator.IsAnyOf, ids)
            : BadValue(c, path, "DIDs of participants, one for eq and neq");
    }

    private static Decision<RuleCondition> Departure(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.Eq or Operator.IsAnyOf)) return BadOperator(c, path, "eq, isAnyOf");
        return Texts(c) is { } words && words.All(RuleTerms.Departures.Contains)
            ? new DepartureCondition([.. words.Select(w => (Departure)Array.IndexOf(RuleTerms.Departures, w))])
            : BadValue(c, path, string.Join(", ", RuleTerms.Departures));
    }

    private static Decision<RuleCondition> Price(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.Lt or Operator.Lteq or Operator.Gt or Operator.Gteq))
            return BadOperator(c, path, "lt, lteq, gt, gteq");
        return Texts(c) is [var text] && Policies.Price.Parse(text) is { } price
            ? new PriceCondition(c.Operator, price)
            : BadValue(c, path, "one price, like 100 CNY per agreement (or per row, or per read)");
    }

    private static Decision<RuleCondition> OfPolicies(AtomicConstraint c, string path) =>
        ConditionReader.Read(c, path).Refused(out var refusal, out var condition)
            ? refusal
            : condition switch
            {
                TimeCondition time => new MomentCondition(time),
                PurposeCondition purpose => new OnlyForCondition(purpose),
                PlaceCondition or IndustryCondition or MembershipCondition => new ClaimCondition(condition),
                _ => throw new InvalidOperationException($"{condition.GetType().Name} is no condition of a rule."),
            };

    /// <summary>Plain strings; several only where the operator takes a set.</summary>
    private static List<string>? Texts(AtomicConstraint c)
    {
        var values = c.RightOperand.Values;
        var enough = c.Operator is Operator.IsAnyOf or Operator.IsNoneOf ? values.Count > 0 : values.Count == 1;
        return enough && values.All(v => v.Type is null or "xsd:anyURI") ? [.. values.Select(v => v.Text)] : null;
    }

    private static Refusal BadOperator(AtomicConstraint c, string path, string allowed) =>
        new("unknown-operator", $"{c.LeftOperand} takes {allowed}, not {PolicyWords.Of(c.Operator)}.", path);

    private static Refusal BadValue(AtomicConstraint c, string path, string expected) =>
        new("bad-value", $"{c.LeftOperand} needs {expected}.", path);
}
