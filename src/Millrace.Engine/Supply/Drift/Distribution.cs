using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Drift;

/// <summary>How the values of a column lie in two tables, counted exactly.</summary>
/// <param name="Bins">Counts before and after, in an order that does not depend on threads; without nulls.</param>
/// <param name="Names">The values of those bins that are single values of a text; null: several values.</param>
/// <param name="Distinct">Different values before and after.</param>
/// <param name="NewValues">Rows of the later table whose value the earlier one does not have.</param>
/// <param name="Median">The lower one, as DuckDB writes it; null for what has no order.</param>
/// <param name="Ks">Null for what has no order.</param>
internal sealed record Distribution(
    IReadOnlyList<(long Before, long After)> Bins, IReadOnlyList<string?> Names, Pair<long> Distinct, long NewValues,
    Pair<string>? Median, double? Ks)
{
    /// <summary>Tenths of the earlier table, each value its own bin where there are no more values than this.</summary>
    private const int SingleValuesMax = 20;

    /// <summary>So many of the commonest texts of each table are bins; the others are one.</summary>
    private const int FrequentMax = 20;

    private const int NameLengthMax = 60;

    public long Before => Bins.Sum(b => b.Before);

    public long After => Bins.Sum(b => b.After);

    /// <summary>Null for a type whose values are not compared.</summary>
    /// <param name="before">A table as it stands after FROM, as <paramref name="after"/>.</param>
    public static Distribution? Measure(DuckSession session, string before, string after, Column column) =>
        column.Type switch
        {
            ColumnType.Binary => null,
            ColumnType.Text or ColumnType.Boolean => OfCategories(session, Both(before, after, column)),
            _ => OfOrdered(session, Both(before, after, column)),
        };

    private static string Both(string before, string after, Column column)
    {
        var cell = ColumnFigures.Sound(column);
        return $"(SELECT {cell} AS x, 0 AS s FROM {before} UNION ALL SELECT {cell}, 1 FROM {after})";
    }

    /// <summary>A bin ends where a tenth of the earlier table is passed; what lies beyond its ends is in the outer
    /// bins.</summary>
    private static Distribution OfOrdered(DuckSession session, string both)
    {
        var rows = session.Rows($"""
            WITH g AS MATERIALIZED (
              SELECT x, count(*) FILTER (WHERE s = 0) AS a, count(*) FILTER (WHERE s = 1) AS b
              FROM {both} WHERE x IS NOT NULL GROUP BY x),
            t AS (SELECT greatest(sum(a), 1) AS na, greatest(sum(b), 1) AS nb, count(*) AS n FROM g),
            c AS (
              SELECT x, a, b, na, nb, n, sum(a) OVER w AS ca, sum(b) OVER w AS cb, row_number() OVER w AS r
              FROM g, t WINDOW w AS (ORDER BY x ROWS UNBOUNDED PRECEDING))
            SELECT
              CAST(CASE WHEN n <= {SingleValuesMax} THEN r ELSE least(9, (ca - a) * 10 // na) END AS BIGINT) AS bin,
              CAST(sum(a) AS BIGINT), CAST(sum(b) AS BIGINT), count(*) FILTER (WHERE a > 0),
              count(*) FILTER (WHERE b > 0), CAST(coalesce(sum(b) FILTER (WHERE a = 0), 0) AS BIGINT),
              max(abs(CAST(ca AS DOUBLE) / na - CAST(cb AS DOUBLE) / nb)),
              CAST(min(x) FILTER (WHERE 2 * ca >= na AND ca > 0) AS VARCHAR),
              CAST(min(x) FILTER (WHERE 2 * cb >= nb AND cb > 0) AS VARCHAR)
            FROM c GROUP BY bin ORDER BY bin
            """);
        var (low, high) = (Text(rows, 7), Text(rows, 8));
        return Of(rows, _ => null) with
        {
            Median = low is not null && high is not null ? new Pair<string>(low, high) : null,
            Ks = rows.Count == 0 ? null : Math.Round(rows.Max(r => Number(r[6])), 6),
        };
    }

    private static Distribution OfCategories(DuckSession session, string both)
    {
        var rows = session.Rows($"""
            WITH g AS MATERIALIZED (
              SELECT hash(x) AS h, min(left(CAST(x AS VARCHAR), {NameLengthMax})) AS v,
                count(*) FILTER (WHERE s = 0) AS a, count(*) FILTER (WHERE s = 1) AS b
              FROM {both} WHERE x IS NOT NULL GROUP BY 1),
            k AS (
              (SELECT h FROM g ORDER BY a DESC, v, h LIMIT {FrequentMax})
              UNION (SELECT h FROM g ORDER BY b DESC, v, h LIMIT {FrequentMax})),
            c AS (SELECT g.*, k.h AS own FROM g LEFT JOIN k ON g.h = k.h)
            SELECT CASE WHEN own IS NOT NULL THEN min(v) END AS name,
              CAST(sum(a) AS BIGINT), CAST(sum(b) AS BIGINT), count(*) FILTER (WHERE a > 0),
              count(*) FILTER (WHERE b > 0), CAST(coalesce(sum(b) FILTER (WHERE a = 0), 0) AS BIGINT)
            FROM c GROUP BY own ORDER BY sum(a) DESC, sum(b) DESC, name, own
            """);
        return Of(rows, row => (string?)row[0]);
    }

    private static Distribution Of(List<object?[]> rows, Func<object?[], string?> name) => new(
        [.. rows.Select(r => (Profiler.Count(r[1]), Profiler.Count(r[2])))], [.. rows.Select(name)],
        new Pair<long>(rows.Sum(r => Profiler.Count(r[3])), rows.Sum(r => Profiler.Count(r[4]))),
        rows.Sum(r => Profiler.Count(r[5])), null, null);

    // Bins come in their order: the first that has one has the least value.
    private static string? Text(List<object?[]> rows, int at) => rows.Select(r => (string?)r[at]).FirstOrDefault(
        t => t is not null);

    private static double Number(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
