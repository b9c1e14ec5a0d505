using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>Something that every row of a table keeps across columns; cells without a value aside.</summary>
public abstract record ColumnRelation;

/// <summary>One column is at most another.</summary>
public sealed record ColumnOrder(string Lesser, string Greater) : ColumnRelation;

/// <summary>Some columns add up to another.</summary>
public sealed record ColumnSum(IReadOnlyList<string> Parts, string Total) : ColumnRelation;

/// <summary>Rows that agree in the determinant agree in the dependent too.</summary>
public sealed record ColumnDependency(IReadOnlyList<string> Determinant, string Dependent) : ColumnRelation;

/// <summary>No value of a column is less than that of the row before, of those that agree in others.</summary>
/// <param name="Within">Empty: of all rows.</param>
public sealed record RowsInOrder(string Column, IReadOnlyList<string> Within) : ColumnRelation;

/// <summary>So few rows that have all values repeat another.</summary>
public sealed record FewRepeats(long Rows) : ColumnRelation;

/// <summary>Finds what every row of a table keeps across columns, for a drafted contract.</summary>
public sealed class ColumnRelations(DuckPool duck)
{
    /// <summary>Fewer rows keep something by accident.</summary>
    internal const int RowsMin = 100;

    /// <summary>Orders of columns and rows, sums, dependencies, repeats; none that follows from others.</summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public async Task<IReadOnlyList<ColumnRelation>> FindAsync(
        IReadOnlyList<string> parquetFiles, TableProfile profile, CancellationToken cancel)
    {
        if (profile.Rows < RowsMin)
            return [];
        return await duck.ExplainedAsync<IReadOnlyList<ColumnRelation>>(
            parquetFiles,
            session =>
            {
                var table = ParquetFiles.Table(ParquetFiles.Link(session, parquetFiles));
                var sums = ColumnSums.Find(session, table, profile);
                // A sum says more than that its parts determine the total.
                var dependencies = ColumnDependencies.Find(session, table, profile)
                    .Where(d => !sums.Any(s => ((string[])[.. s.Parts, s.Total]).ToHashSet()
                        .SetEquals([.. d.Determinant, d.Dependent])));
                return
                [
                    .. ColumnOrders.Find(session, table, profile), .. AscendingDates.Find(session, table, profile),
                    .. sums, .. dependencies,
                    .. RowRepeats.Find(session, table, profile) is { } repeats ? (ColumnRelation[])[repeats] : [],
                ];
            },
            cancel);
    }
}
