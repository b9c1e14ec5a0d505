namespace Millrace.Protocol.Policies;

/// <summary>An atomic constraint understood: operand known, operator allowed, value of the right type.</summary>
internal abstract record Condition;

/// <summary>Decides whether a use may happen.</summary>
internal abstract record RequestCondition : Condition;

internal sealed record TimeCondition(Operator Operator, DateTimeOffset Moment) : RequestCondition;

internal sealed record SinceAgreementCondition(Operator Operator, XsdDuration Duration) : RequestCondition;

internal sealed record PurposeCondition(Operator Operator, IReadOnlyList<string> Iris) : RequestCondition;

internal sealed record EnvironmentCondition(IReadOnlyList<string> Allowed) : RequestCondition;

/// <summary>Which place of whoever asks a condition is about.</summary>
internal enum PlaceKind
{
    /// <summary>Where it is registered.</summary>
    Seat,

    /// <summary>Where it uses the data.</summary>
    Use,
}

internal sealed record PlaceCondition(PlaceKind Kind, Operator Operator, IReadOnlyList<string> Codes)
    : RequestCondition;

internal sealed record IndustryCondition(Operator Operator, IReadOnlyList<string> Codes) : RequestCondition;

internal sealed record MembershipCondition(Membership Membership) : RequestCondition;

/// <summary>What the analyses of a room must keep to; understood, but no room is there yet to see to it.</summary>
/// <param name="Units">How many units stand behind each number at least; null: it is about the budget.</param>
/// <param name="Epsilon">The privacy budget.</param>
internal sealed record AnalysisCondition(long? Units, decimal? Epsilon) : Condition;

/// <summary>What is counted over the whole agreement.</summary>
internal enum Counted
{
    Reads,
    Rows,
    Bytes,
}

/// <summary>A request condition that uses up: at most this many.</summary>
internal sealed record LimitCondition(Counted Counted, long Max) : RequestCondition;

/// <summary>Decides what is seen: part of the access plan.</summary>
internal abstract record PlanCondition : Condition;

internal sealed record ColumnCondition(bool Allowed, IReadOnlyList<string> Names) : PlanCondition;

internal sealed record MaskCondition(string Column, Mask Mask) : PlanCondition;

internal sealed record RowCondition(string Column, Operator Operator, IReadOnlyList<PolicyValue> Values)
    : PlanCondition;
