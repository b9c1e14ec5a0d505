using System.Globalization;

namespace Millrace.Protocol.Policies;

/// <summary>
/// Understands atomic constraints. Codes: <c>unknown-term</c>, <c>unknown-operator</c>, <c>bad-value</c>.
/// </summary>
internal static partial class ConditionReader
{
    private static readonly string[] _integerTypes =
        ["xsd:integer", "xsd:nonNegativeInteger", "xsd:positiveInteger", "xsd:long", "xsd:int"];

    private static readonly string[] _dateTimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz"];

    /// <summary>Why this version cannot see to a condition that it understands; null: it can.</summary>
    internal static Refusal? NotYet(Condition condition, string path) => condition switch
    {
        AnalysisCondition => new Refusal(
            "not-enforceable-yet", "Analyses are limited in rooms, which this node lacks.", path),
        EnvironmentCondition c when !c.Allowed.All(Environments.Served.Contains) => new Refusal(
            "not-enforceable-yet", $"This node serves {string.Join(" and ", Environments.Served)} only.", path),
        _ => null,
    };

    internal static Decision<Condition> Read(AtomicConstraint constraint, string path)
    {
        if (Terms.MaskedColumn(constraint.LeftOperand) is { } masked) return ReadMask(constraint, masked, path);
        if (Terms.RowColumn(constraint.LeftOperand) is { } row) return ReadRow(constraint, row, path);
        return constraint.LeftOperand switch
        {
            Terms.DateTime => ReadTime(constraint, path),
            Terms.SinceAgreement => ReadSinceAgreement(constraint, path),
            Terms.Count => ReadLimit(constraint, Counted.Reads, path),
            Terms.Rows => ReadLimit(constraint, Counted.Rows, path),
            Terms.Bytes => ReadLimit(constraint, Counted.Bytes, path),
            Terms.Purpose => ReadPurpose(constraint, path),
            Terms.Environment => ReadEnvironment(constraint, path),
            Terms.Column => ReadColumns(constraint, path),
            Terms.Seat => ReadPlace(constraint, PlaceKind.Seat, path),
            Terms.Spatial => ReadPlace(constraint, PlaceKind.Use, path),
            Terms.Industry => ReadIndustry(constraint, path),
            Terms.Membership => ReadMembership(constraint, path),
            Terms.MinGroupSize => ReadGroupSize(constraint, path),
            Terms.Epsilon => ReadEpsilon(constraint, path),
            _ => new Refusal("unknown-term", $"{constraint.LeftOperand} is not known as a left operand.", path),
        };
    }

    /// <summary>An xsd:dateTime with a zone: without one it means another moment to each reader.</summary>
    internal static DateTimeOffset? Moment(PolicyValue value)
    {
        if (value.Type is not (null or "xsd:dateTime" or "xsd:dateTimeStamp")) return null;
        var text = value.Text.EndsWith('Z') ? value.Text[..^1] + "+00:00" : value.Text;
        return DateTimeOffset.TryParseExact(
            XsdFraction.Cut(text), _dateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            ? moment
            : null;
    }

    internal static XsdDuration? Duration(PolicyValue value) =>
        value.Type is null or "xsd:duration" ? XsdDuration.Parse(value.Text) : null;

    private static Decision<Condition> ReadTime(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.Lt or Operator.Lteq or Operator.Gt or Operator.Gteq))
            return BadOperator(c, path, "lt, lteq, gt, gteq");
        return Single(c) is { } value && Moment(value) is { } moment
            ? new TimeCondition(c.Operator, moment)
            : BadValue(c, path, "one xsd:dateTime with a time zone, like 2026-12-31T06:00:00Z");
    }

    private static Decision<Condition> ReadSinceAgreement(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.Lt or Operator.Lteq)) return BadOperator(c, path, "lt, lteq");
        return Single(c) is { } value && Duration(value) is { } duration
            ? new SinceAgreementCondition(c.Operator, duration)
            : BadValue(c, path, "one xsd:duration, like P1Y or P30D");
    }

    private static Decision<Condition> ReadLimit(AtomicConstraint c, Counted counted, string path)
    {
        var less = counted == Counted.Reads && c.Operator == Operator.Lt;
        if (!less && c.Operator != Operator.Lteq)
            return BadOperator(c, path, counted == Counted.Reads ? "lt, lteq" : "lteq");
        return Whole(c) is { } max
            ? new LimitCondition(counted, less ? max - 1 : max)
            : BadValue(c, path, "one whole number that is not negative (xsd:integer)");
    }

    private static Decision<Condition> ReadPurpose(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.Eq or Operator.IsA or Operator.IsAnyOf or Operator.IsNoneOf))
            return BadOperator(c, path, "eq, isA, isAnyOf, isNoneOf");
        return Texts(c) is { } iris && iris.All(iri => Purposes.Find(iri) is not null)
            ? new PurposeCondition(c.Operator, iris)
            : BadValue(
                c, path, $"{Purposes.Namespace} and one of {string.Join(", ", Purposes.All.Select(p => p.Name))}");
    }

    private static Decision<Condition> ReadEnvironment(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.Eq or Operator.IsAnyOf)) return BadOperator(c, path, "eq, isAnyOf");
        return Texts(c) is { } words && words.All(Environments.All.Contains)
            ? new EnvironmentCondition(words)
            : BadValue(c, path, string.Join(", ", Environments.All));
    }

    private static Decision<Condition> ReadColumns(AtomicConstraint c, string path)
    {
        if (c.Operator is not (Operator.IsAnyOf or Operator.IsNoneOf))
            return BadOperator(c, path, "isAnyOf, isNoneOf");
        return Texts(c) is { } names
            ? new ColumnCondition(c.Operator == Operator.IsAnyOf, names)
            : BadValue(c, path, "names of columns");
    }

    private static Decision<Condition> ReadMask(AtomicConstraint c, string column, string path)
    {
        if (c.Operator != Operator.Eq) return BadOperator(c, path, "eq");
        return Single(c) is { Type: null } value && Mask.Parse(value.Text) is { } mask
            ? new MaskCondition(column, mask)
            : BadValue(c, path, "null, hash, hash:<scenario>, first:n, last:n, round:x, date:month or date:year");
    }

    private static Decision<Condition> ReadRow(AtomicConstraint c, string column, string path)
    {
        if (c.Operator is Operator.IsAnyOf or Operator.IsNoneOf)
            return c.RightOperand.Values.Count > 0
                ? new RowCondition(column, c.Operator, c.RightOperand.Values)
                : BadValue(c, path, "values of the column");
        if (c.Operator is not (Operator.Eq or Operator.Neq or Operator.Lt or Operator.Lteq or Operator.Gt
            or Operator.Gteq))
            return BadOperator(c, path, "eq, neq, lt, lteq, gt, gteq, isAnyOf, isNoneOf");
        return Single(c) is { } value
            ? new RowCondition(column, c.Operator, [value])
            : BadValue(c, path, "one value of the column");
    }

    private static PolicyValue? Single(AtomicConstraint c) =>
        c.RightOperand.Values is [var value] ? value : null;

    /// <summary>Plain strings; several only where the operator takes a set.</summary>
    private static List<string>? Texts(AtomicConstraint c)
    {
        var values = c.RightOperand.Values;
        var enough = c.Operator is Operator.IsAnyOf or Operator.IsNoneOf ? values.Count > 0 : values.Count == 1;
        return enough && values.All(value => value.Type is null or "xsd:anyURI")
            ? [.. values.Select(value => value.Text)]
            : null;
    }

    private static Refusal BadOperator(AtomicConstraint c, string path, string allowed) =>
        new("unknown-operator", $"{c.LeftOperand} takes {allowed}, not {PolicyWords.Of(c.Operator)}.", path);

    private static Refusal BadValue(AtomicConstraint c, string path, string expected) =>
        new("bad-value", $"{c.LeftOperand} needs {expected}.", path);
}
