using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>What a written rule asks of a request, and whether constraints hold of it.</summary>
internal sealed class RequestFacts(OfferRequest request)
{
    private readonly Departure _departure = Policy.SameTerms(request.Offer, request.Asked) ? Departure.None
        : Policy.SameTerms(Unpriced(request.Offer), Unpriced(request.Asked)) ? Departure.Price
        : Departure.Terms;

    internal bool Holds(Constraint constraint) => constraint switch
    {
        AtomicConstraint atomic => Holds(RuleEvaluator.Read(atomic)),
        LogicalConstraint { Connective: Connective.And } c => c.Constraints.All(Holds),
        LogicalConstraint { Connective: Connective.Or } c => c.Constraints.Any(Holds),
        LogicalConstraint { Connective: Connective.Xone } c => c.Constraints.Count(Holds) == 1,
        _ => throw new InvalidOperationException("A sequence was not refused before."),
    };

    private bool Holds(RuleCondition condition) => condition switch
    {
        AskerCondition c => c.Ids.Contains(request.Asker) == c.Among,
        DepartureCondition c => c.Allowed.Contains(_departure),
        MomentCondition { Time: var c } => TimeSet.Compared(c.Operator, c.Moment).Contains(request.Now),
        ClaimCondition c => Holds(c),
        OnlyForCondition c => Holds(c),
        PriceCondition c => Holds(c),
        _ => throw new InvalidOperationException($"{condition.GetType().Name} cannot be evaluated."),
    };

    private bool Holds(OnlyForCondition condition)
    {
        var purposes = PolicyEvaluator.Purposes(request.Asked, request.Now, request.Known);
        return purposes.Count > 0 && purposes.All(p => p is not null && Facts.Holds(condition.Purpose, p));
    }

    /// <exception cref="UnknownClaimException">No register says so much of who asks.</exception>
    private bool Holds(ClaimCondition condition)
    {
        var use = new UseRequest { Stage = UseStage.Transfer, Now = request.Now, Claims = request.Known };
        var truth = new Facts(use, null, null).Weigh(condition.Claim);
        var holds = truth.Allowing.Contains(request.Now);
        return holds == truth.Forbidding.Contains(request.Now) ? holds : throw new UnknownClaimException();
    }

    /// <summary>Another currency compares with nothing; where nothing is to be paid, it is 0 in each.</summary>
    private bool Holds(PriceCondition condition)
    {
        if (Price.Of(request.Asked).Refused(out _, out var list)) return false;
        var bound = condition.Price;
        if (list.Currency is { } currency && currency != bound.Currency) return false;
        var asked = list.Prices.Where(price => price.Per == bound.Per).Sum(price => price.Amount);
        return condition.Operator switch
        {
            Operator.Lt => asked < bound.Amount,
            Operator.Lteq => asked <= bound.Amount,
            Operator.Gt => asked > bound.Amount,
            _ => asked >= bound.Amount,
        };
    }

    private static Policy Unpriced(Policy policy) =>
        policy with { Obligations = [.. policy.Obligations.Where(rule => rule.Action != Terms.Compensate)] };
}

/// <summary>A rule asks of a participant what nobody has recorded.</summary>
internal sealed class UnknownClaimException : Exception;
