using System.Globalization;
using Millrace.Engine.Supply.Conversions;
using Millrace.Node;
using Millrace.Node.Sources;
using Millrace.Tests.Nodes;
using static Millrace.Tests.Sources.ServerTables;

namespace Millrace.Tests.Sources;

/// <summary>Sources that only grow: a refresh reads the rows that came since.</summary>
public sealed class IncrementalTests
{
    public static TheoryData<string> Servers { get; } = ["postgresql", "sqlite"];

    [Theory, MemberData(nameof(Servers))]
    public async Task Only_rows_beyond_the_greatest_id_are_read_and_appended(string server)
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, server, "id bigint", "(1, 'a'), (2, 'b')");
        var first = await world.PublishAsync(table.By("id"));
        Assert.Equal(1, (await world.RefreshAsync()).Latest.Number); // Nothing new: no version.
        await table.RunAsync("INSERT INTO t VALUES (3, 'c'), (4, NULL); UPDATE t SET name = 'x' WHERE id = 1");
        var second = await world.RefreshAsync();
        Assert.Equal((2, 4L, 1), (second.Latest.Number, second.Latest.Rows, second.Latest.AppendedTo));
        Assert.Equal(first.Latest.Files[0], second.Latest.Files[0]);
        Assert.Equal(["1 a", "2 b", "3 c", "4 "], Rows(world, second)); // What lies behind is not read again.
        Assert.Equal(2, (await world.RefreshAsync()).Latest.Number);
    }

    [Theory]
    [InlineData("postgresql", "at timestamptz")]
    [InlineData("postgresql", "at timestamp")]
    [InlineData("sqlite", "at text")]
    public async Task Rows_at_the_border_that_came_later_are_not_lost_and_none_is_read_twice(
        string server, string column)
    {
        await using var world = await SourceWorld.StartAsync();
        const string Border = "'2001-01-22 08:30:00.123456'";
        var table = await Table.CreateAsync(
            world, server, column, $"('2001-01-21 00:00:00.000000', 'old'), ({Border}, 'a'), ({Border}, 'twin')");
        await world.PublishAsync(table.By("at"));
        await table.RunAsync($"INSERT INTO t VALUES ({Border}, 'b'), ({Border}, 'twin')");
        Assert.Equal(["old", "a", "twin", "b", "twin"], Names(world, await world.RefreshAsync()));
        Assert.Equal(2, (await world.RefreshAsync()).Latest.Number);
        // A later row is read together with one more at the border, in whatever order they lie.
        await table.RunAsync(
            $"INSERT INTO t VALUES ('2001-01-22 08:30:00.123457', 'later'), ({Border}, 'c');");
        Assert.Equal(["old", "a", "twin", "b", "twin", "later", "c"], Names(world, await world.RefreshAsync()));
        Assert.Equal(3, (await world.RefreshAsync()).Latest.Number);
        // What comes behind the border is not seen, as the guide says.
        await table.RunAsync($"INSERT INTO t VALUES ({Border}, 'late')");
        Assert.Equal(3, (await world.RefreshAsync()).Latest.Number);
        // Read whole, all is there.
        Assert.Equal(8, (await world.RefreshAsync(whole: true)).Latest.Rows);
        Assert.Equal(4, (await world.RefreshAsync()).Latest.Number);
    }

    [Theory]
    [InlineData("postgresql", "d date", "'1969-12-30'", "'1969-12-31'")]
    [InlineData("postgresql", "d numeric(12, 3)", "-5.250", "-5.249")]
    [InlineData("postgresql", "d smallint", "-7", "-6")]
    [InlineData("postgresql", "\"odd \"\" name\" int", "1", "2")]
    [InlineData("postgresql", "d timestamptz", "'1950-05-05 01:02:03.000004+05'", "'1950-05-04 20:02:04Z'")]
    [InlineData("sqlite", "d date", "'2001-01-22'", "'2001-01-23'")]
    [InlineData("sqlite", "d integer", "-9223372036854775808", "-9223372036854775807")]
    [InlineData("sqlite", "\"odd \"\" name\" integer", "1", "2")]
    public async Task Every_kind_of_order_is_gone_on_with(string server, string column, string first, string second)
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, server, column, $"({first}, 'a')");
        var source = table.By(column.Contains("odd", StringComparison.Ordinal) ? "odd \" name" : "d");
        await world.PublishAsync(source);
        await table.RunAsync($"INSERT INTO t VALUES ({second}, 'b')");
        Assert.Equal(["a", "b"], Names(world, await world.RefreshAsync()));
        Assert.Equal(2, (await world.RefreshAsync()).Latest.Number);
    }

    [Theory]
    [InlineData("postgresql", "k text", "('2001-01-22', 'a')", "incremental-unordered")]
    [InlineData("postgresql", "k double precision", "(1, 'a')", "incremental-unordered")]
    [InlineData("postgresql", "k uuid", "('6f1ed002-ab5e-4c5d-8a50-0f8d5a3a5d0e', 'a')", "incremental-unordered")]
    [InlineData("postgresql", "k numeric", "(1, 'a')", "incremental-unordered")]
    [InlineData("postgresql", "k boolean", "(true, 'a')", "incremental-unordered")]
    [InlineData("postgresql", "k int", "(1, 'a'), (NULL, 'b')", "incremental-null")]
    [InlineData("postgresql", "other int", "(1, 'a')", "bad-source")]
    [InlineData("sqlite", "k text", "('9', 'a'), ('10', 'b')", "incremental-unordered")]
    [InlineData("sqlite", "k text", "('2001-01-22', 'a'), ('2001-01-22 08:30', 'b')", "incremental-unordered")]
    [InlineData("sqlite", "k real", "(1.5, 'a')", "incremental-unordered")]
    [InlineData("sqlite", "k", "(1, 'a'), ('2001-01-22', 'b')", "incremental-unordered")]
    [InlineData("sqlite", "k int", "(1, 'a'), (NULL, 'b')", "incremental-null")]
    [InlineData("sqlite", "other int", "(1, 'a')", "bad-source")]
    public async Task What_has_no_order_is_refused_at_the_first_reading(
        string server, string column, string rows, string code)
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, server, column, rows);
        Assert.Equal(code, (await world.RefusedAsync(table.By("k"))).Code);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_loses_its_order_later_is_refused_too(string server)
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, server, "k int", "(1, 'a'), (2, 'b')");
        await world.PublishAsync(table.By("k"));
        await table.RunAsync("INSERT INTO t VALUES (NULL, 'c')");
        Assert.Equal("incremental-null", (await world.RefreshRefusedAsync()).Code);
        await table.RunAsync("DELETE FROM t WHERE k IS NULL OR k = 2");
        var shrank = await world.RefreshRefusedAsync();
        Assert.Equal("source-shrank", shrank.Code);
        Assert.Contains("--whole", shrank.Detail, StringComparison.Ordinal);
        var whole = await world.RefreshAsync(whole: true);
        Assert.Equal((2, 1L), (whole.Latest.Number, whole.Latest.Rows));
        Assert.Null(whole.Latest.AppendedTo);
        await table.RunAsync("INSERT INTO t VALUES (2, 'again')");
        Assert.Equal(["a", "again"], Names(world, await world.RefreshAsync()));
    }

    [Fact]
    public async Task A_type_that_sqlite_let_in_later_is_not_passed_over()
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, "sqlite", "k", "('2001-01-22', 'a')");
        await world.PublishAsync(table.By("k"));
        await table.RunAsync("INSERT INTO t VALUES (5, 'b')"); // Less than every text.
        Assert.Equal("incremental-unordered", (await world.RefreshRefusedAsync()).Code);
    }

    [Theory]
    [InlineData("2001-01-22T08:30:00", "2001-01-22 23:00:00")] // As long, and less, though it is later.
    [InlineData("2001-01-22 08:30:00", "2001-01-22T23:00:00")]
    [InlineData("2001-01-22T08:30Z", "2001-01-22 08:31")]
    public async Task A_moment_that_is_written_otherwise_later_is_not_passed_over(string first, string later)
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, "sqlite", "k text", $"('{first}', 'a')");
        await world.PublishAsync(table.By("k"));
        await table.RunAsync($"INSERT INTO t VALUES ('{later}', 'b')");
        var refused = await world.RefreshRefusedAsync();
        Assert.Equal("incremental-unordered", refused.Code);
        Assert.Contains("k is written as 9999-99-99", refused.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("2001", refused.Detail, StringComparison.Ordinal);
        await table.RunAsync($"UPDATE t SET k = '{first}' WHERE k = '{later}'");
        Assert.Equal(["a", "b"], Names(world, await world.RefreshAsync()));
    }

    /// <summary>As the source itself sees it. PostgreSQL before 15 takes no larger number in an interval.</summary>
    [Fact]
    public async Task Postgresql_is_asked_for_a_moment_in_numbers_that_each_of_its_versions_takes()
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(
            world, "postgresql", "at timestamptz", "('2038-05-05 01:02:03.000004Z', 'a')");
        var source = table.By("at") with { Table = null, Query = "SELECT at, current_query() AS name FROM t" };
        await world.PublishAsync(source);
        await table.RunAsync("INSERT INTO t VALUES ('2038-05-05 01:02:03.000005Z', 'b')");
        var asked = Names(world, await world.RefreshAsync()).Last()!;
        var interval = asked[asked.IndexOf("interval '", StringComparison.Ordinal)..].Split('\'')[1];
        Assert.All(
            interval.Split(' ').Where((_, i) => i % 2 == 0),
            number => Assert.InRange(long.Parse(number, CultureInfo.InvariantCulture), 0, int.MaxValue));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Few_new_rows_have_the_types_of_the_product(string server)
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(
            world, server, "id int, x double precision, n int", "(1, 1.5, 7, 'a'), (2, 2, NULL, 'b')");
        await world.PublishAsync(table.By("id"));
        await table.RunAsync("INSERT INTO t VALUES (3, 4, NULL, NULL)");
        var product = await world.RefreshAsync();
        Assert.Equal(["integer", "number", "integer", "text"], product.Latest.Columns.Select(c => c.Type));
        Assert.Equal(["3", "4.0", null, null], world.Cells(product)[2]);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Other_columns_are_refused_and_the_steward_is_told_what_takes_them(string server)
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, server, "id int", "(1, 'a')");
        await world.PublishAsync(table.By("id"));
        await table.RunAsync("ALTER TABLE t ADD COLUMN more int; INSERT INTO t VALUES (2, 'b', 5)");
        var added = await world.RefreshRefusedAsync();
        Assert.Equal("schema-changed", added.Code);
        Assert.Contains("more", added.Detail, StringComparison.Ordinal);
        Assert.Contains("--whole", added.Detail, StringComparison.Ordinal);
        var whole = await world.RefreshAsync(whole: true);
        Assert.Equal(["id", "name", "more"], whole.Latest.Columns.Select(c => c.Name));
        // A column that running contracts have is missed by no reading.
        await table.RunAsync("ALTER TABLE t RENAME COLUMN name TO title; INSERT INTO t VALUES (3, 'c', 6)");
        Assert.Equal("schema-changed", (await world.RefreshRefusedAsync()).Code);
        Assert.Equal("schema-changed", (await world.RefreshRefusedAsync(whole: true)).Code);
        await table.RunAsync("ALTER TABLE t RENAME COLUMN id TO number");
        var gone = await world.RefreshRefusedAsync();
        Assert.Equal(server == "sqlite" ? "source-refused" : "bad-source", gone.Code);
        Assert.Contains("column", gone.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql", "-- newest first")]
    [InlineData("postgresql", " ;\n ")]
    [InlineData("sqlite", "-- newest first")]
    [InlineData("sqlite", ";")]
    public async Task A_query_is_gone_on_with_whatever_it_ends_with(string server, string end)
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, server, "id int", "(1, 'a'), (2, 'b')");
        var source = table.By("id") with
        {
            Table = null, Query = "SELECT id, name FROM t WHERE name <> 'x' ORDER BY id DESC" + end,
        };
        await world.PublishAsync(source);
        await table.RunAsync("INSERT INTO t VALUES (3, 'x'), (4, 'd')");
        Assert.Equal(["b", "a", "d"], Names(world, await world.RefreshAsync()));
    }

    [Fact]
    public async Task A_version_that_came_in_another_way_is_not_appended_to()
    {
        await using var world = await SourceWorld.StartAsync();
        var table = await Table.CreateAsync(world, "sqlite", "id int", "(1, 'a'), (2, 'b')");
        await world.PublishAsync(table.By("id"));
        await world.Holder.PublishAsync("id,name\n7,file\n", product: "orders");
        await table.RunAsync("INSERT INTO t VALUES (3, 'c')");
        var product = await world.RefreshAsync();
        Assert.Null(product.Latest.AppendedTo);
        Assert.Equal(["a", "b", "c"], Names(world, product));
    }

    [Fact]
    public async Task Too_many_rows_at_the_border_are_refused()
    {
        await using var world = await SourceWorld.StartAsync(limits: Limits.Default with { BorderRowsMax = 2 });
        var table = await Table.CreateAsync(world, "sqlite", "id int", "(1, 'a'), (1, 'b'), (1, 'c'), (2, 'd')");
        await world.PublishAsync(table.By("id"));
        await table.RunAsync("INSERT INTO t VALUES (2, 'e'), (2, 'f')");
        Assert.Equal("incremental-coarse", (await world.RefreshRefusedAsync()).Code);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_version_of_too_many_parts_is_joined_into_one_and_gone_on_with(string server)
    {
        await using var world = await SourceWorld.StartAsync(limits: Limits.Default with { FilesPerVersionMax = 2 });
        var table = await Table.CreateAsync(world, server, "id int", "(1, 'r1')");
        await world.PublishAsync(table.By("id"));
        for (var i = 2; i <= 5; i++)
        {
            // What the source no longer has stays in the product.
            await table.RunAsync($"DELETE FROM t WHERE id < {i - 1}; INSERT INTO t VALUES ({i}, 'r{i}')");
            var product = await world.RefreshAsync();
            Assert.Equal((i, i), (product.Latest.Number, (int)product.Latest.Rows));
            Assert.InRange(product.Latest.Files.Count, 1, 2);
            Assert.Equal(Enumerable.Range(1, i).Select(n => $"r{n}"), Names(world, product));
        }
    }

    [Fact]
    public async Task What_a_joined_version_holds_is_converted_once()
    {
        await using var world = await SourceWorld.StartAsync(limits: Limits.Default with { FilesPerVersionMax = 2 });
        var table = await Table.CreateAsync(world, "sqlite", "way_km int", "(1, 'r1')");
        await world.PublishAsync(table.By("way_km"), convert: [new Conversion("way_km", "m")]);
        for (var i = 2; i <= 5; i++)
        {
            await table.RunAsync($"INSERT INTO t VALUES ({i}, 'r{i}')");
            Assert.Equal(
                Enumerable.Range(1, i).Select(n => $"{n * 1000}.0 r{n}"), Rows(world, await world.RefreshAsync()));
        }
    }

    [Theory]
    [InlineData("""{"kind":"http","url":"https://example.org/a.csv","incremental":{"column":"id"}}""", "bad-source")]
    [InlineData("""{"kind":"sqlite","path":"/a.db","table":"a","incremental":{"column":""}}""", "bad-source")]
    [InlineData("""{"kind":"sqlite","path":"/a.db","table":"a","incremental":{}}""", "bad-json")]
    public async Task What_cannot_be_read_on_is_refused(string source, string code)
    {
        await using var world = await SourceWorld.StartAsync();
        using var answer = await world.Holder.PostTextAsync("products", $$"""{"id":"x","source":{{source}}}""");
        Assert.Equal(code, (await TestNode.ProblemAsync(answer)).Code);
    }

    private static IEnumerable<string> Rows(SourceWorld world, Millrace.Node.Api.Product product) =>
        world.Cells(product).Select(r => $"{r[0]} {r[1]}");

    private static IEnumerable<string?> Names(SourceWorld world, Millrace.Node.Api.Product product) =>
        world.Cells(product).Select(r => r[^1]);

    /// <summary>A table t on a server, whose last column is a name.</summary>
    private sealed record Table(SourceDocument Source, SourceWorld World)
    {
        public static async Task<Table> CreateAsync(SourceWorld world, string server, string columns, string rows)
        {
            var sql = $"CREATE TABLE t ({columns}, name text); INSERT INTO t VALUES {rows}";
            return new Table(
                server == "postgresql"
                    ? await PostgresAsync(sql)
                    : new SourceDocument("sqlite", Path: Sqlite(world.Folder, sql)),
                world);
        }

        public SourceDocument By(string column) =>
            Source with { Table = "t", Incremental = new IncrementalReading(column) };

        public async Task RunAsync(string sql)
        {
            if (Source.Kind == "postgresql")
                await AskAsync(Source, sql);
            else
                Sqlite(World.Folder, sql);
        }
    }
}
