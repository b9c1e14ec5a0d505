using System.Globalization;
using System.Numerics;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Delivery;

/// <summary>
/// Hints as SQL over the columns of a finished view: of what the view hides, nothing is there to be asked. All text is
/// made here; values enter as literals of the column's type only.
/// </summary>
internal static class HintSql
{
    private const string Timestamps = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    private static readonly string[] _operators = ["=", "<", "<=", ">", ">="];
    private static readonly BigInteger _integerMax = BigInteger.Pow(2, 64);

    /// <returns>A condition that holds for all rows that the hint asks for, maybe for more; null: for all.</returns>
    public static string? Of(Hint hint, IReadOnlyList<ViewColumn> columns) => hint switch
    {
        // A part that is not understood may be left out of an AND: more rows pass. Nowhere else.
        HintAll all => Joined([.. all.Parts.Select(p => Of(p, columns)).OfType<string>()], " AND "),
        _ => Exactly(hint, columns),
    };

    private static string? Exactly(Hint hint, IReadOnlyList<ViewColumn> columns) => hint switch
    {
        HintAll all => Whole(all.Parts, " AND ", columns),
        HintAny any => Whole(any.Parts, " OR ", columns),
        HintNot not => Exactly(not.Part, columns) is { } part ? $"(NOT {part})" : null,
        HintIsNull test => Find(test.Column, columns) is { } column ? $"({Sql.Name(column.Name)} IS NULL)" : null,
        HintCompared compared => Compared(compared, columns),
        _ => null,
    };

    private static string? Whole(IReadOnlyList<Hint> parts, string by, IReadOnlyList<ViewColumn> columns)
    {
        var known = parts.Select(p => Exactly(p, columns)).OfType<string>().ToList();
        return known.Count == parts.Count ? Joined(known, by) : null;
    }

    private static string? Joined(List<string> parts, string by) =>
        parts.Count == 0 ? null : $"({string.Join(by, parts)})";

    private static string? Compared(HintCompared hint, IReadOnlyList<ViewColumn> columns)
    {
        if (Find(hint.Column, columns) is not { } column || !_operators.Contains(hint.Operator) ||
            Literal(column.Type, hint.Value) is not { } literal)
        {
            return null;
        }
        var cell = Sql.Name(column.Name);
        if (literal.EndsWith("HUGEINT)", StringComparison.Ordinal))
            cell = $"CAST({cell} AS HUGEINT)";
        return $"({cell} {hint.Operator} {literal})";
    }

    // Clients compare names without regard to case; a name that is then two columns is not understood.
    private static ViewColumn? Find(string name, IReadOnlyList<ViewColumn> columns)
    {
        var found = columns.Where(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>The value in the column's own type, where the reader compares in that type too.</summary>
    private static string? Literal(string type, HintValue value) => (type, value.Type) switch
    {
        ("BOOLEAN", HintType.Boolean) => bool.TryParse(value.Text, out var truth) ? truth ? "true" : "false" : null,
        ("TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER",
            HintType.Integer) => Integer(value.Text),
        ("FLOAT", HintType.Float) =>
            float.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single)
            && float.IsFinite(single)
                ? $"CAST('{single.ToString("R", CultureInfo.InvariantCulture)}' AS FLOAT)" : null,
        ("DOUBLE", HintType.Double) =>
            double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
                ? $"CAST('{number.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)" : null,
        ("DATE", HintType.Date or HintType.Text) => DateOnly.TryParseExact(value.Text, "yyyy-MM-dd", out var date)
            ? $"CAST('{date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}' AS DATE)" : null,
        ("TIMESTAMP", HintType.Timestamp) => Moment(value.Text),
        ("VARCHAR", HintType.Text) => Text(value.Text),
        _ => null,
    };

    private static string? Integer(string text) =>
        text.Length <= 40 && BigInteger.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? $"CAST('{BigInteger.Min(BigInteger.Max(number, -_integerMax), _integerMax)}' AS HUGEINT)"
            : null;

    // Finer than a column's microseconds, it would have to be rounded, and rows could be lost.
    private static string? Moment(string text) =>
        DateTimeOffset.TryParseExact(
            text, Timestamps, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
        && text.EndsWith('Z') && moment.Ticks % TimeSpan.TicksPerMicrosecond == 0
            ? "CAST('" + moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)
                + "' AS TIMESTAMP)"
            : null;

    private static string? Text(string text)
    {
        try
        {
            return Sql.Text(text);
        }
        catch (ArgumentException)
        {
            return null; // No cell can hold it; the reader finds that out itself.
        }
    }
}
