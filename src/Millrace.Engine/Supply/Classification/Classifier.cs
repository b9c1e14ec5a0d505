using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Classification;

/// <summary>
/// Looks at every cell of a table for personal and other sensitive values. Cells are looked at here, in the process;
/// what comes out are counts.
/// </summary>
public sealed class Classifier(DuckPool duck)
{
    /// <summary>Reads Parquet files slice by slice of columns, in bounded memory.</summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public async Task<ClassificationReport> ClassifyAsync(
        IReadOnlyList<string> parquetFiles, TableSchema schema, CancellationToken cancel) =>
        Judge(schema, await CountAsync(parquetFiles, schema, cancel));

    /// <summary>What is in Parquet files, not judged yet; counts of several add up.</summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public Task<KindCounts> CountAsync(
        IReadOnlyList<string> parquetFiles, TableSchema schema, CancellationToken cancel) =>
        duck.ExplainedAsync(
            parquetFiles,
            session => KindReader.Read(session, ParquetFiles.Table(ParquetFiles.Link(session, parquetFiles)), schema),
            cancel);

    /// <summary>What the counts of all files of a table say.</summary>
    public static ClassificationReport Judge(TableSchema schema, KindCounts counts) => new(
        ClassificationReport.CurrentRules,
        [
            .. schema.Columns.Zip(counts.Columns).SelectMany(
                c => WithoutNames([.. Findings(c.First, c.Second)]).OrderByDescending(f => f.Likelihood)
                    .ThenByDescending(f => f.Level)),
        ]);

    /// <summary>What a name alone tells is not told again where values tell it.</summary>
    private static IEnumerable<Finding> WithoutNames(List<Finding> found) => found.Where(
        f => f.Cells + f.Within > 0
            || !found.Exists(o => o.Category == f.Category && o.Cells + o.Within > 0 && o.Likelihood >= f.Likelihood));

    private static IEnumerable<Finding> Findings(
        Column column, IReadOnlyDictionary<ulong, long> counted)
    {
        var values = counted.Values.Sum();
        var words = Detector.WordsOf(column.Name);
        for (var i = 0; i < Detector.All.Count; i++)
        {
            var detector = Detector.All[i];
            var evidence = new Evidence(
                Cells(counted, CellScan.IsKind(i)), Cells(counted, CellScan.Holds(i)), values, detector.IsNamed(words),
                Cells(counted, CellScan.HoldsLike(i)), detector.Chance);
            if (!detector.CanBe(column.Type) || Judgement.Of(detector.Strength, evidence) is not { } likelihood)
                continue;
            var rule = LevelRule.Of(detector.Category);
            yield return new Finding(
                column.Name, detector.Id, detector.Category, likelihood, evidence.Cells, evidence.Within, values,
                evidence.IsNamed, rule.Level, rule.Rule, rule.Gdpr, FittingMask.Of(detector.Category, column.Type));
        }
    }

    private static long Cells(IReadOnlyDictionary<ulong, long> counted, ulong bits) =>
        counted.Where(c => (c.Key & bits) != 0).Sum(c => c.Value);
}
