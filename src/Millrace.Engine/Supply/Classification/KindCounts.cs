namespace Millrace.Engine.Supply.Classification;

/// <summary>By column, how many cells are of each set of kinds of sensitive value.</summary>
/// <param name="Columns">In the table's order; the sets are bits, as <see cref="Classifier"/> reads them.</param>
public sealed record KindCounts(IReadOnlyList<IReadOnlyDictionary<ulong, long>> Columns)
{
    /// <summary>The counts of the rows of both; of tables with the same columns.</summary>
    public KindCounts Merge(KindCounts other) => new(
        [
            .. Columns.Zip(other.Columns, (one, two) => one.Concat(two).GroupBy(c => c.Key)
                .ToDictionary(c => c.Key, c => c.Sum(n => n.Value))),
        ]);
}
