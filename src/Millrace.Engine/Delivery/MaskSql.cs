using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Delivery;

/// <summary>Masks as SQL over one column. NULL stays NULL.</summary>
internal static class MaskSql
{
    /// <param name="duckType">The type of the column in the file, such as <c>DECIMAL(9,2)</c>.</param>
    /// <param name="hash">The function that makes pseudonyms out of texts.</param>
    public static string Of(PlanColumn column, string duckType, string? hash)
    {
        var cell = Sql.Name(column.Name);
        return column.Mask is not { } mask ? cell : mask.Kind switch
        {
            MaskKind.Null => $"CAST(NULL AS {duckType})", // The column is not even read.
            MaskKind.Hash => $"{Check.NotNull(hash)}({Canonical(cell, column.Type)})",
            MaskKind.First => $"left({cell}, {mask.Chars})", // By code points.
            MaskKind.Last => $"right({cell}, {mask.Chars})",
            MaskKind.Round => Rounded(cell, column.Type, mask.Step, duckType),
            MaskKind.DateMonth => Truncated("month", cell, column.Type),
            MaskKind.DateYear => Truncated("year", cell, column.Type),
            _ => throw new ViewException("bad-plan", "The access plan holds a mask that is not known; nothing is "
                + "released."),
        };
    }

    /// <summary>One text for one value, whatever its type: the base of pseudonyms that join.</summary>
    private static string Canonical(string cell, ColumnType type) => type switch
    {
        ColumnType.Decimal =>
            $"regexp_replace(regexp_replace(CAST({cell} AS VARCHAR), '(\\.[0-9]*?)0+$', '\\1'), '\\.$', '')",
        ColumnType.Binary => $"hex({cell})",
        _ => $"CAST({cell} AS VARCHAR)",
    };

    private static string Truncated(string to, string cell, ColumnType type) =>
        $"CAST(date_trunc('{to}', {cell}) AS {(type == ColumnType.Date ? "DATE" : "TIMESTAMP")})";

    /// <summary>
    /// The nearest multiple of the step, halves away from zero; exact, but for doubles. What does not fit the type any
    /// more becomes NULL.
    /// </summary>
    private static string Rounded(string cell, ColumnType type, decimal step, string duckType)
    {
        if (type == ColumnType.Number)
        {
            var steps = $"round(CAST({cell} AS DOUBLE) / {Double(step)})";
            // As a quotient of whole numbers: 24 * 1 / 10 is 2.4, and 24 * 0.1 is 2.4000000000000004.
            var tens = (decimal)Math.Pow(10, step.Scale);
            // No minus zero: it would tell the sign.
            return $"CASE WHEN {steps} = 0 THEN 0 ELSE {steps} * {Double(step * tens)} / {Double(tens)} END";
        }
        var wide = type == ColumnType.Integer ? "HUGEINT" : $"DECIMAL(38, {Math.Max(Scale(duckType), step.Scale)})";
        var x = $"TRY_CAST({cell} AS {wide})";
        var s = $"CAST('{step.ToString(CultureInfo.InvariantCulture)}' AS {wide})";
        var rest = $"({x} % {s})";
        var up = $"CASE WHEN abs({rest}) < {s} - abs({rest}) THEN CAST(0 AS {wide}) WHEN {x} < 0 THEN -{s} ELSE {s} "
            + "END";
        return $"TRY_CAST(TRY({x} - {rest} + {up}) AS {(type == ColumnType.Integer ? "BIGINT" : wide)})";
    }

    private static string Double(decimal number) => $"CAST({number.ToString(CultureInfo.InvariantCulture)} AS DOUBLE)";

    private static byte Scale(string duckType) =>
        byte.Parse(duckType.Split(',', ')')[1], CultureInfo.InvariantCulture);
}
