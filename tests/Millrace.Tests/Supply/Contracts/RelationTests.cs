using System.Globalization;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Contracts;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply.Contracts;

/// <summary>Sums, dependencies and the order of rows: what a draft says of a table, and what breaks it.</summary>
public sealed class RelationTests : IDisposable
{
    /// <summary>Flights between ten airports: a route has its length, a carrier its name, a price its parts.</summary>
    private const string Flights = """
        SELECT 'AP' || o AS origin, 'AP' || d AS destination, 50 * abs(o - d) + 100 AS distance,
          'C' || c AS carrier, 'Carrier no. ' || c AS "carrier's name",
          CASE WHEN i % 50 = 3 THEN NULL ELSE (i * 7919 % 9000) / 100.0::DECIMAL(9, 2) END AS net,
          ((i * 104729) % 17) / 4.0::DOUBLE AS tax,
          net + tax AS gross,
          i * 31 % 97 AS delay
        FROM (SELECT i, CAST(hash(i) % 10 AS INT) AS o, CAST(hash(i + 100000) % 10 AS INT) AS d,
            hash(i + 200000) % 8 AS c
          FROM range(@rows) r(i))
        """;

    private static readonly TableSchema _schema = new(
    [
        new("origin", ColumnType.Text), new("destination", ColumnType.Text), new("distance", ColumnType.Integer),
        new("carrier", ColumnType.Text), new("carrier's name", ColumnType.Text), new("net", ColumnType.Decimal),
        new("tax", ColumnType.Number), new("gross", ColumnType.Number), new("delay", ColumnType.Integer),
    ]);

    private static readonly TableSchema _readings = new(
        [new("day", ColumnType.Date), new("machine", ColumnType.Text), new("x", ColumnType.Integer)]);

    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData(2000)]
    [InlineData(30000)] // More than are sampled.
    public async Task Sums_and_dependencies_are_found_and_nothing_else(int rows) => Assert.Equal(
        [
            "gross = net + tax", "carrier → carrier's name", "origin, destination → distance",
        ],
        await FindAsync(Flights.Replace("@rows", $"{rows}", StringComparison.Ordinal)));

    [Fact]
    public async Task Of_few_rows_nothing_is_said() =>
        Assert.Empty(await FindAsync(Flights.Replace("@rows", "90", StringComparison.Ordinal)));

    [Fact]
    public async Task What_a_sample_does_not_show_is_looked_for_in_all_rows() => Assert.Equal(
        ["carrier → carrier's name"],
        await FindAsync($"""
            SELECT * REPLACE (
              CASE WHEN origin = 'AP1' AND destination = 'AP4' AND delay = 5 AND carrier < 'C4' THEN 7 ELSE distance
                END AS distance,
              CASE WHEN carrier = 'C3' AND delay = 5 AND tax = 1 THEN 0 ELSE gross END AS gross)
            FROM ({Flights.Replace("@rows", "60000", StringComparison.Ordinal)})
            """));

    /// <summary>
    /// Columns that are nearly always zero agree in nearly all rows; stations have heights, and of few stations no two
    /// have the same; what is a billionth of a sum is no part of it.
    /// </summary>
    [Theory]
    [InlineData("""
        'AP' || hash(i) % 10 AS origin, 'AP' || hash(i + 9) % 10 AS destination,
        CAST(CASE WHEN i % 10 = 7 THEN i ELSE 0 END AS BIGINT) AS distance,
        'C' || hash(i + 99) % 300 AS carrier, 'n' || hash(i + 999) % 900 AS "carrier's name",
        i::DECIMAL(9, 2) AS net, sqrt(i) AS tax, sin(i) AS gross, CASE WHEN i = 77 THEN 1 ELSE 0 END AS delay
        """, "")]
    [InlineData("""
        'S' || hash(i) % 40 AS origin, 'L' || hash(hash(i) % 40) % 6 AS destination,
        CAST(hash(hash(i) % 40 + 7) % 5000 AS BIGINT) AS distance, 'T' || hash(hash(i) % 40 + 9) % 6 % 3 AS carrier,
        'n' || hash(i + 999) % 900 AS "carrier's name",
        i::DECIMAL(9, 2) AS net, sqrt(i) AS tax, sin(i) AS gross, i % 4 AS delay
        """, "origin → destination; origin → distance; origin → carrier")]
    [InlineData("""
        'a' || i % 7 AS origin, 'b' || i % 11 AS destination, CAST(1700000000000 + i * 50 AS BIGINT) AS distance,
        'c' || i % 5 AS carrier, 'd' || i % 13 AS "carrier's name", (i % 89)::DECIMAL(9, 2) AS net,
        sin(i) AS tax, (1700000000000 + i * 50)::DOUBLE AS gross, i % 17 AS delay
        """, "")]
    public async Task What_chance_explains_is_not_said(string columns, string found) => Assert.Equal(
        found, string.Join("; ", await FindAsync($"SELECT {columns} FROM range(6000) r(i)")));

    /// <summary>Three in a family, of which all are together thousands of times.</summary>
    [Fact]
    public async Task Rows_that_are_all_alike_are_sampled_as_others_are() => Assert.Contains(
        "delay = origin + distance", await FindAsync("""
            SELECT 1 + hash(i) % 4 AS origin, 'x' AS destination, CAST(1 + hash(i + 1) % 3 AS BIGINT) AS distance,
              'y' AS carrier, 'z' AS "carrier's name", 1::DECIMAL(9, 2) AS net, 1::DOUBLE AS tax, 1::DOUBLE AS gross,
              CAST(origin + distance AS BIGINT) AS delay
            FROM range(60000) r(i)
            """, (0, ColumnType.Integer)));

    /// <summary>What repeats by chance will repeat again, and rows that lack a value are not compared.</summary>
    [Theory]
    [InlineData("i, i % 7, 'x' || i % 3", "(1, 1, 'x1'), (2, 2, 'x2'), (3, NULL, 'x'), (3, NULL, 'x')", 2)]
    [InlineData("hash(i) % 100, hash(i + 1) % 20, 'x' || hash(i + 2) % 40", "(1, 1, 'x1')", null)]
    [InlineData("i // 2, i // 2 % 7, 'x' || i // 2 % 3", "(1, 1, 'x1')", null)] // Too many.
    [InlineData("i, i % 7, 'x' || i % 3", "(-1, 1, 'x1')", null)] // None.
    public async Task Rows_that_repeat_are_counted_where_they_are_few_and_no_accident(
        string columns, string others, int? found)
    {
        _work.Make($"""
            COPY (SELECT {columns} FROM range(600) r(i) UNION ALL SELECT * FROM (VALUES {others})) TO '@/u.parquet'
            (FORMAT parquet);
            COPY (SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '@/u.parquet') TO '@/t.parquet' (FORMAT parquet)
            """);
        string[] files = [_work.At("t.parquet")];
        var names = _work.Cells("(DESCRIBE SELECT * FROM @)", "t.parquet").Select(row => row[0]!);
        var schema = new TableSchema([.. names.Select(n => new Column(n, ColumnType.Text))]);
        var profile = await new Profiler(_work.Duck).ProfileAsync(files, schema, Workshop.Cancel);
        var relations = await new ColumnRelations(_work.Duck).FindAsync(files, profile, Workshop.Cancel);
        Assert.Equal(found, relations.OfType<FewRepeats>().SingleOrDefault()?.Rows);
    }

    [Fact]
    public async Task A_draft_says_them_the_table_keeps_them_and_one_wrong_cell_breaks_them()
    {
        var flights = Flights.Replace("@rows", "2000", StringComparison.Ordinal);
        _work.Make($"COPY ({flights}) TO '@/t.parquet' (FORMAT parquet)");
        var (profile, relations) = await RelationsAsync();
        var contract = ContractReader.Read(YamlText.Write(ContractDraft.Of("t", profile, _ => 1, relations)));
        Assert.All(await CheckAsync(contract, "t"), r => Assert.Equal(r.A, r.B));
        Assert.Equal(
            [
                "gross.sum-of-net+tax", "carrier's name.determined-by-carrier",
                "distance.determined-by-origin+destination",
            ],
            contract.Rules.Where(r => r.Test is SumIs or Determines).Select(r => r.Id));

        // Miles as kilometres, in one row.
        _work.Make("""
            COPY (SELECT * EXCLUDE (r) REPLACE (
              CAST(CASE WHEN r = 12 THEN distance * 1.609344 ELSE distance END AS BIGINT) AS distance)
              FROM (SELECT row_number() OVER () AS r, * FROM '@/t.parquet'))
            TO '@/bad.parquet' (FORMAT parquet)
            """);
        var broken = Assert.Single(await CheckAsync(contract, "bad"), r => r.A < r.B && r.Kind == "dependency");
        Assert.Equal(1, broken.B - broken.A);
        Assert.Equal([12L], broken.EvidenceRows);
    }

    /// <summary>Of two values that occur equally often the least is kept; names of columns stand in no way.</summary>
    [Fact]
    public async Task As_few_rows_as_can_be_break_a_dependency()
    {
        _work.Make("""
            COPY (SELECT * FROM (VALUES
              ('x', 1), ('x', 2), ('x', 2), ('y', 9), ('y', 4), ('z', NULL), ('z', 3), (NULL, 5), (NULL, 6))
              AS t("kept", "row")) TO '@/t.parquet' (FORMAT parquet)
            """);
        var contract = ContractReader.Read(
            "apiVersion: v3.1.0\nschema: [{ quality: [{ type: custom, engine: millrace, "
            + "implementation: { determinant: [kept], dependent: row } }] }]");
        var result = Assert.Single(await new RuleChecker(_work.Duck).CheckAsync(
            contract, [_work.At("t.parquet")],
            new TableSchema([new("kept", ColumnType.Text), new("row", ColumnType.Integer)]),
            new Dictionary<string, ReferredTable>(), DateTimeOffset.UnixEpoch, Workshop.Cancel));
        Assert.Equal((4, 6, "dependency"), (result.A, result.B, result.Kind));
        Assert.Equal([1L, 4L], result.EvidenceRows);
    }

    [Theory]
    [InlineData("i", "i", "ascending day")]
    [InlineData("i % 500", "i", "ascending day within machine")] // One machine after the other.
    [InlineData("i / 5 + hash(i // 5 % 3 + i % 5) % 40", "machine, day", "ascending day within machine")]
    [InlineData("hash(i) % 900", "i", "")]
    [InlineData("i // 400", "i", "")] // Of few values.
    [InlineData("hash(i // 500) % 900", "i", "")] // Each machine has its day.
    public async Task Rows_in_order_of_a_date_are_found_on_the_whole_or_within_another_column(
        string day, string sorted, string found)
    {
        _work.Make($"""
            COPY (SELECT DATE '2024-01-01' + CAST({day} AS INTEGER) AS day, 'M' || i // 500 AS machine, i % 7 AS x
              FROM range(2500) r(i) ORDER BY {sorted}) TO '@/t.parquet' (FORMAT parquet)
            """);
        string[] files = [_work.At("t.parquet")];
        var profile = await new Profiler(_work.Duck).ProfileAsync(files, _readings, Workshop.Cancel);
        var relations = await new ColumnRelations(_work.Duck).FindAsync(files, profile, Workshop.Cancel);
        Assert.Equal(found, string.Join("; ", relations.OfType<RowsInOrder>().Select(
            r => $"ascending {r.Column}{(r.Within.Count > 0 ? " within " + r.Within[0] : "")}")));
    }

    /// <summary>Of two rows in the wrong order the one that does not fit in is named.</summary>
    [Theory]
    [InlineData("", "1 2 9 3 4", "3")] // It is too late,
    [InlineData("", "5 6 1 7 8", "3")] // or too early.
    [InlineData("", "9 2 3 4", "1")]
    [InlineData("", "2 3 4 1", "4")]
    [InlineData("", "2 2 3 3", "")]
    [InlineData("", "2 - 1 3", "1")] // What has no value stands in no order.
    [InlineData(", within: [machine]", "1a 7b 2a 8b 9a 9b 3a", "5")]
    [InlineData(", within: [machine]", "1a 7- 2a 8- 3a", "")]
    public async Task A_row_out_of_order_is_named(string within, string rows, string named)
    {
        var values = rows.Split(' ').Select(row =>
            $"({Cell(row[..1], "DATE '2024-01-0{0}'")}, {Cell(row.Length > 1 ? row[1..] : "x", "'{0}'")}, 1)");
        _work.Make($"""
            COPY (SELECT * FROM (VALUES {string.Join(", ", values)}) AS t(day, machine, x)) TO '@/t.parquet'
            (FORMAT parquet)
            """);
        var result = Assert.Single(await new RuleChecker(_work.Duck).CheckAsync(
            ContractReader.Read(
                "apiVersion: v3.1.0\nschema: [{ quality: [{ type: custom, engine: millrace, "
                + $"implementation: {{ ascending: day{within} }} }}] }}]"),
            [_work.At("t.parquet")], _readings, new Dictionary<string, ReferredTable>(), DateTimeOffset.UnixEpoch,
            Workshop.Cancel));
        Assert.Equal(named, string.Join(' ', result.EvidenceRows));
        Assert.Equal(rows.Split(' ').Count(r => !r.Contains('-', StringComparison.Ordinal)), result.B);
        Assert.Equal(result.B - result.EvidenceRows.Count, result.A);
    }

    private static string Cell(string value, string literal) =>
        value == "-" ? "NULL" : string.Format(CultureInfo.InvariantCulture, literal, value);

    /// <param name="other">A column that is of another type here.</param>
    private async Task<IReadOnlyList<string>> FindAsync(string select, (int At, ColumnType Type)? other = null)
    {
        _work.Make($"COPY ({select}) TO '@/t.parquet' (FORMAT parquet)");
        return [.. (await RelationsAsync(other)).Relations.Where(r => r is not ColumnOrder).Select(r => r switch
        {
            ColumnSum s => $"{s.Total} = {string.Join(" + ", s.Parts)}",
            ColumnDependency d => $"{string.Join(", ", d.Determinant)} → {d.Dependent}",
            _ => $"{r}",
        })];
    }

    private async Task<(TableProfile Profile, IReadOnlyList<ColumnRelation> Relations)> RelationsAsync(
        (int At, ColumnType Type)? other = null)
    {
        string[] files = [_work.At("t.parquet")];
        var schema = new TableSchema(
            [.. _schema.Columns.Select((c, i) => i == other?.At ? c with { Type = other.Value.Type } : c)]);
        var profile = await new Profiler(_work.Duck).ProfileAsync(files, schema, Workshop.Cancel);
        return (profile, await new ColumnRelations(_work.Duck).FindAsync(files, profile, Workshop.Cancel));
    }

    private Task<IReadOnlyList<RuleResult>> CheckAsync(DataContract contract, string name) =>
        new RuleChecker(_work.Duck).CheckAsync(
            contract, [_work.At($"{name}.parquet")], _schema, new Dictionary<string, ReferredTable>(),
            DateTimeOffset.UnixEpoch, Workshop.Cancel);
}
