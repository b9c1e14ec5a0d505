using System.Globalization;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Duck;

/// <summary>The types of DuckDB as the types of our tables.</summary>
internal static class DuckTypes
{
    /// <summary>Null for types that a table cannot have.</summary>
    public static ColumnType? Of(string type) => type switch
    {
        "BOOLEAN" => ColumnType.Boolean,
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" =>
            ColumnType.Integer,
        "FLOAT" or "DOUBLE" => ColumnType.Number,
        "DATE" => ColumnType.Date,
        "TIME" => ColumnType.Time,
        "TIMESTAMP" => ColumnType.Timestamp,
        "VARCHAR" => ColumnType.Text,
        "BLOB" => ColumnType.Binary,
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) => ColumnType.Decimal,
        _ => null,
    };

    /// <summary>Whether a type takes all digits of another that is the same for a table.</summary>
    public static bool Holds(string type, string other)
    {
        if (Of(other) != ColumnType.Decimal) return true;
        var (all, part) = (Digits(type), Digits(other));
        return all.Fraction >= part.Fraction && all.Whole >= part.Whole;
    }

    /// <summary>Of <c>DECIMAL(12,4)</c>, before and behind the point.</summary>
    private static (int Whole, int Fraction) Digits(string type)
    {
        var sizes = type["DECIMAL(".Length..^1].Split(',');
        var fraction = int.Parse(sizes[1], CultureInfo.InvariantCulture);
        return (int.Parse(sizes[0], CultureInfo.InvariantCulture) - fraction, fraction);
    }
}
