using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>What one pass over a column finds, whatever its size.</summary>
internal sealed record ColumnFigures(
    long Values, long DistinctAbout, long Defects, string? Min, string? Max, double? Mean, double? Deviation,
    IReadOnlyList<Quantile> Quantiles)
{
    private static readonly double[] _shares = [0.05, 0.25, 0.5, 0.75, 0.95];

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

    /// <summary>The aggregates in the order that <see cref="Read"/> takes them.</summary>
    public static string[] Aggregates(Column column)
    {
        var (cell, sound) = (Sql.Name(column.Name), Sound(column));
        var number = IsNumeric(column.Type) ? $"CAST({sound} AS DOUBLE)" : "CAST(NULL AS DOUBLE)";
        var ordered = column.Type == ColumnType.Binary ? "CAST(NULL AS INTEGER)" : sound;
        return
        [
            $"count({cell})",
            column.Type == ColumnType.Binary ? "0" : $"approx_count_distinct({cell})",
            $"count(*) FILTER (WHERE {Defect(column)})",
            $"CAST(min({ordered}) AS VARCHAR)",
            $"CAST(max({ordered}) AS VARCHAR)",
            $"avg({number})",
            // Sums of squares overflow for the largest doubles; they have no deviation worth showing.
            $"stddev_samp(CASE WHEN abs({number}) < 1e150 THEN {number} END)",
            .. _shares.Select(s => string.Create(CultureInfo.InvariantCulture, $"approx_quantile({number}, {s})")),
        ];
    }

    public static ColumnFigures Read(Queue<object?> answers) => new(
        Profiler.Count(answers.Dequeue()), Profiler.Count(answers.Dequeue()), Profiler.Count(answers.Dequeue()),
        (string?)answers.Dequeue(), (string?)answers.Dequeue(), Finite(answers.Dequeue()), Finite(answers.Dequeue()),
        [.. _shares.Select(s => (s, v: Finite(answers.Dequeue()))).Where(q => q.v is not null)
            .Select(q => new Quantile(q.s, q.v!.Value))]);

    private static string Defect(Column column)
    {
        var cell = Sql.Name(column.Name);
        return column.Type switch
        {
            ColumnType.Text => $"regexp_matches({cell}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F\\x{"{"}FFFD{"}"}]')",
            ColumnType.Number => $"NOT isfinite({cell})",
            ColumnType.Date or ColumnType.Timestamp => $"NOT isfinite({cell}) OR year({cell}) NOT BETWEEN 1 AND 9999",
            _ => "false",
        };
    }

    // JSON has no NaN.
    private static double? Finite(object? number) =>
        number is not null && Convert.ToDouble(number, CultureInfo.InvariantCulture) is var d && double.IsFinite(d)
            ? d
            : null;
}
