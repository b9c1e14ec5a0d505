using System.Globalization;
using DuckDB.NET.Data;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Classification;

/// <summary>
/// Looks at every cell of a table for personal and other sensitive values. Cells are looked at here, in the process;
/// what comes out are counts.
/// </summary>
public sealed class Classifier(DuckPool duck)
{
    private const string Function = "kinds_of";

    /// <summary>Reads Parquet files column by column, in bounded memory.</summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public async Task<ClassificationReport> ClassifyAsync(
        IReadOnlyList<string> parquetFiles, TableSchema schema, CancellationToken cancel) =>
        Judge(schema, [await CountAsync(parquetFiles, schema, cancel)]);

    /// <summary>What is in Parquet files, not judged yet; counts of several add up.</summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public Task<KindCounts> CountAsync(
        IReadOnlyList<string> parquetFiles, TableSchema schema, CancellationToken cancel) =>
        duck.ExplainedAsync(parquetFiles, session => Count(session, parquetFiles, schema), cancel, Register);

    /// <summary>What the counts of all files of a table say.</summary>
    public static ClassificationReport Judge(TableSchema schema, IReadOnlyList<KindCounts> counts)
    {
        var whole = counts.Aggregate((a, b) => a.Merge(b));
        return new ClassificationReport(
            ClassificationReport.CurrentRules,
            [
                .. schema.Columns.Zip(whole.Columns).SelectMany(
                    c => Findings(c.First, c.Second).OrderByDescending(f => f.Likelihood)
                        .ThenByDescending(f => f.Level)),
            ]);
    }

    private static void Register(DuckDBConnection connection) =>
        connection.RegisterScalarFunction<string, ulong>(Function, (cells, kinds, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                kinds.WriteValue(cells[0].IsValid(row) ? CellScan.Kinds(cells[0].GetValue<string>(row)) : 0, row);
        });

    private static KindCounts Count(DuckSession session, IReadOnlyList<string> files, TableSchema schema)
    {
        var table = ParquetFiles.Table(ParquetFiles.Link(session, files));
        return new KindCounts([.. schema.Columns.Select(column => Count(session, table, column))]);
    }

    /// <summary>
    /// A cell as people would write it: tools turn long numbers into decimals, and those with a gap into doubles.
    /// </summary>
    private static string? Written(string cell, ColumnType type) => type switch
    {
        ColumnType.Text => cell,
        ColumnType.Integer => $"CAST({cell} AS VARCHAR)",
        ColumnType.Decimal => $"regexp_replace(CAST({cell} AS VARCHAR), '\\.0+$', '')",
        ColumnType.Number => $"CASE WHEN isfinite({cell}) AND {cell} = trunc({cell}) AND abs({cell}) < 1e18 "
            + $"THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) END",
        ColumnType.Binary => $"CASE WHEN octet_length({cell}) <= {CellScan.CharsMax} THEN TRY(decode({cell})) END",
        _ => null,
    };

    /// <summary>How many cells of each set of kinds.</summary>
    private static IReadOnlyDictionary<ulong, long> Count(DuckSession session, string table, Column column)
    {
        var cell = Sql.Name(column.Name);
        var kinds = Written(cell, column.Type) is { } text ? $"coalesce({Function}({text}), 0)" : "0::UBIGINT";
        return session.Rows($"SELECT {kinds}, count(*) FROM {table} WHERE {cell} IS NOT NULL GROUP BY 1")
            .ToDictionary(r => Convert.ToUInt64(r[0], CultureInfo.InvariantCulture), r => Profiler.Count(r[1]));
    }

    private static IEnumerable<Finding> Findings(
        Column column, IReadOnlyDictionary<ulong, long> counted)
    {
        var values = counted.Values.Sum();
        var words = Detector.WordsOf(column.Name);
        for (var i = 0; i < Detector.All.Count; i++)
        {
            var detector = Detector.All[i];
            var evidence = new Evidence(
                counted.Where(c => (c.Key & (1ul << (2 * i))) != 0).Sum(c => c.Value),
                counted.Where(c => (c.Key & (2ul << (2 * i))) != 0).Sum(c => c.Value),
                values,
                detector.IsNamed(words));
            if (!detector.CanBe(column.Type) || Judgement.Of(detector.Strength, evidence) is not { } likelihood)
                continue;
            var rule = LevelRule.Of(detector.Category);
            yield return new Finding(
                column.Name, detector.Id, detector.Category, likelihood, evidence.Cells, evidence.Within, values,
                evidence.IsNamed, rule.Level, rule.Rule, rule.Gdpr, FittingMask.Of(detector.Category, column.Type));
        }
    }
}
