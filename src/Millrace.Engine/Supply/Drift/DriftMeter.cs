using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Drift;

/// <summary>A table to compare.</summary>
/// <param name="Files">Parquet, in order.</param>
/// <param name="Schema">The columns that are compared.</param>
public sealed record ComparedTable(IReadOnlyList<string> Files, TableSchema Schema);

/// <summary>Tells what changed between two tables: a column at a time, in bounded memory, exactly.</summary>
public sealed class DriftMeter(DuckPool duck)
{
    private const int ColumnsOfAScan = 100;

    /// <param name="after">The later table; or only its new rows, where it has all rows of the earlier one.</param>
    /// <param name="newRowsOnly">It holds the new rows only.</param>
    /// <param name="isWithheld">Whether no value of a column may stand in the report.</param>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public Task<DriftReport> MeasureAsync(
        ComparedTable before, ComparedTable after, bool newRowsOnly, Func<string, bool> isWithheld,
        CancellationToken cancel) =>
        duck.ExplainedAsync(
            [.. before.Files, .. after.Files], session => Measure(session, before, after, newRowsOnly, isWithheld),
            cancel);

    private static DriftReport Measure(
        DuckSession session, ComparedTable before, ComparedTable after, bool newRowsOnly, Func<string, bool> isWithheld)
    {
        // One list of links: their names are given by their place in it.
        var links = ParquetFiles.Link(session, [.. before.Files, .. after.Files]);
        var earlier = ParquetFiles.Table([.. links.Take(before.Files.Count)]);
        var later = ParquetFiles.Table([.. links.Skip(before.Files.Count)]);
        List<Column> both = [.. before.Schema.Columns.Intersect(after.Schema.Columns)];
        var (valuesBefore, valuesAfter) = (Values(session, earlier, both), Values(session, later, both));
        var rows = new Pair<long>(valuesBefore[0], valuesAfter[0]);
        var columns = both.Select((column, i) => Compared(
            column, rows, new(rows.Before - valuesBefore[i + 1], rows.After - valuesAfter[i + 1]),
            Distribution.Measure(session, earlier, later, column), isWithheld(column.Name)));
        var rowsAfter = newRowsOnly ? rows.Before + rows.After : rows.After;
        return new DriftReport(
            rows.Before, rowsAfter, newRowsOnly, rows.After, Changes(before.Schema, after.Schema),
            [.. columns.OrderByDescending(c => c.Extent).ThenByDescending(c => c.Psi ?? 0)],
            DriftSentences.OfRows(rows.Before, rowsAfter, newRowsOnly));
    }

    /// <summary>The rows, and then the cells with a value of each column.</summary>
    private static List<long> Values(DuckSession session, string table, IReadOnlyList<Column> columns)
    {
        var counts = new List<long> { Profiler.Count(session.Row($"SELECT count(*) FROM {table}")[0]) };
        foreach (var slice in columns.Chunk(ColumnsOfAScan))
        {
            var each = string.Join(", ", slice.Select(c => $"count({Sql.Name(c.Name)})"));
            counts.AddRange(session.Row($"SELECT {each} FROM {table}").Select(Profiler.Count));
        }
        return counts;
    }

    private static ColumnDrift Compared(
        Column column, Pair<long> rows, Pair<long> nulls, Distribution? found, bool isWithheld)
    {
        var reason = WhyNot(column, rows, found);
        var (psi, chance) = reason is null ? Stability(found!, rows) : ((double?)null, (double?)null);
        var drift = new ColumnDrift(
            column.Name, column.Type, nulls, found?.Distinct ?? new(0, 0),
            psi is { } index ? PopulationStability.Extent(index, chance!.Value) : DriftExtent.Small,
            new DriftSentence("", ""), isWithheld ? null : found?.Median, psi, chance,
            reason is null ? found!.Ks : null, found?.NewValues, isWithheld ? null : Moved(found, rows), reason);
        return drift with { Said = DriftSentences.Of(drift, rows) };
    }

    /// <summary>The index and what chance gives, of the rows without a value too.</summary>
    internal static (double? Psi, double? Chance) Stability(Distribution found, Pair<long> rows)
    {
        List<(long, long)> bins = [.. found.Bins, (rows.Before - found.Before, rows.After - found.After)];
        bins.RemoveAll(b => b is (0, 0));
        return (PopulationStability.Index(bins), PopulationStability.ByChance(bins.Count, rows.Before, rows.After));
    }

    /// <returns>Null: it can be compared.</returns>
    internal static string? WhyNot(Column column, Pair<long> rows, Distribution? found)
    {
        if (found is null)
            return "Bytes are not compared.";
        if (rows is { Before: 0 } or { After: 0 })
            return "One of both has no rows.";
        // Numbers that count on tell nothing of a population.
        var isKey = column.Type == ColumnType.Integer && found.Before > 1 && found.After > 1
            && found.Distinct.Before == found.Before && found.Distinct.After == found.After;
        return isKey ? "No number stands there twice: it is a key." : null;
    }

    private static ValueShare? Moved(Distribution? found, Pair<long> rows)
    {
        if (found is null || rows is { Before: 0 } or { After: 0 }) return null;
        return found.Names.Zip(found.Bins)
            .Where(n => n.First is not null)
            .Select(n => new ValueShare(
                n.First!, (double)n.Second.Before / rows.Before, (double)n.Second.After / rows.After))
            .MaxBy(s => Math.Abs(s.After - s.Before));
    }

    /// <summary>A later version may only add columns at the end: all else breaks running contracts.</summary>
    private static List<SchemaChange> Changes(TableSchema before, TableSchema after)
    {
        var changes = new List<SchemaChange>();
        foreach (var (column, i) in before.Columns.Select((c, i) => (c, i)))
        {
            if (after.Find(column.Name) is not { } now)
                changes.Add(DriftSentences.Removed(column));
            else if (now.Type != column.Type)
                changes.Add(DriftSentences.Retyped(column, now));
        }
        foreach (var (column, i) in after.Columns.Select((c, i) => (c, i)))
        {
            if (before.Find(column.Name) is null)
                changes.Add(DriftSentences.Added(column, isBreaking: i < before.Columns.Count));
        }
        return changes;
    }
}
