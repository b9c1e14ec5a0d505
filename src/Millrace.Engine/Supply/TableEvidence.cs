using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.States;

namespace Millrace.Engine.Supply;

/// <summary>Where a figure is below 1: the rows by their numbers, never a value.</summary>
/// <param name="Count">Of all such rows.</param>
/// <param name="Rows">The first of them, counted from 1 over all files, at most ten.</param>
/// <param name="Column">Null: the rows as a whole.</param>
public sealed record EvidenceRows(long Count, IReadOnlyList<long> Rows, string? Column = null);

/// <summary>The rows behind the figures that a table alone tells.</summary>
/// <param name="Missing">By column, those that miss most first, at most twenty.</param>
/// <param name="Defective">By column as well.</param>
/// <param name="Repeated">Of rows that repeat an earlier one; null: none does.</param>
public sealed record TableEvidence(
    IReadOnlyList<EvidenceRows> Missing, IReadOnlyList<EvidenceRows> Defective, EvidenceRows? Repeated)
{
    /// <summary>Rows that are named for a column, as many as for a rule of a contract.</summary>
    internal const int RowsMax = RuleChecker.EvidenceMax;

    /// <summary>A wide table would name more rows than anybody reads.</summary>
    private const int ColumnsMax = 20;

    internal static TableEvidence Of(TableState state, EvidenceRows? repeated) => new(
        Most(state.Columns.Select(c => new EvidenceRows(state.Rows - c.Values, c.FirstNulls, c.Column.Name))),
        Most(state.Columns.Select(c => new EvidenceRows(c.Defects, c.FirstDefects, c.Column.Name))), repeated);

    // An order that keeps columns with as many as they stand in the table.
    private static IReadOnlyList<EvidenceRows> Most(IEnumerable<EvidenceRows> columns) =>
        [.. columns.Where(c => c.Count > 0).OrderByDescending(c => c.Count).Take(ColumnsMax)];
}
