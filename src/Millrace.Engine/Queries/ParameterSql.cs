using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Engine.Queries;

/// <summary>Values of parameters as constants of their type: text from a caller is only ever a quoted text.</summary>
internal static class ParameterSql
{
    /// <exception cref="ArgumentException">No parameter has that type, or the value is not in its one form.</exception>
    public static Parameter Of(QueryArgument argument) =>
        new(argument.Name, argument.Value is { } value ? Constant(value, argument.Type) : "NULL", Type(argument.Type));

    private static string Type(ColumnType type) => type switch
    {
        ColumnType.Text => "VARCHAR",
        ColumnType.Integer => "BIGINT",
        ColumnType.Decimal => "DECIMAL(27,9)",
        ColumnType.Number => "DOUBLE",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Boolean => "BOOLEAN",
        _ => throw new ArgumentException($"There are no parameters of the type {type}.", nameof(type)),
    };

    private static string Constant(string value, ColumnType type)
    {
        var invariant = CultureInfo.InvariantCulture;
        try
        {
            return type switch
            {
                ColumnType.Integer => long.Parse(value, NumberStyles.AllowLeadingSign, invariant).ToString(invariant),
                ColumnType.Decimal => decimal.Parse(
                    value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, invariant)
                    .ToString(invariant),
                ColumnType.Number when double.Parse(value, NumberStyles.Float, invariant) is var number
                    && double.IsFinite(number) => number.ToString("E16", invariant),
                ColumnType.Number => throw new FormatException("It is not finite."),
                ColumnType.Boolean => bool.Parse(value) ? "TRUE" : "FALSE",
                // Days and moments too: the engine reads them out of the text.
                _ => Sql.Text(value),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new ArgumentException("The value is not in the one form of its type.", nameof(value), e);
        }
    }
}
