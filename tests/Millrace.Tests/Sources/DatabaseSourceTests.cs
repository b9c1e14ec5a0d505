using Microsoft.Extensions.Time.Testing;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Node.Sources;
using Millrace.Tests.Nodes;
using static Millrace.Tests.Sources.ServerTables;

namespace Millrace.Tests.Sources;

/// <summary>Tables and queries of databases as products.</summary>
public sealed class DatabaseSourceTests
{
    [Fact]
    public async Task A_table_of_postgresql_keeps_its_types()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = await PostgresAsync(
            """
            CREATE TYPE mood AS ENUM ('glad', 'sad');
            CREATE TABLE orders (
                id bigint, price numeric(18, 4), total numeric, share double precision, ratio real, paid boolean,
                name text, code char(3), day date, at timestamptz, local timestamp, due time, key uuid, more jsonb,
                feeling mood);
            INSERT INTO orders VALUES
                (1, 12345678901234.5678, 12345678901234567890123456789012.5, 0.1, 0.5, true, '水 "x"', 'ab',
                 '2001-01-22', '2001-01-22 08:30:00.25-06', '1969-12-31 23:59:59.999999', '08:30',
                 '6f1ed002-ab5e-4c5d-8a50-0f8d5a3a5d0e', '{"a": [1]}', 'sad'),
                (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            """);
        var product = await world.PublishAsync(source with { Table = "public.orders" });
        Assert.Equal(
            [
                "integer", "decimal", "text", "number", "number", "boolean", "text", "text", "date", "timestamp",
                "timestamp", "time", "text", "text", "text",
            ],
            product.Latest.Columns.Select(c => c.Type));
        var cells = world.Cells(product);
        Assert.Equal(
            [
                "1", "12345678901234.5678", "12345678901234567890123456789012.5", "0.1", "0.5", "true", "水 \"x\"",
                "ab ", "2001-01-22", "2001-01-22 14:30:00.25", "1969-12-31 23:59:59.999999", "08:30:00",
                "6f1ed002-ab5e-4c5d-8a50-0f8d5a3a5d0e", "{\"a\": [1]}", "sad",
            ],
            cells[0]);
        Assert.All(cells[1][1..], Assert.Null);
    }

    [Fact]
    public async Task Times_that_the_clocks_of_postgresql_skip_or_show_twice_are_neither_lost_nor_shifted()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = await PostgresAsync(
            """
            DO $$ BEGIN
                EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Europe/Berlin');
            END $$;
            CREATE TABLE t (id int, at timestamptz, local timestamp);
            INSERT INTO t VALUES
                (1, '2026-03-29 02:30+01', '2026-03-29 02:30'), (2, '2026-03-29 03:00+02', '2026-03-29 03:00'),
                (3, '2026-10-25 02:30+02', '2026-10-25 02:30'), (4, '2026-10-25 02:30+01', '2026-10-25 02:30');
            """);
        var product = await world.PublishAsync(
            source with { Table = "t", Incremental = new IncrementalReading("at") });
        List<string?[]> expected =
        [
            ["1", "2026-03-29 01:30:00", "2026-03-29 02:30:00"],
            ["2", "2026-03-29 01:00:00", "2026-03-29 03:00:00"],
            ["3", "2026-10-25 00:30:00", "2026-10-25 02:30:00"],
            ["4", "2026-10-25 01:30:00", "2026-10-25 02:30:00"],
        ];
        Assert.Equal(expected, world.Cells(product));
        // By moments, nothing is behind the hour that comes again.
        await AskAsync(source, "INSERT INTO t VALUES (5, '2026-10-25 02:40+01', '2026-10-25 02:40')");
        product = await world.RefreshAsync();
        expected.Add(["5", "2026-10-25 01:40:00", "2026-10-25 02:40:00"]);
        Assert.Equal(expected, world.Cells(product));
    }

    [Fact]
    public async Task A_query_of_postgresql_is_a_product_in_its_order()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = await PostgresAsync("CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 20000) i");
        var product = await world.PublishAsync(
            source with { Query = "SELECT id, sum(id) OVER () AS all_of_them FROM t ORDER BY id DESC" });
        Assert.Equal(20000, product.Latest.Rows);
        Assert.Equal(["20000", "200010000"], world.Cells(product)[0]);
    }

    [Theory]
    [InlineData("SELECT 1 AS a; DROP TABLE t", "source-refused")]
    [InlineData("DELETE FROM t RETURNING id", "source-refused")]
    [InlineData("SELECT 1) AS s; COMMIT; DROP TABLE t; SELECT * FROM (SELECT 2", "source-refused")]
    [InlineData("COMMIT", "bad-source")]
    [InlineData("SELECT id FROM none", "source-refused")]
    [InlineData("SELECT 'secret'::text::int AS n", "source-refused")]
    [InlineData("SELECT id, '\\x00'::bytea AS raw FROM t", "unsupported-type")]
    [InlineData("SELECT ARRAY[1, 2] AS list", "unsupported-type")]
    [InlineData("SELECT 'infinity'::timestamptz AS at", "unsupported-type")]
    [InlineData("SELECT '-infinity'::date AS day", "unsupported-type")]
    [InlineData("SELECT date '5874897-12-31' AS day", "unsupported-type")]
    [InlineData("SELECT timestamp '294276-12-31 23:59:59' AS at", "unsupported-type")]
    [InlineData("SELECT time '24:00:00' AS due", "unsupported-type")]
    [InlineData("SELECT 'NaN'::numeric(10, 2) AS price", "unsupported-type")]
    [InlineData("SELECT id FROM t WHERE id < 0", "header-only")]
    public async Task What_is_no_table_of_postgresql_is_refused_and_changes_nothing(string query, string code)
    {
        await using var world = await SourceWorld.StartAsync();
        var source = await PostgresAsync("CREATE TABLE t AS SELECT 1 AS id");
        var problem = await world.RefusedAsync(source with { Query = query });
        Assert.Equal(code, problem.Code);
        Assert.DoesNotContain("secret", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(1L, await AskAsync(source, "SELECT count(*) FROM t"));
    }

    [Theory]
    [InlineData("interval '1 mon 2 days 03:04:05'", "text", "1 mon 2 days 03:04:05")]
    [InlineData("'NaN'::numeric", "text", "NaN")]
    [InlineData("timetz '08:30+02'", "text", "08:30:00+02")]
    [InlineData("int4range(1, 5)", "text", "[1,5)")]
    [InlineData("ROW(1, 'a')", "text", "(1,a)")]
    [InlineData("inet '10.0.0.1/8'", "text", "10.0.0.1/8")]
    [InlineData("'NaN'::float8", "number", "nan")]
    [InlineData("'-Infinity'::float4", "number", "-inf")]
    [InlineData("date '4713-01-01 BC'", "date", "4713-01-01 (BC)")]
    [InlineData("date '20001-01-01'", "date", "20001-01-01")]
    public async Task A_value_of_postgresql_is_kept_as_what_it_is(string value, string type, string cell)
    {
        await using var world = await SourceWorld.StartAsync();
        var source = (await PostgresAsync("SELECT 1")) with { Query = $"SELECT {value} AS v" };
        var product = await world.PublishAsync(source);
        Assert.Equal(type, Assert.Single(product.Latest.Columns).Type);
        Assert.Equal(cell, world.Cells(product)[0][0]);
    }

    [Theory]
    [InlineData("Host=db.example.org;Database=d;Username=u", "host-not-allowed", "--source-host db.example.org")]
    [InlineData("Host=127.0.0.1,db.example.org;Database=d;Username=u", "bad-source", "one Host")]
    [InlineData("Host=/var/run/postgresql;Database=d;Username=u", "bad-source", "one Host")]
    [InlineData("Host=127.0.0.1;Database=d;Username=u;Password=open", "bad-source", "passwordFrom")]
    [InlineData("Host=127.0.0.1;Database=d;Username=u;Passfile=/etc/passwd", "bad-source", "Passfile")]
    [InlineData("rubbish", "bad-source", "Host=")]
    [InlineData("Host=127.0.0.1;Port=1;Database=d;Username=u", "source-lost", "3 times")]
    public async Task A_connection_is_refused_with_what_to_do(string connection, string code, string told)
    {
        await using var world = await SourceWorld.StartAsync();
        var problem = await world.RefusedAsync(new SourceDocument("postgresql", connection, Table: "t"));
        Assert.Equal(code, problem.Code);
        Assert.Contains(told, problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("open", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MILLRACE_S3_SECRET")]
    [InlineData("NOT_SET_ANYWHERE")]
    public async Task A_secret_is_a_variable_that_is_set_and_not_the_nodes_own(string variable)
    {
        await using var world = await SourceWorld.StartAsync();
        var problem = await world.RefusedAsync(new SourceDocument(
            "postgresql", "Host=127.0.0.1;Database=d;Username=u", PasswordFrom: variable, Table: "t"));
        Assert.Equal("secret-missing", problem.Code);
    }

    [Fact]
    public async Task A_file_of_sqlite_is_read_by_what_its_columns_hold()
    {
        await using var world = await SourceWorld.StartAsync();
        var path = Sqlite(world.Folder, """
            CREATE TABLE orders (id INTEGER, x REAL, mixed TEXT, empty TEXT, none);
            INSERT INTO orders VALUES (9007199254740993, 1, '007', '', NULL), (2, 2.5, 8, NULL, NULL);
            """);
        var product = await world.PublishAsync(new SourceDocument("sqlite", Path: path, Table: "orders"));
        Assert.Equal(["integer", "number", "text", "text", "text"], product.Latest.Columns.Select(c => c.Type));
        Assert.Equal(["9007199254740993", "1.0", "007", "", null], world.Cells(product)[0]);
        Assert.Equal(["2", "2.5", "8", null, null], world.Cells(product)[1]);
    }

    [Fact]
    public async Task Numbers_of_sqlite_that_no_type_of_numbers_holds_together_are_texts()
    {
        await using var world = await SourceWorld.StartAsync();
        var path = Sqlite(world.Folder, """
            CREATE TABLE orders (a, b, c);
            INSERT INTO orders VALUES
                (9007199254740993, 9007199254740992, 'x'), (1.5, 1.5, 0.30000000000000004),
                (9223372036854775807, -4611686018427387904, 1e300);
            """);
        var product = await world.PublishAsync(new SourceDocument("sqlite", Path: path, Table: "orders"));
        Assert.Equal(["text", "number", "text"], product.Latest.Columns.Select(c => c.Type));
        var cells = world.Cells(product);
        Assert.Equal(["9007199254740993", "1.5", "9223372036854775807"], cells.Select(r => r[0]));
        Assert.Equal("0.30000000000000004", cells[1][2]);
    }

    [Fact]
    public async Task A_query_of_sqlite_is_run_once()
    {
        await using var world = await SourceWorld.StartAsync();
        var path = Sqlite(world.Folder, "CREATE TABLE t (id INTEGER)");
        var cells = Enumerable.Range(0, 64).Select(i => $"CASE abs(random()) % 2 WHEN 0 THEN 7 ELSE 'x' END AS c{i}");
        var product = await world.PublishAsync(
            new SourceDocument("sqlite", Path: path, Query: $"SELECT {string.Join(", ", cells)}"));
        Assert.Equal(
            product.Latest.Columns.Select(c => c.Type == "text" ? "x" : "7"), world.Cells(product).Single());
    }

    [Fact]
    public async Task A_query_of_sqlite_ends_with_the_request_that_asked_for_it()
    {
        await using var world = await SourceWorld.StartAsync();
        var source = new SourceDocument(
            "sqlite", Path: Sqlite(world.Folder, "CREATE TABLE t (id INTEGER)"),
            Query: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS n FROM n");
        var incoming = Path.Combine(world.Node.Options.DataFolder, "incoming");
        Task<int> CountAsync() => Task.FromResult(Directory.EnumerateFileSystemEntries(incoming).Count());
        using var leaving = new CancellationTokenSource();
        var asked = world.Node.Http.PostAsync(
            world.Holder.Path("products"), System.Net.Http.Json.JsonContent.Create(
                new ProductDraft("orders", Source: source), ApiJson.Wire.ProductDraft), leaving.Token);
        await Until.SeenAsync(CountAsync, count => count == 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Until.SeenAsync(CountAsync, count => count == 0);
    }

    [Theory]
    [InlineData("VALUES (1), (2)", "bad-source")]
    [InlineData("PRAGMA table_info(t)", "bad-source")]
    [InlineData("EXPLAIN SELECT id FROM t", "bad-source")]
    [InlineData("/* one */ -- two\nEXPLAIN QUERY PLAN SELECT id FROM t", "bad-source")]
    [InlineData("SELECT 1 AS a; SELECT 2", "bad-source")]
    [InlineData("ATTACH '/etc/passwd' AS other", "bad-source")]
    [InlineData("SELECT * FROM none", "source-refused")]
    [InlineData("DELETE FROM t", "bad-source")]
    [InlineData("VACUUM INTO '/tmp/copy.db'", "bad-source")]
    [InlineData("SELECT x'00' AS raw", "unsupported-type")]
    public async Task What_is_no_table_of_sqlite_is_refused(string query, string code)
    {
        await using var world = await SourceWorld.StartAsync();
        var path = Sqlite(world.Folder, "CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1)");
        var problem = await world.RefusedAsync(new SourceDocument("sqlite", Path: path, Query: query));
        Assert.Equal(code, problem.Code);
        Assert.False(File.Exists("/tmp/copy.db"));
    }

    [Theory]
    [InlineData("sqlite", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")]
    [InlineData("postgresql", "SELECT 1 AS id FROM pg_sleep(1000)")]
    public async Task A_source_that_does_not_come_to_its_end_is_given_up(string server, string query)
    {
        var time = new FakeTimeProvider();
        await using var world = await SourceWorld.StartAsync(time: time);
        var source = server == "sqlite"
            ? new SourceDocument("sqlite", Path: Sqlite(world.Folder, "CREATE TABLE t (id INTEGER)"))
            : await PostgresAsync("SELECT 1");
        var refused = world.RefusedAsync(source with { Query = query });
        await Until.SeenAsync(
            async () =>
            {
                time.Advance(Limits.Default.SourceTimeMax);
                await world.Node.Http.GetAsync("healthz", TestNode.Cancel);
                return refused.IsCompleted;
            },
            done => done);
        var problem = await refused;
        Assert.Equal("source-slow", problem.Code);
        Assert.Contains("12 hours", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_outside_of_what_is_allowed_is_refused_by_whatever_path()
    {
        await using var world = await SourceWorld.StartAsync();
        var outside = Sqlite(Path.GetDirectoryName(world.Folder)!, "CREATE TABLE t AS SELECT 1 AS id");
        var link = Path.Combine(world.Folder, "link.db");
        File.CreateSymbolicLink(link, outside);
        Directory.CreateSymbolicLink(Path.Combine(world.Folder, "up"), Path.GetDirectoryName(outside)!);
        foreach (var path in (string[])[
            outside, $"{world.Folder}/../{Path.GetFileName(outside)}", link,
            Path.Combine(world.Folder, "up", Path.GetFileName(outside)), world.Folder + "x/a.db"])
        {
            var problem = await world.RefusedAsync(new SourceDocument("sqlite", Path: path, Table: "t"));
            Assert.Equal("folder-not-allowed", problem.Code);
        }
        File.WriteAllText(Path.Combine(world.Folder, "odd.db"), new string('x', 5000));
        var odd = await world.RefusedAsync(
            new SourceDocument("sqlite", Path: Path.Combine(world.Folder, "odd.db"), Table: "t"));
        Assert.Equal("source-refused", odd.Code);
    }

    [Fact]
    public async Task Nothing_is_read_on_a_node_that_allows_nothing()
    {
        await using var world = await SourceWorld.StartAsync(isAllowed: false);
        var path = Sqlite(world.Folder, "CREATE TABLE t AS SELECT 1 AS id");
        var file = await world.RefusedAsync(new SourceDocument("sqlite", Path: path, Table: "t"));
        Assert.Equal("folder-not-allowed", file.Code);
        Assert.Contains("--source-folder", file.Detail, StringComparison.Ordinal);
        var database = await world.RefusedAsync((await PostgresAsync("SELECT 1")) with { Table = "t" });
        Assert.Equal("host-not-allowed", database.Code);
    }

    [Theory]
    [InlineData("""{"kind":"ftp"}""", "bad-source")]
    [InlineData("""{"kind":"sqlite","path":"/a.db"}""", "bad-source")]
    [InlineData("""{"kind":"sqlite","path":"/a.db","table":"a","query":"SELECT 1"}""", "bad-source")]
    [InlineData("""{"kind":"sqlite","path":"/a.db","table":"a","rowsPerSecond":0}""", "bad-source")]
    [InlineData("""{"kind":"sqlite","table":"a"}""", "bad-source")]
    [InlineData("""{"kind":"sqlite","path":"/a.db","table":"a","password":"open"}""", "bad-json")]
    [InlineData("null", "no-source")]
    public async Task A_document_that_is_no_source_is_refused(string source, string code)
    {
        await using var world = await SourceWorld.StartAsync();
        using var answer = await world.Holder.PostTextAsync("products", $$"""{"id":"x","source":{{source}}}""");
        Assert.Equal(code, (await TestNode.ProblemAsync(answer)).Code);
    }

    [Fact]
    public async Task A_source_is_bounded_in_bytes()
    {
        await using var world = await SourceWorld.StartAsync(limits: Limits.Default with { UploadBytesMax = 1000 });
        var source = await PostgresAsync("SELECT 1");
        var problem = await world.RefusedAsync(
            source with { Query = "SELECT i AS id FROM generate_series(1, 10000) i" });
        Assert.Equal("too-large", problem.Code);
    }

    [Fact]
    public async Task Rows_come_no_faster_than_the_pace_allows()
    {
        var time = new FakeTimeProvider();
        var pace = new Pace(20, time);
        await pace.NextAsync(TestNode.Cancel);
        var second = pace.NextAsync(TestNode.Cancel).AsTask();
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(2));
        await second;
        var free = new Pace(null, time);
        for (var i = 0; i < 100; i++)
            await free.NextAsync(TestNode.Cancel);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_source_is_kept_and_read_again_and_makes_a_version_only_if_it_changed(string database)
    {
        await using var world = await SourceWorld.StartAsync(database: database);
        var source = (await PostgresAsync("CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 3) i")) with
        {
            Table = "t",
        };
        Assert.Equal(source, (await world.PublishAsync(source)).Source);
        using var same = await world.Holder.PostAsync("products/orders/refresh", null);
        Assert.Equal(System.Net.HttpStatusCode.OK, same.StatusCode);
        Assert.Equal(1, (await TestNode.ReadAsync(same, ApiJson.Wire.Product)).Latest.Number);
        await AskAsync(source, "INSERT INTO t VALUES (4)");
        using var changed = await world.Holder.PostAsync("products/orders/refresh", null);
        Assert.Equal(System.Net.HttpStatusCode.Created, changed.StatusCode);
        var product = await TestNode.ReadAsync(changed, ApiJson.Wire.Product);
        Assert.Equal((2, 4L, source), (product.Latest.Number, product.Latest.Rows, product.Source));
        await AskAsync(source, "DROP TABLE t");
        using var gone = await world.Holder.PostAsync("products/orders/refresh", null);
        Assert.Equal("source-refused", (await TestNode.ProblemAsync(gone)).Code);
    }

    [Fact]
    public async Task What_has_no_source_is_not_read_again()
    {
        await using var world = await SourceWorld.StartAsync();
        await world.Holder.PublishAsync("id\n1\n", product: "files");
        using var files = await world.Holder.PostAsync("products/files/refresh", null);
        Assert.Equal("no-source", (await TestNode.ProblemAsync(files)).Code);
        using var none = await world.Holder.PostAsync("products/none/refresh", null);
        Assert.Equal("not-found", (await TestNode.ProblemAsync(none)).Code);
        using var both = await world.Holder.UploadAsync(
            new ProductDraft("x", Source: new SourceDocument("http", Url: "https://example.org")),
            ("a.csv", "id\n1\n"u8.ToArray()));
        Assert.Equal("bad-source", (await TestNode.ProblemAsync(both)).Code);
    }
}
