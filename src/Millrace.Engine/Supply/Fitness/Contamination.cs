using DuckDB.NET.Data;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Fitness;

/// <summary>Rows whose texts stand in a benchmark too: a model that learned them is not tested by it.</summary>
internal static class Contamination
{
    private const string Name = "contamination", Function = "seen_in_benchmark";

    /// <summary>At about 20 bytes each.</summary>
    private const int ShinglesMax = 4_000_000;

    private const ulong TooShort = 0, Clean = 1, Seen = 2;

    public static async Task<FitnessMeasure> MeasureAsync(
        DuckPool duck, IReadOnlyList<string> files, TableProfile profile, BenchmarkTable? benchmark,
        CancellationToken cancel)
    {
        if (benchmark is null)
            return FitnessMeter.Not(Name, "No benchmark was named to compare with.");
        List<string> texts = [.. profile.Columns.Where(c => c.Type == ColumnType.Text).Select(c => Sql.Name(c.Name))];
        if (texts.Count == 0)
            return FitnessMeter.Not(Name, "No column holds texts.");
        if (await duck.ExplainedAsync(benchmark.Files, s => Shingles(s, benchmark), cancel) is not { } known)
            return FitnessMeter.Not(Name, "The benchmark is too large: 4000000 runs of 13 words are the most.");
        if (known.Count == 0)
            return FitnessMeter.Not(Name, "The benchmark holds no 13 words in a row.");
        var cells = string.Join(", ", texts.Select(t => $"coalesce({Function}({t}), {TooShort})"));
        var counts = await duck.ExplainedAsync(
            files,
            session => session.Row($"""
                SELECT count(*) FILTER (WHERE s = {Clean}), count(*) FILTER (WHERE s > {TooShort})
                FROM (SELECT greatest({cells}) AS s FROM {ParquetFiles.Table(ParquetFiles.Link(session, files))})
                """),
            cancel, connection => Register(connection, known));
        return FitnessMeter.Measured(Name, Profiler.Count(counts[0]), Profiler.Count(counts[1]));
    }

    /// <summary>Of all its texts; null: there are too many.</summary>
    private static HashSet<ulong>? Shingles(DuckSession session, BenchmarkTable benchmark)
    {
        var table = ParquetFiles.Table(ParquetFiles.Link(session, benchmark.Files));
        var known = new HashSet<ulong>();
        foreach (var column in benchmark.Schema.Columns.Where(c => c.Type == ColumnType.Text))
            session.Each(
                $"SELECT {Sql.Name(column.Name)} FROM {table} WHERE {Sql.Name(column.Name)} IS NOT NULL",
                row => WordShingles.Each(row.GetString(0), shingle =>
                {
                    known.Add(shingle);
                    return known.Count <= ShinglesMax;
                }));
        return known.Count <= ShinglesMax ? known : null;
    }

    private static void Register(DuckDBConnection connection, HashSet<ulong> known) =>
        connection.RegisterScalarFunction<string, ulong>(Function, (cells, found, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                found.WriteValue(cells[0].IsValid(row) ? Look(cells[0].GetValue<string>(row), known) : TooShort, row);
        });

    private static ulong Look(string text, HashSet<ulong> known)
    {
        var found = TooShort;
        WordShingles.Each(text, shingle =>
        {
            found = known.Contains(shingle) ? Seen : Clean;
            return found == Clean;
        });
        return found;
    }
}
