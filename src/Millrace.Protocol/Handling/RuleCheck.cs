using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>
/// Asked before a rule is published with an offer: every part of it is understood, and no line accepts more than the
/// holder can have meant. A line that accepts must say which requests it means (<see cref="RuleTerms.Request"/>): those
/// as offered, or also those with another price, and then with a floor for each price of the offer. It never accepts
/// other terms, for these may be any.
/// </summary>
public static class RuleCheck
{
    private const int ConstraintsMax = 500;

    /// <summary>Everything that is wrong, each with its path; empty when the rule may be published.</summary>
    /// <param name="offer">The terms of the offer that it is for.</param>
    public static IReadOnlyList<Refusal> Check(WrittenRule rule, Policy offer)
    {
        var refusals = new List<Refusal>();
        if (rule.Lines.Sum(line => PolicyShape.Size(line.When)) > ConstraintsMax)
            return [new Refusal("too-large", $"A rule has at most {ConstraintsMax} constraints.", "lines")];
        for (var i = 0; i < rule.Lines.Count; i++)
        {
            var (line, path) = (rule.Lines[i], WrittenRule.PathOf(i));
            if (line.When.Count == 0)
                refusals.Add(new Refusal("bad-value", "A line without a constraint is: otherwise.", $"{path}.when"));
            var before = refusals.Count;
            Constraints(line.When, $"{path}.when", refusals);
            if (refusals.Count == before && line.Then.Act == RuleAct.Accept && TooWide(line, offer) is { } wide)
                refusals.Add(wide with { Rule = $"{path}.when" });
        }
        if (rule.Otherwise.Act == RuleAct.Accept)
            refusals.Add(new Refusal(
                "accepts-anything", "What no line names is asked or refused: accept in a line that says what.",
                WrittenRule.OtherwisePath));
        return refusals;
    }

    internal static void Constraints(IReadOnlyList<Constraint> constraints, string path, List<Refusal> refusals)
    {
        for (var i = 0; i < constraints.Count; i++)
        {
            var at = PolicyShape.At(path, i);
            if (constraints[i] is AtomicConstraint atomic)
            {
                if (RuleConditionReader.Read(atomic, at).Refused(out var refusal, out _)) refusals.Add(refusal);
                continue;
            }
            var logical = (LogicalConstraint)constraints[i];
            var inner = $"{at}.{PolicyWords.Of(logical.Connective)}";
            if (logical.Connective == Connective.AndSequence)
                refusals.Add(new Refusal("no-sequence", "A rule has no sequences; use and.", inner));
            Constraints(logical.Constraints, inner, refusals);
        }
    }

    private static Refusal? TooWide(RuleLine line, Policy offer)
    {
        var conditions = line.When.OfType<AtomicConstraint>().Select(RuleEvaluator.Read).ToList();
        var allowed = conditions.OfType<DepartureCondition>().Select(c => c.Allowed.ToHashSet()).ToList();
        if (allowed.Count == 0)
            return new Refusal(
                "accepts-anything",
                "A line that accepts says which requests: mr:request as-offered, or other-price with a floor.");
        var all = allowed.Aggregate((a, b) => [.. a.Intersect(b)]);
        if (all.Contains(Departure.Terms))
            return new Refusal(
                "accepts-anything", "Other terms may be any: a line can ask about them or refuse them, not accept.");
        if (!all.Contains(Departure.Price)) return null;
        var floors = conditions.OfType<PriceCondition>().Where(c => c.IsFloor).Select(c => c.Price).ToList();
        if (floors.Count == 0)
            return new Refusal("no-floor", "Without a floor any price is accepted: add mr:price gteq.");
        // An offer that was not readable was refused before.
        var prices = Price.Of(offer).Refused(out _, out var list) ? [] : list.Prices;
        var open = prices.FirstOrDefault(p => !floors.Any(f => f.Per == p.Per && f.Currency == p.Currency));
        return open is null
            ? null
            : new Refusal(
                "no-floor",
                $"The offer has a price in {open.Currency} per {open.Per.ToString().ToLowerInvariant()}: "
                + "add a floor (mr:price gteq) for it, or it may be bargained away.");
    }
}
