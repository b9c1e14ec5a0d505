using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>A constraint of a written rule understood: operand, operator and value fit each other.</summary>
internal abstract record RuleCondition;

/// <param name="Among">Whether who asks must be one of these, or none of them.</param>
internal sealed record AskerCondition(bool Among, IReadOnlyList<string> Ids) : RuleCondition;

internal sealed record DepartureCondition(IReadOnlyList<Departure> Allowed) : RuleCondition;

/// <summary>What is known of who asks: seat, field or membership.</summary>
internal sealed record ClaimCondition(Condition Claim) : RuleCondition;

/// <summary>When the request comes.</summary>
internal sealed record MomentCondition(TimeCondition Time) : RuleCondition;

/// <summary>The terms allow the use for such purposes only.</summary>
internal sealed record OnlyForCondition(PurposeCondition Purpose) : RuleCondition;

/// <summary>What is paid for one unit, compared with an amount in the same currency.</summary>
internal sealed record PriceCondition(Operator Operator, Price Price) : RuleCondition
{
    /// <summary>It keeps the price from falling below an amount.</summary>
    public bool IsFloor => Operator is Operator.Gt or Operator.Gteq;
}
