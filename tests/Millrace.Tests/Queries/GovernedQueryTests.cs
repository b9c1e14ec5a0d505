using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Millrace.Engine.Delivery;
using Millrace.Engine.Queries;
using Millrace.Tests.Architecture;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Queries;

/// <summary>A query gives what DuckDB gives for its text, though the text is never run.</summary>
public sealed class GovernedQueryTests : IDisposable
{
    private static readonly QueryLimits _limits = new(1000, TimeSpan.FromMinutes(5));

    private readonly Workshop _work = new();
    private readonly string _view;

    public GovernedQueryTests()
    {
        _view = _work.At("view.parquet");
        using var duck = Open();
        Run(duck, $"COPY ({Rows}) TO '{_view}' (FORMAT parquet)");
    }

    private const string Rows =
        """
        SELECT i AS id, ['north', 'south', 'it''s', NULL][i % 4 + 1] AS town, i * 1.25::DECIMAL(9,2) AS amount,
          CASE WHEN i % 7 = 0 THEN NULL ELSE i / 3.0::DOUBLE END AS ratio, DATE '2024-01-01' + i::INT AS day,
          TIMESTAMP '2024-01-01 10:00:00' + to_hours(i) AS moment, i % 3 = 0 AS flag
        FROM range(40) t(i)
        """;

    /// <summary>One in each line.</summary>
    private const string Queries =
        """
        SELECT * FROM data ORDER BY id
        FROM data ORDER BY id DESC LIMIT 3 OFFSET 2
        SELECT d.* EXCLUDE (ratio) FROM DATA AS d ORDER BY d.id
        SELECT town AS "Plätze ""x", count(*) AS n, sum(amount) FROM data GROUP BY 1 ORDER BY n DESC, 1
        SELECT flag, avg(ratio) FILTER (WHERE id > 5), count(DISTINCT town) FROM data GROUP BY flag ORDER BY 1
        SELECT flag, count(*) FROM data GROUP BY ALL HAVING count(*) > 13 ORDER BY 1
        SELECT flag, town, count(*) c FROM data GROUP BY GROUPING SETS ((flag), (town), ()) ORDER BY 1, 2, 3
        SELECT flag, town, max(id) FROM data GROUP BY ROLLUP (flag, town) ORDER BY 1, 2, 3
        SELECT DISTINCT town FROM data ORDER BY 1 NULLS FIRST
        SELECT DISTINCT ON (flag) flag, id FROM data ORDER BY flag, id DESC
        SELECT id FROM data WHERE id BETWEEN 3 AND 7 AND NOT flag OR id IN (30, 31) ORDER BY id
        SELECT id FROM data WHERE town LIKE 'n%' AND town NOT ILIKE 'S%' ORDER BY 1
        SELECT id FROM data WHERE ratio IS NULL OR town IS NOT DISTINCT FROM NULL ORDER BY id
        SELECT CASE WHEN id < 5 THEN 'a' WHEN id < 9 THEN 'b' END, CASE id WHEN 1 THEN 2 END FROM data ORDER BY id
        SELECT -id, id + 1, id - 1, id * 2, id / 7, id // 7, id % 7, id ** 2, 'a' || id, NOT flag FROM data ORDER BY id
        SELECT CAST(id AS VARCHAR), id::DOUBLE, TRY_CAST(town AS INTEGER), amount::DECIMAL(12,4) FROM data ORDER BY id
        SELECT 1.50, -0.05, 1234567890123456789012345678, 1e10, true, NULL, 'it''s'
        SELECT 1.5e-300, 12345678901, DATE '2024-02-29', false
        SELECT -9223372036854775808, 99999999999999999999.5, sum(9223372036854775807) FROM data
        SELECT extract(year FROM day) AS y, date_trunc('month', moment) FROM data ORDER BY id
        SELECT moment + INTERVAL 1 DAY AS a, day - INTERVAL '2 days' AS b FROM data ORDER BY id
        SELECT coalesce(town, '-'), nullif(id, 3), greatest(id, 5), round(ratio, 1), upper(town) FROM data ORDER BY id
        SELECT substring(town FROM 2 FOR 2), trim(BOTH 'n' FROM town), position('o' IN town) AS o FROM data ORDER BY id
        SELECT regexp_replace(town, '[aeiou]', '*'), town SIMILAR TO 'n.*' FROM data ORDER BY id
        SELECT id, row_number() OVER (PARTITION BY flag ORDER BY id DESC) FROM data ORDER BY id
        SELECT id, lag(id, 2, 0) OVER w, first_value(ratio IGNORE NULLS) OVER w FROM data WINDOW w AS (ORDER BY id)
        SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) FROM data ORDER BY id
        SELECT id, avg(ratio) OVER (ORDER BY id RANGE BETWEEN 3 PRECEDING AND CURRENT ROW) FROM data ORDER BY id
        SELECT id, sum(id) FILTER (flag) OVER w FROM data WINDOW w AS (PARTITION BY town) ORDER BY id
        SELECT flag, id FROM data QUALIFY row_number() OVER (PARTITION BY flag ORDER BY id) = 1 ORDER BY 1
        SELECT (SELECT max(id) FROM data), id FROM data WHERE id IN (SELECT id + 1 FROM data WHERE flag) ORDER BY id
        SELECT id FROM data d WHERE EXISTS (SELECT 1 FROM data e WHERE e.id = d.id * 2 AND e.flag) ORDER BY id
        SELECT id FROM data WHERE id > ALL (SELECT id - 5 FROM data) OR id = ANY (SELECT 3) ORDER BY id
        SELECT id FROM data WHERE NOT EXISTS (SELECT 1 FROM data e WHERE e.id > data.id) ORDER BY id
        WITH a AS (SELECT id FROM data), b(n) AS MATERIALIZED (FROM a) SELECT * FROM a JOIN b ON a.id = b.n ORDER BY 1
        SELECT * FROM (SELECT id, flag FROM data) AS s(x, y) LEFT JOIN data ON s.x = data.id + 30 ORDER BY s.x
        SELECT a.id FROM data a JOIN data b USING (id) CROSS JOIN (SELECT 1) c ORDER BY 1
        SELECT id FROM data a NATURAL JOIN (SELECT id FROM data WHERE flag) b ORDER BY id
        SELECT id FROM data SEMI JOIN (SELECT id AS k FROM data WHERE flag) s ON data.id = s.k ORDER BY id
        SELECT count(*) FROM data a FULL JOIN data b ON a.id = b.id + 20
        SELECT id FROM data WHERE flag UNION ALL SELECT id FROM data WHERE id < 5 ORDER BY 1 LIMIT 12
        SELECT id FROM data EXCEPT SELECT id FROM data WHERE flag ORDER BY id
        (SELECT id FROM data ORDER BY id LIMIT 3) UNION (SELECT id FROM data ORDER BY id DESC LIMIT 3) ORDER BY id
        SELECT median(id), quantile_cont(ratio, 0.9), stddev(amount), corr(id, ratio), arg_max(town, id) FROM data
        SELECT id FROM data ORDER BY ratio DESC NULLS LAST, id ASC NULLS FIRST -- a remark
        SELECT max(x) FROM (SELECT amount AS x FROM data)
        SELECT id AS k, k + 1 AS l FROM data ORDER BY l DESC
        """;

    public static TheoryData<string> Asked => [.. Queries.Split('\n')];

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task A_query_answers_as_its_text_would(string sql)
    {
        using var duck = Open();
        Run(duck, $"CREATE VIEW data AS SELECT * FROM read_parquet('{_view}')");
        var expected = Lines(duck, sql);
        Assert.NotEmpty(expected);

        var output = _work.At("answer.parquet");
        var built = await AskAsync(sql, ViewFormat.Parquet, output);
        Assert.Equal(expected, Lines(duck, $"SELECT * FROM read_parquet('{output}')"));
        Assert.Equal(expected.Count - 1, built.Rows);
    }

    [Fact]
    public async Task An_answer_can_be_had_in_every_format()
    {
        const string Sql = "SELECT town AS p, amount, day, flag FROM data WHERE id BETWEEN 2 AND 3 ORDER BY id";
        var csv = _work.At("answer.csv");
        await AskAsync(Sql, ViewFormat.Csv, csv);
        Assert.Equal(
            "p,amount,day,flag\r\nit's,2.50,2024-01-03,false\r\n,3.75,2024-01-04,true\r\n", File.ReadAllText(csv));
        var json = _work.At("answer.jsonl");
        await AskAsync(Sql, ViewFormat.JsonLines, json);
        Assert.Equal(
            """
            {"p":"it's","amount":2.50,"day":"2024-01-03","flag":false}
            {"p":null,"amount":3.75,"day":"2024-01-04","flag":true}

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(json));
    }

    [Fact]
    public async Task An_answer_that_is_too_large_or_too_slow_leaves_nothing()
    {
        var output = _work.At("answer.parquet");
        var large = await Assert.ThrowsAsync<QueryException>(() => AskAsync(
            "SELECT 1 FROM data a, data b", ViewFormat.Parquet, output));
        Assert.Equal("query-too-large", large.Code);
        var slow = await Assert.ThrowsAsync<QueryException>(() => new GovernedQuery(_work.Duck).RunAsync(
            _view,
            Question.Free("SELECT count(*) FROM data a, data b, data c, data d, data e, data f WHERE a.id + f.id > 3"),
            ViewFormat.Parquet, _limits with { Time = TimeSpan.FromMilliseconds(200) }, output,
            TestContext.Current.CancellationToken));
        Assert.Equal("query-too-slow", slow.Code);
        Assert.Equal([_view], Directory.GetFiles(_work.Folder));
    }

    [Fact]
    public void The_guide_lists_every_function_that_may_be_called()
    {
        var guide = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "guide", "queries.md"));
        var words = Regex.Matches(guide, @"\w+").Select(m => m.Value).ToHashSet();
        Assert.Empty(
            QueryFunctions.Scalars.Concat(QueryFunctions.Aggregates).Concat(QueryFunctions.Windows).Except(words));
    }

    public void Dispose() => _work.Dispose();

    private Task<BuiltView> AskAsync(string sql, ViewFormat format, string output) =>
        new GovernedQuery(_work.Duck).RunAsync(
            _view, Question.Free(sql), format, _limits, output, TestContext.Current.CancellationToken);

    private static DuckDBConnection Open()
    {
        var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        return duck;
    }

    private static void Run(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The names of the columns, then each row as text.</summary>
    private static List<string> Lines(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount);
        var lines = new List<string> { string.Join('|', columns.Select(reader.GetName)) };
        while (reader.Read())
            lines.Add(string.Join('|', columns.Select(
                i => reader.IsDBNull(i) ? "NULL" : FormattableString.Invariant($"{reader.GetValue(i)}"))));
        return lines;
    }
}
