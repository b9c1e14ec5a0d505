using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>How columns are read where they are measured.</summary>
internal static class ColumnFigures
{
    public static bool IsNumeric(ColumnType type) =>
        type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Number;

    /// <summary>The column without values that have no place in an order (NaN, infinities).</summary>
    public static string Sound(Column column)
    {
        var cell = Sql.Name(column.Name);
        return column.Type is ColumnType.Number or ColumnType.Date or ColumnType.Timestamp
            ? $"CASE WHEN isfinite({cell}) THEN {cell} END"
            : cell;
    }
}
