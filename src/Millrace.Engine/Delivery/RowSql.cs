using System.Globalization;
using System.Numerics;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Delivery;

/// <summary>Row predicates as SQL. What is not understood refuses; a NULL or NaN cell satisfies no
/// comparison.</summary>
internal static class RowSql
{
    // Beyond every whole number of a column, so that a value out of range compares as it should.
    private static readonly BigInteger _integerMax = BigInteger.Pow(2, 64);

    /// <exception cref="ViewException">The predicate is none of ours.</exception>
    public static string Of(RowPredicate predicate, TableSchema schema) => predicate switch
    {
        RowAll { Parts.Count: > 0 } all => Joined(all.Parts, " AND ", schema),
        RowAny { Parts.Count: > 0 } any => Joined(any.Parts, " OR ", schema),
        RowComparison comparison => Comparison(comparison, schema),
        _ => throw Bad("holds a row rule without parts"),
    };

    private static string Joined(IReadOnlyList<RowPredicate> parts, string by, TableSchema schema) =>
        $"({string.Join(by, parts.Select(p => Of(p, schema)))})";

    private static string Comparison(RowComparison rule, TableSchema schema)
    {
        if (schema.Find(rule.Column)?.Type is not { } type || type != rule.Type)
            throw Bad("compares a column that its schema does not have with that type");
        if (rule.Values.Count == 0) throw Bad("compares a column with no value");
        var column = type == ColumnType.Integer
            ? $"CAST({Sql.Name(rule.Column)} AS HUGEINT)"
            : Sql.Name(rule.Column);
        var values = rule.Values.Select(v => Literal(v, type)).ToList();
        var test = rule.Operator switch
        {
            Operator.IsAnyOf => $"{column} IN ({string.Join(", ", values)})",
            Operator.IsNoneOf => $"{column} NOT IN ({string.Join(", ", values)})",
            _ when values.Count > 1 => throw Bad("compares a column with several values by an operator for one"),
            Operator.Eq => $"{column} = {values[0]}",
            Operator.Neq => $"{column} <> {values[0]}",
            Operator.Lt => $"{column} < {values[0]}",
            Operator.Lteq => $"{column} <= {values[0]}",
            Operator.Gt => $"{column} > {values[0]}",
            Operator.Gteq => $"{column} >= {values[0]}",
            _ => throw Bad("compares a column by an operator that is not for rows"),
        };
        return type == ColumnType.Number ? $"({test} AND NOT isnan({column}))" : $"({test})";
    }

    private static string Literal(string value, ColumnType type) => type switch
    {
        ColumnType.Boolean when value is "true" or "false" => value,
        ColumnType.Integer when BigInteger.TryParse(
            value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            $"CAST('{BigInteger.Min(BigInteger.Max(number, -_integerMax), _integerMax)}' AS HUGEINT)",
        ColumnType.Decimal when decimal.TryParse(
            value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var number) => DecimalLiteral(number),
        ColumnType.Number when double.TryParse(
            value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            $"CAST('{number.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)",
        ColumnType.Date => $"CAST({Quoted(value)} AS DATE)",
        ColumnType.Time => $"CAST({Quoted(value)} AS TIME)",
        ColumnType.Timestamp => $"CAST({Quoted(value)} AS TIMESTAMP)",
        ColumnType.Text => Quoted(value),
        _ => throw Bad("compares a column with a value that is not of its type"),
    };

    public static string DecimalLiteral(decimal number) =>
        $"CAST('{number.ToString(CultureInfo.InvariantCulture)}' AS DECIMAL({Math.Max(29, (int)number.Scale)}, "
            + $"{number.Scale}))";

    private static string Quoted(string value)
    {
        try
        {
            return Sql.Text(value);
        }
        catch (ArgumentException)
        {
            throw Bad("compares a column with a text that no cell can hold");
        }
    }

    private static ViewException Bad(string what) =>
        new("bad-plan", $"The access plan {what}; nothing is released until the policy is mended.");
}
