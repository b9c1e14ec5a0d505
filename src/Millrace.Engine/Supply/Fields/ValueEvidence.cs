using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Fields;

/// <summary>What the values of a column say of an element. They are known by their profile only.</summary>
/// <param name="Factor">What is left of the confidence: below 1 where values speak against it.</param>
/// <param name="Gain">What is added where they speak for it.</param>
internal sealed record ValueEvidence(double Factor, double Gain, string? Reason)
{
    /// <summary>What is left where most values are no such thing.</summary>
    public const double Against = 0.3;

    private static readonly ValueEvidence _silent = new(1, 0, null);

    /// <summary>Of lists up to this length, what stands for a code speaks for the list: 男 for a sex. The names of
    /// countries do not, as they are an element of their own.</summary>
    private const int SpokenMax = 50;

    private static readonly ConcurrentDictionary<CodeList, HashSet<string>> _spoken = new();

    /// <param name="unit">That the column's name says; null: that of the element.</param>
    public static ValueEvidence Of(FieldPack pack, DataElement element, ColumnProfile column, Unit? unit = null)
    {
        if (column.Distinct == 0)
            return _silent;
        if (!Fits(element.Type, column))
            return new(0, 0, $"a column of {column.Type} holds no {element.Type}");
        if (element.Type is ElementType.Date or ElementType.Timestamp)
            return ByTime(element.Type, column.Type);
        if (element.Lists is { Count: > 0 } lists && column.Frequent.Count > 0)
            return lists.Select(l => ByCodes(l, pack, column)).MaxBy(e => e.Factor + e.Gain)!;
        if (element.Rules is { Pattern: { } pattern })
            return ByPattern(pattern, column);
        return element.Rules is { Minimum: not null } or { Maximum: not null }
            ? ByRange(element.Rules, element.Unit, column, unit)
            : _silent;
    }

    /// <summary>Whether a column of that type and those values can hold such an element.</summary>
    private static bool Fits(ElementType type, ColumnProfile column) => type switch
    {
        // Codes and numbers of things are often digits only; dates and truth are not.
        ElementType.Text => column.Type is ColumnType.Text or ColumnType.Integer or ColumnType.Decimal
            or ColumnType.Number,
        ElementType.Integer => ColumnFigures.IsNumeric(column.Type) && IsWhole(column),
        ElementType.Number => ColumnFigures.IsNumeric(column.Type),
        ElementType.Boolean => column.Type == ColumnType.Boolean || column.Distinct <= 2,
        ElementType.Date or ElementType.Timestamp => column.Type is ColumnType.Date or ColumnType.Timestamp
            || (column.Type == ColumnType.Text && Share(column, v => v.Any(char.IsAsciiDigit)) >= 0.9),
        ElementType.Time => column.Type is ColumnType.Time or ColumnType.Text or ColumnType.Timestamp,
        _ => throw new InvalidOperationException($"There is no rule for {type}."),
    };

    private static bool IsWhole(ColumnProfile column) =>
        Values(column).All(v => Number(v) is { } n && n == Math.Truncate(n));

    /// <summary>Few columns are of dates: the type tells more than that of a number.</summary>
    private static ValueEvidence ByTime(ElementType asked, ColumnType found) => (asked, found) switch
    {
        (ElementType.Date, ColumnType.Date) or (ElementType.Timestamp, ColumnType.Timestamp) =>
            new(1, 0.25, "its type fits"),
        (_, ColumnType.Date or ColumnType.Timestamp) => new(0.9, 0.25, "its type nearly fits"),
        _ => _silent,
    };

    private static ValueEvidence ByCodes(string name, FieldPack pack, ColumnProfile column)
    {
        var list = pack.Lists[name];
        var share = Share(column, list.Has);
        if (share < 0.95 && list.All.Count <= SpokenMax)
        {
            var spoken = _spoken.GetOrAdd(list, l => [.. pack.Readings(l).Select(r => r.Written)]);
            if (Share(column, v => spoken.Contains(v.Trim().ToLowerInvariant())) >= 0.95)
                return new(1, 0.1, $"its frequent values stand for codes of {name}");
        }
        return share >= 0.95 ? new(1, 0.25, $"its frequent values are codes of {name}")
            : share >= 0.5 ? new(0.9, 0, $"some of its frequent values are no codes of {name}")
            : new(Against, 0, $"its values are no codes of {name}");
    }

    private static ValueEvidence ByPattern(string pattern, ColumnProfile column)
    {
        var whole = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking);
        var share = Share(column, whole.IsMatch);
        return share >= 0.95 ? new(1, 0.2, "its values have the form")
            : share >= 0.5 ? new(0.9, 0, "some of its values have another form")
            : new(Against, 0, "its values have another form");
    }

    /// <param name="ruled">The unit that the range is in; null: none.</param>
    /// <param name="unit">That of the column; null: it is not known.</param>
    private static ValueEvidence ByRange(ElementRules rules, string? ruled, ColumnProfile column, Unit? unit)
    {
        if (Number(column.Min) is not { } min || Number(column.Max) is not { } max)
            return _silent;
        var own = ruled is { } code ? Units.Find(code) : null;
        UnitScale? scale = unit is not null && own is not null && unit.Dimension == own.Dimension
            ? UnitScale.Between(unit, own)
            : null;
        double In(double x) => scale?.Of(x) ?? x;
        var (low, high) = (In(min), In(max));
        var (from, to) = ((double?)rules.Minimum ?? double.MinValue, (double?)rules.Maximum ?? double.MaxValue);
        if (low >= from && high <= to)
            return new(1, 0.05, "its values lie in the range");
        var most = column.Numbers?.Quantiles.Where(q => q.Share is > 0 and < 1).ToList() ?? [];
        return most.Count > 0 && most.All(q => In(q.Value) >= from && In(q.Value) <= to)
            ? new(0.95, 0, "some of its values lie outside of the range")
            : new(Against, 0, "its values lie outside of the range");
    }

    /// <summary>Of the rows whose values the profile knows: the frequent ones, else least and greatest.</summary>
    private static double Share(ColumnProfile column, Func<string, bool> holds)
    {
        if (column.Frequent.Count > 0)
            return (double)column.Frequent.Where(v => holds(v.Value)).Sum(v => v.Count)
                / column.Frequent.Sum(v => v.Count);
        var values = Values(column).ToList();
        return values.Count == 0 ? 0 : (double)values.Count(holds) / values.Count;
    }

    private static IEnumerable<string> Values(ColumnProfile column) =>
        new[] { column.Min, column.Max }.OfType<string>().Concat(column.Frequent.Select(v => v.Value));

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : null;
}
