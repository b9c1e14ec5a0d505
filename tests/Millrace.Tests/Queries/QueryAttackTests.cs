using System.Text;
using Millrace.Engine.Delivery;
using Millrace.Engine.Queries;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Queries;

/// <summary>What a query tries beside asking the view. Each is refused before anything runs.</summary>
public sealed class QueryAttackTests : IDisposable
{
    private readonly Workshop _work = new();
    private readonly string _view;
    private readonly string _secret;

    public QueryAttackTests()
    {
        _view = _work.At("view.parquet");
        _secret = _work.At("secret.csv");
        File.WriteAllText(_secret, "word\nhidden-value\n");
        using var duck = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText =
            $"COPY (SELECT i AS id, 'cell-' || i AS name FROM range(5) t(i)) TO '{_view}' (FORMAT parquet)";
        command.ExecuteNonQuery();
    }

    public static TheoryData<string> Refused =>
    [
        // Files, as tables and by functions.
        "SELECT * FROM 'SECRET'", "SELECT * FROM \"SECRET\"", "SELECT * FROM read_csv('SECRET')",
        "SELECT * FROM read_csv_auto('SECRET')", "SELECT * FROM read_text('SECRET')",
        "SELECT * FROM read_blob('SECRET')",
        "SELECT * FROM read_json('SECRET')", "SELECT * FROM read_parquet('SECRET')",
        "SELECT * FROM parquet_scan('SECRET')",
        "SELECT * FROM glob('/*')", "SELECT * FROM parquet_metadata('SECRET')", "SELECT * FROM sniff_csv('SECRET')",
        "SELECT (SELECT word FROM 'SECRET')", "SELECT * FROM data WHERE name IN (SELECT word FROM 'SECRET')",
        "WITH x AS (SELECT * FROM 'SECRET') SELECT * FROM x", "SELECT * FROM data JOIN 'SECRET' s ON true",
        "SELECT id FROM data UNION ALL SELECT word FROM 'SECRET'", "SELECT * FROM (FROM 'SECRET')",
        "SELECT id FROM data ORDER BY (SELECT word FROM 'SECRET')",
        "SELECT id FROM data LIMIT (SELECT 1 FROM 'SECRET')",
        "SELECT sum(id) FILTER (WHERE EXISTS (FROM 'SECRET')) FROM data",
        "SELECT row_number() OVER (ORDER BY (SELECT word FROM 'SECRET')) FROM data",
        "SELECT CASE WHEN EXISTS (FROM 'SECRET') THEN 1 END FROM data",

        // SQL in text, by whatever name.
        "SELECT * FROM query('SELECT * FROM data')", "SELECT * FROM query_table('data')",
        "SELECT * FROM query_table(['data'])", "SELECT * FROM sql_auto_complete('sel')",
        "SELECT json_execute_serialized_sql('x')", "SELECT * FROM json_execute_serialized_sql('x')",
        "SELECT * FROM from_substrait('x')", "SELECT json_serialize_sql('SELECT 1')",

        // The instance: settings, catalogue, environment, other schemas.
        "SELECT * FROM duckdb_settings()", "SELECT * FROM duckdb_secrets()", "SELECT * FROM duckdb_tables()",
        "SELECT * FROM duckdb_functions()", "SELECT * FROM pragma_version()", "SELECT * FROM information_schema.tables",
        "SELECT * FROM sqlite_master", "SELECT * FROM pg_catalog.pg_class", "SELECT * FROM main.data",
        "SELECT * FROM memory.main.data", "SELECT current_setting('temp_directory')", "SELECT getenv('HOME')",
        "SELECT getvariable('x')", "SELECT version()", "SELECT current_database()", "SELECT txid_current()",
        "SELECT nextval('s')", "SELECT error('x')", "SELECT sleep_ms(100000)", "SELECT write_log('x')",

        // Other statements, and more than one.
        "SELECT 1; SELECT 2", "SELECT 1; DROP VIEW data", "COPY data TO 'SECRET'", "COPY data FROM 'SECRET'",
        "INSERT INTO data VALUES (1)", "DELETE FROM data", "UPDATE data SET id = 1", "DROP VIEW data",
        "CREATE TABLE t AS SELECT 1", "ATTACH 'SECRET' AS x", "DETACH memory", "USE memory", "SET threads = 9",
        "RESET threads", "PRAGMA database_list", "INSTALL httpfs", "LOAD httpfs", "CALL pragma_version()",
        "EXPORT DATABASE '/tmp/x'", "IMPORT DATABASE '/tmp/x'", "EXPLAIN SELECT 1", "EXPLAIN ANALYZE FROM data",
        "PREPARE p AS SELECT 1", "EXECUTE p", "DESCRIBE data", "SUMMARIZE data", "SHOW TABLES", "VACUUM", "CHECKPOINT",
        "PIVOT data ON name USING sum(id)", "UNPIVOT data ON id INTO NAME n VALUE v", "BEGIN",
        "EXPLAIN COPY data TO 'x'",

        // What names, repeats or grows without end.
        "WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x) SELECT * FROM x",
        "WITH data AS (SELECT 1) SELECT * FROM data", "WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a",
        "WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a", "SELECT repeat('x', 1000000000)",
        "SELECT lpad('x', 1000000000)", "SELECT rpad('x', 1000000000, 'y')", "SELECT bar(1, 0, 1, 1000000000)",
        "SELECT printf('%1000000000d', 1)", "SELECT format('{:1000000000}', 1)", "SELECT range(1000000000)",
        "SELECT generate_series(1, 1000000000)", "SELECT * FROM range(1000000000)", "SELECT unnest([1, 2])",
        "SELECT * FROM unnest([1, 2])", "SELECT list(name) FROM data", "SELECT string_agg(name) FROM data",
        "SELECT list_transform([1], x -> x)", "SELECT [x FOR x IN [1]]", "SELECT {'a': 1}", "SELECT MAP {'a': 1}",
        "SELECT histogram(name) FROM data", "SELECT random()", "SELECT uuid()",
        "SELECT now()", "SELECT hash(name) FROM data", "SELECT md5(name) FROM data",

        // Forms that we do not know to be harmless.
        "SELECT id FROM data ORDER BY ALL", "SELECT 1e400", "SELECT COLUMNS('.*') FROM data",
        "SELECT COLUMNS(*) + 1 FROM data", "SELECT * REPLACE (1 AS id) FROM data",
        "SELECT * RENAME (id AS x) FROM data", "SELECT id FROM data TABLESAMPLE 10%",
        "SELECT id FROM data USING SAMPLE 1", "SELECT id FROM data LIMIT 10%", "SELECT $1", "SELECT ?", "SELECT $name",
        "SELECT id COLLATE NOCASE FROM data", "SELECT CAST(id AS STRUCT(a INT)) FROM data",
        "SELECT id::INT[] FROM data",
        "SELECT CAST('x' AS JSON)", "SELECT CAST(1 AS unknown_type)", "SELECT CAST('a' AS ENUM('a'))",
        "SELECT 'a'::BLOB",
        "SELECT d.data.id FROM data d", "SELECT * FROM (VALUES (1)) v(x)", "VALUES (1)", "TABLE data2",
        "SELECT * FROM data POSITIONAL JOIN data e", "SELECT main.sum(id) FROM data2",
        "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM data",
        "SELECT * FROM data AT (VERSION => 1)", "SELECT unknown_function(id) FROM data",
        "SELECT evil.sum(id) FROM data",

        // No SELECT at all.
        "", " ", "--", "SELECT", "SELEC 1", "SELECT * FROM data WHERE", "'", "\"", "/*", "SELECT 1\0; DROP VIEW data",
        "SELECT '\ud800'", "SELECT * FROM data)) TO 'SECRET' (FORMAT csv); --",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task It_is_refused_and_nothing_is_told(string sql)
    {
        var asked = sql.Replace("SECRET", _secret, StringComparison.Ordinal);
        var e = await Assert.ThrowsAsync<QueryException>(() => AskAsync(asked));
        Assert.Contains(e.Code, (string[])["query-refused", "bad-query"]);
        Assert.DoesNotContain("hidden-value", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cell-", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DESCRIBE data", "DESCRIBE, SHOW and SUMMARIZE")]
    [InlineData("SUMMARIZE data", "DESCRIBE, SHOW and SUMMARIZE")]
    [InlineData("VALUES (1)", "VALUES")]
    [InlineData("SELECT * FROM (PIVOT data ON name IN ('a') USING sum(id))", "PIVOT and UNPIVOT")]
    [InlineData("SELECT id FROM data LIMIT 10%", "LIMIT with %")]
    [InlineData("SELECT GROUPING(id) FROM data GROUP BY id", "GROUPING")]
    [InlineData("SELECT concat(*COLUMNS(*)) FROM data", "* before COLUMNS")]
    [InlineData("SELECT COLUMNS('.*') FROM data", "COLUMNS")]
    [InlineData("SELECT * REPLACE (1 AS id) FROM data", "REPLACE after *")]
    [InlineData("SELECT * RENAME (id AS x) FROM data", "RENAME after *")]
    [InlineData("SELECT id FROM data USING SAMPLE 1", "samples")]
    [InlineData("SELECT id COLLATE NOCASE FROM data", "COLLATE")]
    [InlineData("SELECT * FROM main.data", "the name of a schema before that of a table")]
    [InlineData("SELECT unknown_function(id) FROM data", "the function unknown_function")]
    public async Task What_is_refused_is_told_in_the_words_of_the_query(string sql, string words)
    {
        var e = await Assert.ThrowsAsync<QueryException>(() => AskAsync(sql));
        Assert.Equal($"A query may not use {words}; see docs/guide/queries.md for what it may.", e.Message);
    }

    [Theory]
    [InlineData("SELECT idd FROM data", "idd")]
    [InlineData("SELECT d.nam FROM data d WHERE id > 1", "nam")]
    [InlineData("SELECT sum(x) AS y FROM (SELECT id AS x FROM data) s GROUP BY w", "w")]
    [InlineData("WITH t(n) AS (SELECT id FROM data) SELECT n, ID, nn FROM t, data", "nn")]
    [InlineData("SELECT id AS k FROM data WHERE EXISTS (SELECT 1 FROM data e WHERE e.kk = k)", "kk")]
    public async Task A_column_that_is_not_there_is_named(string sql, string column)
    {
        var e = await Assert.ThrowsAsync<QueryException>(() => AskAsync(sql));
        Assert.Equal(
            ("query-failed", $"There is no column named {column} here: check its name."), (e.Code, e.Message));
    }

    [Theory]
    [InlineData("SELECT nothing FROM data")]
    [InlineData("SELECT name::INTEGER FROM data")]
    [InlineData("SELECT sum(name) FROM data")]
    [InlineData("SELECT strftime(id, 3) FROM data")]
    [InlineData("SELECT id FROM data GROUP BY name")]
    [InlineData("SELECT (SELECT id FROM data)")]
    [InlineData("SELECT regexp_matches(name, '(') FROM data")]
    public async Task One_that_does_not_fit_the_data_fails_without_printing_it(string sql)
    {
        var e = await Assert.ThrowsAsync<QueryException>(() => AskAsync(sql));
        Assert.Equal("query-failed", e.Code);
        Assert.DoesNotContain("cell-", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Length_and_depth_are_bounded()
    {
        var deep = new StringBuilder("SELECT ").Insert(7, "(", 900).Append('1').Append(')', 900).ToString();
        var nested = string.Concat(Enumerable.Repeat("SELECT * FROM (", 300)) + "SELECT 1" + new string(')', 300);
        var sum = "SELECT " + string.Join("+", Enumerable.Repeat("1", 5000));
        foreach (var sql in (string[])[nested, sum])
        {
            var e = await Assert.ThrowsAsync<QueryException>(() => AskAsync(sql));
            Assert.Contains(e.Code, (string[])["query-refused", "bad-query"]);
        }
        Assert.Equal(1, (await AskAsync(deep)).Rows); // Parentheses alone mean nothing.
        var e2 = await Assert.ThrowsAsync<QueryException>(() => AskAsync("SELECT " + new string('1', 30_000)));
        Assert.Equal("query-too-long", e2.Code);
    }

    public void Dispose() => _work.Dispose();

    private Task<BuiltView> AskAsync(string sql) => new GovernedQuery(_work.Duck).RunAsync(
        _view, Question.Free(sql), ViewFormat.Csv, new QueryLimits(1000, TimeSpan.FromMinutes(5)),
        _work.At("answer.csv"), TestContext.Current.CancellationToken);
}
