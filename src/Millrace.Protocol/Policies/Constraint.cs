namespace Millrace.Protocol.Policies;

/// <summary>A condition on a rule: atomic, or several joined.</summary>
public abstract record Constraint;

/// <summary>One comparison.</summary>
/// <param name="LeftOperand">A normalised name: <c>dateTime</c>, or an absolute IRI.</param>
public sealed record AtomicConstraint(string LeftOperand, Operator Operator, RightOperand RightOperand) : Constraint;

/// <summary>Constraints joined by a connective; never empty.</summary>
public sealed record LogicalConstraint(Connective Connective, IReadOnlyList<Constraint> Constraints) : Constraint;

/// <summary>How the parts of a <see cref="LogicalConstraint"/> are joined.</summary>
public enum Connective
{
    And,
    Or,
    Xone,

    /// <summary>Read, but never evaluated: the wire keeps no order.</summary>
    AndSequence,
}

/// <summary>The operators of the contract schema (DSP 2025-1).</summary>
public enum Operator
{
    Eq,
    Neq,
    Lt,
    Lteq,
    Gt,
    Gteq,
    HasPart,
    IsA,
    IsAllOf,
    IsAnyOf,
    IsNoneOf,
    IsPartOf,

    /// <summary><c>term-lteq</c>: the schema allows it, no context defines it; read, but never evaluated.</summary>
    TermLteq,
}

/// <summary>What a constraint compares with: one value or a list, kept apart to write what was read.</summary>
public sealed record RightOperand(IReadOnlyList<PolicyValue> Values, bool IsList)
{
    public static RightOperand Of(string text, string? type = null) => new([new PolicyValue(text, type)], false);

    public static RightOperand List(params IEnumerable<string> texts) =>
        new([.. texts.Select(text => new PolicyValue(text))], true);
}

/// <summary>A literal or an IRI.</summary>
/// <param name="Text">As written; full ODRL IRIs are shortened to <c>odrl:x</c>.</param>
/// <param name="Type">The datatype as <c>xsd:x</c> or an IRI; null for a plain string.</param>
public sealed record PolicyValue(string Text, string? Type = null);
