using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>Finds columns that add up to another one in every row (net and tax to gross).</summary>
internal static class ColumnSums
{
    /// <summary>So many columns of numbers are tried, and so many of them as parts of one sum.</summary>
    private const int ColumnsMax = 20, PartsMax = 4;

    private const int RowsSampled = 1024, CandidatesMax = 40;

    /// <summary>Rows in which every part tells something: others keep many a sum.</summary>
    private const int RowsTellingMin = 20;

    /// <summary>What adding up a few numbers of double precision may lose, as a share of their size.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Beyond, numbers of double precision would tell no sum.</summary>
    private const double SizeMax = 1e15;

    /// <summary>The sums, without those that have all parts of a smaller one.</summary>
    public static IReadOnlyList<ColumnSum> Find(DuckSession session, string table, TableProfile profile)
    {
        List<Column> columns =
        [
            .. profile.Columns
                .Where(c => c.Distinct > 1 && ColumnFigures.IsNumeric(c.Type) && Size(c.Min) <= SizeMax
                    && Size(c.Max) <= SizeMax)
                .Select(c => new Column(c.Name, c.Type)).Take(ColumnsMax),
        ];
        if (columns.Count < 3)
            return [];
        var cells = columns.Select(c => $"CAST({Sql.Name(c.Name)} AS DOUBLE)").ToList();
        double[][] sample =
        [
            .. SampledRows.Of(session, table, profile, cells, RowsSampled)
                .Select(row => Array.ConvertAll(row, cell => cell as double? ?? double.NaN)),
        ];
        var schema = new TableSchema(columns);
        var sums =
            from size in Enumerable.Range(2, PartsMax - 1)
            from total in Enumerable.Range(0, columns.Count)
            from parts in Subsets.Of(columns.Count, size)
            where !parts.Contains(total) && IsKept(sample, parts, total)
            select new ColumnSum([.. parts.Select(p => columns[p].Name)], columns[total].Name);
        List<ColumnSum> candidates = [.. sums.Take(CandidatesMax)];
        if (candidates.Count == 0)
            return [];
        var counts = session.Row(
            $"SELECT {string.Join(", ", candidates.SelectMany(s => Counts(s, schema)))} FROM {table}");
        List<ColumnSum> kept =
        [
            .. candidates.Where((_, i) =>
                Profiler.Count(counts[2 * i]) == 0 && Profiler.Count(counts[(2 * i) + 1]) >= RowsTellingMin),
        ];
        return [.. kept.Where(s => !kept.Any(k => k.Parts.Count < s.Parts.Count && k.Parts.All(s.Parts.Contains)))];
    }

    private static double Size(string? bound) =>
        double.TryParse(bound, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Math.Abs(number) : double.PositiveInfinity;

    /// <summary>No row of the sample breaks it, and one at least would without any of the parts.</summary>
    private static bool IsKept(double[][] sample, int[] parts, int total)
    {
        var isTold = false;
        foreach (var row in sample)
        {
            double sum = 0, size = Math.Abs(row[total]);
            var least = double.PositiveInfinity;
            foreach (var part in parts)
            {
                sum += row[part];
                size += Math.Abs(row[part]);
                least = Math.Min(least, Math.Abs(row[part]));
            }
            // Not a number where a cell has no value: no comparison holds then.
            if (Math.Abs(sum - row[total]) > Rounding * size)
                return false;
            isTold |= least > Rounding * size;
        }
        return isTold;
    }

    private static string[] Counts(ColumnSum sum, TableSchema schema)
    {
        var test = new SumIs(sum.Parts, sum.Total);
        var sql = RowRule.Of(new ContractRule("", "", test, RulePromise.NoneBad, IsError: true), schema, text => text)!;
        // What is less than a rule's tolerance tells nothing.
        var isExact = schema.Columns.Where(c => test.Columns.Contains(c.Name)).All(c => c.Type != ColumnType.Number);
        var telling = string.Join(" AND ", sum.Parts.Select(p => isExact
            ? $"{Sql.Name(p)} <> 0"
            : $"abs(CAST({Sql.Name(p)} AS DOUBLE)) > 1e-6 * abs(CAST({Sql.Name(sum.Total)} AS DOUBLE))"));
        return
        [
            $"count(*) FILTER (WHERE {sql.Applies} AND NOT {sql.Holds})",
            $"count(*) FILTER (WHERE {sql.Applies} AND {telling})",
        ];
    }
}
