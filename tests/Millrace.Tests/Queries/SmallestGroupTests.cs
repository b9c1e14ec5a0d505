using System.Globalization;
using CsCheck;
using Millrace.Engine.Delivery;
using Millrace.Engine.Queries;
using Millrace.Protocol.Queries;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Queries;

/// <summary>With a smallest group no row of an answer rests on fewer rows of the view.</summary>
public sealed class SmallestGroupTests : IDisposable
{
    private readonly Workshop _work = new();

    public static TheoryData<string> Allowed =>
    [
        "SELECT count(*) FROM data", "SELECT a, count(*) AS n FROM data GROUP BY a ORDER BY n DESC LIMIT 3",
        "SELECT sum(x) AS x FROM data WHERE b = 'q'", "SELECT d.a, avg(d.x + d.y * 2) FROM data AS d GROUP BY d.a",
        "SELECT a, b, count(x) FROM data GROUP BY ALL", "SELECT a FROM data GROUP BY a",
        "SELECT upper(a) AS a, round(sum(x) / count(*), 2) FROM data GROUP BY 1 HAVING sum(x) > 10 OR count(*) > 3",
        "SELECT count(DISTINCT b), mean(-CAST(x AS DOUBLE)) FROM data", "SELECT a AS x, sum(x) FROM data GROUP BY a",
        "SELECT CASE WHEN count(*) > 5 THEN 'many' ELSE 'few' END FROM data", "SELECT * EXCLUDE (x, y) FROM data "
            + "GROUP BY ALL",
    ];

    public static TheoryData<string> Refused =>
    [
        // It shows rows, or what one row holds.
        "SELECT a FROM data", "SELECT * FROM data", "SELECT 1 FROM data", "SELECT min(x) FROM data",
        "SELECT max(x) FROM data", "SELECT any_value(a) FROM data", "SELECT first(a) FROM data",
        "SELECT last(x) FROM data", "SELECT median(x) FROM data", "SELECT mode(a) FROM data",
        "SELECT arg_max(a, x) FROM data", "SELECT arg_min(a, x) FROM data", "SELECT max_by(a, x) FROM data",
        "SELECT quantile_cont(x, 0.5) FROM data", "SELECT quantile_disc(x, 0.0) FROM data",
        "SELECT approx_quantile(x, 0.5) FROM data", "SELECT product(x) FROM data", "SELECT bool_or(x > 3) FROM data",
        "SELECT entropy(a) FROM data", "SELECT stddev(x) FROM data", "SELECT corr(x, y) FROM data",
        "SELECT a, count(*) FROM data GROUP BY a HAVING max(x) > 3",
        "SELECT a, count(*) FROM data GROUP BY a ORDER BY min(x)",

        // A condition within a sum singles one row out.
        "SELECT sum(x) FILTER (WHERE a = 'p') FROM data", "SELECT count(*) FILTER (a = 'p') FROM data",
        "SELECT sum(CASE WHEN a = 'p' THEN x ELSE 0 END) FROM data", "SELECT sum((a = 'p')::INT * x) FROM data",
        "SELECT count(CASE WHEN a = 'p' THEN 1 END) FROM data", "SELECT sum(x * (y IS NULL)::INT) FROM data",
        "SELECT sum(coalesce(x, 0)) FROM data", "SELECT sum(nullif(x, 3)) FROM data", "SELECT sum(abs(x)) FROM data",
        "SELECT sum(x * $p) FROM data", "SELECT sum(x / (y - $p)) FROM data", "SELECT count($p) FROM data",
        "SELECT sum(DISTINCT x) FROM data", "SELECT avg(DISTINCT x) FROM data", "SELECT sum(x ORDER BY y) FROM data",
        "SELECT sum(x % 3) FROM data", "SELECT sum(x ** 9) FROM data", "SELECT count(DISTINCT data.*) FROM data",

        // Rows are counted twice, or not at all.
        "SELECT count(*) FROM data a, data b", "SELECT a.a, count(*) FROM data a JOIN data b ON a.x < b.x GROUP BY 1",
        "SELECT sum(x) FROM (SELECT x FROM data LIMIT 1)", "SELECT count(*) FROM (SELECT 1)", "SELECT count(*)",
        "SELECT max(n) FROM (SELECT a, count(*) AS n FROM data GROUP BY a)",
        "WITH t AS (SELECT x FROM data) SELECT sum(x) FROM t", "WITH t AS (SELECT 1) SELECT count(*) FROM data",
        "SELECT count(*) FROM data UNION ALL SELECT x FROM data", "SELECT a FROM data EXCEPT SELECT 'p'",
        "(SELECT count(*) FROM data) INTERSECT (SELECT x FROM data)", "SELECT count(*), (SELECT x FROM data) FROM data",
        "SELECT count(*) FROM data WHERE x = (SELECT max(x) FROM data)",
        "SELECT count(*) FROM data WHERE EXISTS (SELECT 1 FROM data d WHERE d.x > data.x)",
        "SELECT count(*) FROM data LIMIT (SELECT x FROM data LIMIT 1)",
        "SELECT count(*) FROM data HAVING (SELECT max(x) FROM data) > 3",
        "SELECT a, count(*) FROM data GROUP BY a ORDER BY (SELECT x FROM data)",

        // Windows, and lists that are shortened.
        "SELECT sum(x) OVER () FROM data", "SELECT sum(sum(x)) OVER () FROM data GROUP BY a",
        "SELECT row_number() OVER () FROM data GROUP BY a", "SELECT DISTINCT count(*) FROM data GROUP BY a",
        "SELECT DISTINCT a FROM data", "SELECT DISTINCT ON (a) a, count(*) FROM data GROUP BY a",
        "SELECT a, count(*) FROM data GROUP BY a QUALIFY row_number() OVER () = 1",

        // What is left out follows from the sums.
        "SELECT a, sum(x) FROM data GROUP BY ROLLUP (a)", "SELECT a, b, sum(x) FROM data GROUP BY CUBE (a, b)",
        "SELECT a, sum(x) FROM data GROUP BY GROUPING SETS ((a), ())",
    ];

    [Theory, MemberData(nameof(Allowed))]
    public async Task Counts_sums_and_averages_of_groups_can_be_offered(string sql)
    {
        Fill([("p", "q", 1, 2)]);
        await CheckAsync(sql);
        Assert.Equal(0, (await RunAsync(sql, 2)).Rows); // One row is too few, whatever is asked of it.
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task A_query_of_another_shape_cannot_be_offered(string sql)
    {
        Fill([("p", "q", 1, 2)]);
        var refused = await Assert.ThrowsAsync<QueryException>(() => CheckAsync(sql));
        Assert.Equal("query-refused", refused.Code);
        Assert.Contains("smallest group", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_figure_rests_on_rows_that_have_what_it_is_made_of()
    {
        Fill([("p", "q", 7, 1), ("p", "q", null, 2), ("p", "q", null, 3), ("r", "q", 4, 4), ("r", "q", 5, 5)]);
        Assert.Equal(["r", "9"], Assert.Single(await AskAsync("SELECT a, sum(x) FROM data GROUP BY a", 2)));
        Assert.Equal(["r", "2"], Assert.Single(await AskAsync("SELECT a, count(x) FROM data GROUP BY a", 2)));
        Assert.Equal(["p", "3"], Assert.Single(await AskAsync("SELECT a, count(*) FROM data GROUP BY a", 3)));
        Assert.Empty(await AskAsync("SELECT sum(x / y) FROM data WHERE a = 'p'", 2));
        // An alias that looks like what is aggregated changes nothing of that.
        Assert.Equal(["r", "9"], Assert.Single(await AskAsync("SELECT a AS y, sum(x) AS x FROM data GROUP BY a", 2)));
    }

    /// <summary>Whatever the table and the query: the groups that are there are large enough, and right.</summary>
    [Fact]
    public async Task The_answer_holds_the_groups_that_are_large_enough_and_no_other()
    {
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var rows = Enumerable.Range(0, random.Next(1, 40)).Select(_ => (
                    A: (string?)(random.Next(9) == 0 ? null : $"{(char)('p' + random.Next(4))}"),
                    B: (string?)$"{(char)('p' + random.Next(3))}",
                    X: random.Next(4) == 0 ? (int?)null : random.Next(-9, 10),
                    Y: (int?)random.Next(1, 6))).ToArray();
                Fill(rows);
                var asked = Draw(random);
                var smallest = random.Next(2, 7);
                var got = (await AskAsync(asked.Sql, smallest)).Select(r => string.Join('|', r.Select(c => c ?? "-")));
                var wanted = Naive(rows, asked, smallest);
                return wanted.Order(StringComparer.Ordinal).SequenceEqual(got.Order(StringComparer.Ordinal));
            },
            iter: 250, threads: 1);
    }

    public void Dispose() => _work.Dispose();

    private static Drawn Draw(Random random)
    {
        string[] keys = random.Next(4) switch { 0 => [], 1 => ["a"], 2 => ["b"], _ => ["a", "b"] };
        string[] figures =
            [.. new[] { "count(*)", "count(x)", "sum(x)", "sum(x + y * 2)" }.Where(_ => random.Next(2) == 0)];
        if (figures.Length == 0)
            figures = ["count(*)"];
        var where = random.Next(3) == 0 ? (int?)random.Next(-9, 10) : null;
        var having = random.Next(3) == 0 ? (int?)random.Next(1, 12) : null;
        var order = random.Next(2) == 0 ? " ORDER BY count(y) DESC" : "";
        var grouped = keys.Length == 0 ? "" : $" GROUP BY {(random.Next(3) == 0 ? "ALL" : string.Join(", ", keys))}";
        string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
        return new Drawn(
            $"SELECT {string.Join(", ", keys.Concat(figures))} FROM data"
                + (where is null ? "" : $" WHERE x >= {Text(where)}") + grouped
                + (having is null ? "" : $" HAVING count(*) >= {Text(having)} OR count(*) < 0") + order,
            keys, figures, where, having);
    }

    /// <summary>The same by hand, row for row.</summary>
    private static IEnumerable<string> Naive(
        (string? A, string? B, int? X, int? Y)[] rows, Drawn asked, int smallest)
    {
        var kept = rows.Where(r => asked.Where is null || r.X >= asked.Where);
        foreach (var group in kept.GroupBy(
            r => string.Join('|', asked.Keys.Select(k => (k == "a" ? r.A : r.B) ?? "-"))))
        {
            if (group.Count() < smallest || group.Count() < (asked.Having ?? 0))
                continue;
            if (asked.Figures.Any(f => f != "count(*)") && group.Count(r => r.X is not null) < smallest)
                continue;
            var figures = asked.Figures.Select(f => f switch
            {
                "count(*)" => group.Count(),
                "count(x)" => group.Count(r => r.X is not null),
                "sum(x)" => group.Sum(r => r.X ?? 0),
                _ => group.Where(r => r.X is not null).Sum(r => r.X!.Value + (r.Y!.Value * 2)),
            });
            var cells = figures.Select(f => f.ToString(CultureInfo.InvariantCulture));
            yield return string.Join('|', asked.Keys.Length == 0 ? cells : cells.Prepend(group.Key));
        }
    }

    private void Fill((string? A, string? B, int? X, int? Y)[] rows)
    {
        static string Text(string? text) => text is null ? "NULL" : $"'{text}'";
        static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "NULL";
        var values = rows.Select(r => $"({Text(r.A)}, {Text(r.B)}, {Number(r.X)}, {Number(r.Y)})");
        _work.Make(
            $"""
             COPY (SELECT a::VARCHAR AS a, b::VARCHAR AS b, x::BIGINT AS x, y::BIGINT AS y
               FROM (VALUES {string.Join(", ", values)}) t(a, b, x, y)) TO '@/view.parquet'
             """);
    }

    private Task CheckAsync(string sql)
    {
        IReadOnlyList<QueryParameter> parameters = sql.Contains("$p", StringComparison.Ordinal)
            ? [new("p", Protocol.Policies.ColumnType.Integer, Min: "0", Max: "9")]
            : [];
        return new GovernedQuery(_work.Duck).CheckAsync(
            _work.At("view.parquet"), new QueryDefinition(sql, new QuerySignature(parameters, 2)), Workshop.Cancel);
    }

    private async Task<List<string?[]>> AskAsync(string sql, int smallest)
    {
        await RunAsync(sql, smallest);
        return _work.Cells();
    }

    private Task<BuiltView> RunAsync(string sql, int smallest) => new GovernedQuery(_work.Duck).RunAsync(
        _work.At("view.parquet"), new Question(sql, [], smallest), ViewFormat.Parquet,
        new QueryLimits(1000, TimeSpan.FromMinutes(5)), _work.At("out.parquet"), Workshop.Cancel);

    private sealed record Drawn(string Sql, string[] Keys, string[] Figures, int? Where, int? Having);
}
