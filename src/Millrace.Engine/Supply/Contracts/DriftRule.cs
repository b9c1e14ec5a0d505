using Millrace.Engine.Duck;
using Millrace.Engine.Supply.Drift;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>The version before, for a rule on drift.</summary>
/// <param name="Files">Parquet, in order.</param>
/// <param name="NewFiles">
/// How many of the last files of the table that is checked are compared: where it has all rows of the version before,
/// the new ones; else all.
/// </param>
public sealed record EarlierTable(int Version, IReadOnlyList<string> Files, TableSchema Schema, int NewFiles);

/// <summary>Which columns lie as they did before, up to what a rule allows.</summary>
internal static class DriftRule
{
    /// <returns>The columns that were compared, and whether they keep the rule.</returns>
    public static IReadOnlyList<(string Column, bool Keeps)> Check(
        DuckSession session, string before, string after, DriftWithin rule, TableSchema earlier, TableSchema schema)
    {
        var rows = new Pair<long>(Rows(session, before), Rows(session, after));
        var kept = new List<(string, bool)>();
        foreach (var column in schema.Columns.Intersect(earlier.Columns).Where(c => IsMeant(c, rule)))
        {
            var found = Distribution.Measure(session, before, after, column);
            if (DriftMeter.WhyNot(column, rows, found) is not null) continue;
            var (psi, chance) = DriftMeter.Stability(found!, rows);
            kept.Add((column.Name, psi <= rule.Psi || psi <= chance));
        }
        return kept;
    }

    private static bool IsMeant(Column column, DriftWithin rule) => rule.Of.Count > 0
        ? rule.Of.Contains(column.Name)
        : column.Type is not (ColumnType.Date or ColumnType.Timestamp);

    private static long Rows(DuckSession session, string table) =>
        Profiler.Count(session.Row($"SELECT count(*) FROM {table}")[0]);
}
