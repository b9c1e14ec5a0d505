using System.Globalization;
using System.Numerics;

namespace Millrace.Protocol.Policies;

/// <summary>Values that rows are compared with: each type has one form, so that equal values are equal texts.</summary>
internal static class RowValue
{
    private static readonly CultureInfo _invariant = CultureInfo.InvariantCulture;
    private static readonly string[] _dateTimes =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    private static readonly string[] _times = ["HH:mm:ss.FFFFFF", "HH:mm:ss"];

    /// <summary>Which operators compare cells of a type: texts have no order that all engines share.</summary>
    internal static bool Compares(ColumnType type, Operator op) => type switch
    {
        ColumnType.Binary => false,
        ColumnType.Text or ColumnType.Boolean =>
            op is Operator.Eq or Operator.Neq or Operator.IsAnyOf or Operator.IsNoneOf,
        _ => true,
    };

    /// <summary>The value in its one form, or null when it is none of the type.</summary>
    internal static string? Read(PolicyValue value, ColumnType type) => type switch
    {
        ColumnType.Boolean when Typed(value, "boolean") && value.Text is "true" or "false" => value.Text,
        ColumnType.Integer when Typed(value, "integer", "long", "int") => Integer(value.Text),
        ColumnType.Decimal when Typed(value, "decimal", "integer", "long", "int") => Decimal(value.Text),
        ColumnType.Number when Typed(value, "double", "float", "decimal", "integer", "long", "int") =>
            Number(value.Text),
        ColumnType.Date when Typed(value, "date")
                             && DateOnly.TryParseExact(value.Text, "yyyy-MM-dd", out var date) =>
            date.ToString("yyyy-MM-dd", _invariant),
        ColumnType.Time when Typed(value, "time") && TimeOnly.TryParseExact(
            value.Text, _times, _invariant, DateTimeStyles.None, out var time) =>
            time.ToString("HH:mm:ss.FFFFFF", _invariant),
        ColumnType.Timestamp when Typed(value, "dateTime", "dateTimeStamp") && DateTimeOffset.TryParseExact(
            value.Text, _dateTimes, _invariant, DateTimeStyles.AssumeUniversal, out var moment) =>
            moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", _invariant),
        ColumnType.Text when value.Type is null => value.Text,
        _ => null,
    };

    private static bool Typed(PolicyValue value, params ReadOnlySpan<string> types)
    {
        if (value.Type is null) return true;
        foreach (var type in types)
            if (value.Type == "xsd:" + type) return true;
        return false;
    }

    private static string? Integer(string text) =>
        text.Length <= 40 && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, _invariant, out var number)
            ? number.ToString(_invariant)
            : null;

    /// <summary>At most 28 digits, since a longer decimal would be rounded in silence.</summary>
    private static string? Decimal(string text) =>
        text.Count(char.IsAsciiDigit) <= 28 && decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, _invariant, out var number)
            ? (number == 0 ? 0 : number).ToString("0.############################", _invariant)
            : null;

    private static string? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, _invariant, out var number) && double.IsFinite(number)
            ? (number == 0 ? 0 : number).ToString("R", _invariant)
            : null;
}
