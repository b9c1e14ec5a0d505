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
}
