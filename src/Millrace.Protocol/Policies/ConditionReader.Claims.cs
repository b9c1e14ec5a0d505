using System.Globalization;

namespace Millrace.Protocol.Policies;

/// <content>Who asks, and what rooms must keep to.</content>
internal static partial class ConditionReader
{
    private const decimal EpsilonMax = 1_000;

    private static Decision<Condition> ReadPlace(AtomicConstraint c, PlaceKind kind, string path)
    {
        if (c.Operator is not (Operator.Eq or Operator.IsPartOf or Operator.IsAnyOf or Operator.IsNoneOf))
            return BadOperator(c, path, "eq, isPartOf, isAnyOf, isNoneOf");
        return Texts(c) is { } codes && codes.All(Places.IsCode)
            ? new PlaceCondition(kind, c.Operator, codes)
            : BadValue(c, path, Places.Expected);
    }

    private static Decision<Condition> ReadIndustry(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.Eq or Operator.IsAnyOf or Operator.IsNoneOf))
            return BadOperator(c, path, "eq, isAnyOf, isNoneOf");
        return Texts(c) is { } codes && codes.All(Claims.IsField)
            ? new IndustryCondition(c.Operator, codes)
            : BadValue(c, path, Claims.FieldExpected);
    }

    private static Decision<Condition> ReadMembership(AtomicConstraint c, string path)
    {
        if (c.Operator != Operator.Eq) return BadOperator(c, path, "eq");
        return Texts(c) is [var text] && Membership.Read(text) is { } membership
            ? new MembershipCondition(membership)
            : BadValue(c, path, Membership.Expected);
    }

    private static Decision<Condition> ReadGroupSize(AtomicConstraint c, string path)
    {
        if (c.Operator != Operator.Gteq) return BadOperator(c, path, "gteq");
        return Whole(c) is { } units and > 0
            ? new AnalysisCondition(units, null)
            : BadValue(c, path, "one whole number from 1 on (xsd:integer)");
    }

    private static Decision<Condition> ReadEpsilon(AtomicConstraint c, string path)
    {
        if (c.Operator != Operator.Lteq) return BadOperator(c, path, "lteq");
        return Single(c) is { Type: null or "xsd:decimal" } value
               && decimal.TryParse(
                   value.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var epsilon)
               && epsilon is > 0 and <= EpsilonMax
            ? new AnalysisCondition(null, epsilon)
            : BadValue(c, path, $"one decimal above 0, at most {EpsilonMax} (xsd:decimal)");
    }

    /// <summary>The one value, a whole number that is not negative; else null.</summary>
    private static long? Whole(AtomicConstraint c) =>
        Single(c) is { } value && (value.Type is null || _integerTypes.Contains(value.Type))
                               && long.TryParse(
                                   value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
