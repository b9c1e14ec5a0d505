using System.Text.Json;
using CsCheck;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.States;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply.States;

/// <summary>States of real Parquet files, of columns of all types.</summary>
public sealed class TableStateTests
{
    // Rows repeat, values repeat, and there is something of everything that has no place in an order.
    private const string Rows = """
        SELECT i % 7 = 0 AS flag, i % 5000 AS few, (hash(i // 3) >> 12)::BIGINT AS many,
            CASE WHEN i % 11 = 0 THEN 'nan'::DOUBLE WHEN i % 13 = 0 THEN '-infinity'::DOUBLE
                ELSE (hash(i // 3) >> 40)::DOUBLE / 1024 - 5000 END AS x,
            ((hash(i // 3) >> 50)::BIGINT - 8000)::DECIMAL(18, 3) / 8 AS price,
            CASE WHEN i % 17 = 0 THEN 'infinity'::DATE ELSE DATE '1999-12-31' + (i % 800)::INTEGER END AS day,
            TIMESTAMP '2024-01-01 00:00:00' + to_milliseconds(i * 977 % 90000007) AS moment,
            TIME '00:00:00' + to_seconds(i % 86400) AS hour,
            CASE WHEN i % 19 = 0 THEN NULL WHEN i % 23 = 0 THEN chr(7) || '汉字' ELSE 'Name ' || i // 3 END AS name,
            '\xAA'::BLOB AS bytes
        """;

    private static readonly TableSchema _schema = new(
    [
        new("flag", ColumnType.Boolean), new("few", ColumnType.Integer), new("many", ColumnType.Integer),
        new("x", ColumnType.Number), new("price", ColumnType.Decimal), new("day", ColumnType.Date),
        new("moment", ColumnType.Timestamp), new("hour", ColumnType.Time), new("name", ColumnType.Text),
        new("bytes", ColumnType.Binary),
    ]);

    [Fact]
    public void States_of_parts_merged_in_any_order_are_the_state_of_the_whole_in_that_order() =>
        Gen.Select(Gen.Int[1, 400_000], Gen.Int[0, 100], Gen.Int[0, 100]).Sample(
            (rows, one, two) =>
            {
                using var work = new Workshop();
                var (first, second) = (rows * Math.Min(one, two) / 100L, rows * Math.Max(one, two) / 100L);
                var whole = State(work, "w", 0, rows);
                TableState[] parts =
                [
                    State(work, "a", 0, first), State(work, "b", first, second), State(work, "c", second, rows),
                ];
                var other = State(work, "o", [(second, rows), (0, first), (first, second)]);
                Assert.Equal(Bytes(other), Bytes(parts[2].Merge(parts[0]).Merge(parts[1])));
                Assert.Equal(Bytes(whole), Bytes(parts[0].Merge(parts[1].Merge(parts[2]))));
                string[] hashes = [.. new[] { "c", "a", "b" }.Select(n => work.At($"{n}.rows"))];
                Assert.Equal(
                    Json(work, [whole], [work.At("w.rows")]), Json(work, [parts[2], parts[0], parts[1]], hashes));
            },
            iter: 4, threads: 1);

    [Fact]
    public void Threads_and_memory_change_no_byte()
    {
        string? bytes = null;
        foreach (var (threads, memory) in ((int, int)[])[(1, 64), (2, 256), (4, 128), (4, 128)])
        {
            using var work = new Workshop(memory, threads);
            var state = State(work, "w", 0, 300_000);
            var found = Convert.ToBase64String(Bytes(state)) + Json(work, [state], [work.At("w.rows")]);
            Assert.Equal(bytes ?? found, found);
            bytes = found;
        }
    }

    [Fact]
    public void A_state_comes_back_from_its_bytes_and_damage_is_seen()
    {
        using var work = new Workshop();
        var bytes = Bytes(State(work, "w", 0, 1_000));
        Assert.Equal(bytes, Bytes(TableState.FromBytes(bytes)!));
        Assert.True(TableState.FromBytes(bytes)!.IsOf(_schema));
        foreach (var at in (int[])[0, 20, bytes.Length / 2, bytes.Length - 1])
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 1;
            Assert.Null(TableState.FromBytes(damaged));
        }
        Assert.Null(TableState.FromBytes(bytes[..^1]));
        Assert.Null(TableState.FromBytes([]));
    }

    /// <summary>The engine, asked in SQL, is another way to the same figures.</summary>
    [Fact]
    public void The_figures_are_those_that_the_engine_counts()
    {
        using var work = new Workshop();
        var state = State(work, "w", 0, 50_000);
        var profile = Done(
            new Profiler(work.Duck).ProfileAsync(state, [work.At("w.rows")], Workshop.Cancel));
        foreach (var column in profile.Columns.Where(c => c.Type != ColumnType.Binary))
        {
            var cell = column.Type is ColumnType.Number or ColumnType.Date
                ? $"CASE WHEN isfinite({column.Name}) THEN {column.Name} END"
                : column.Name;
            var ends = column.Type == ColumnType.Decimal ? $"CAST({cell} AS DOUBLE)" : cell;
            var told = work.Cells(
                $"(SELECT count(*) - count({column.Name}), count(DISTINCT {column.Name}), min({ends}), max({ends}) "
                + "FROM @)", "w.parquet")[0];
            Assert.Equal([$"{column.Nulls}", $"{column.Distinct}"], told[..2]);
            if (column.Type == ColumnType.Decimal)
                Assert.Equal(told[2..].Select(Number), [Number(column.Min), Number(column.Max)]);
            else
                Assert.Equal([column.Min, column.Max], told[2..]);
            if (column.Numbers is not { } numbers)
                continue;
            var figures = work.Cells(
                $"(SELECT avg({cell}::DOUBLE), stddev_samp({cell}::DOUBLE), quantile_disc({cell}::DOUBLE, 0.5) FROM @)",
                "w.parquet")[0];
            Assert.Equal(Number(figures[0]), numbers.Mean, Math.Abs(numbers.Mean) * 1e-9);
            Assert.Equal(Number(figures[1]), numbers.Deviation!.Value, numbers.Deviation.Value * 1e-9);
            var spread = Number(column.Max) - Number(column.Min);
            Assert.Equal(Number(figures[2]), numbers.Quantiles[2].Value, spread * 0.001);
        }
        var different = work.Cells("(SELECT count(*) FROM (SELECT DISTINCT * FROM @))", "w.parquet")[0][0];
        Assert.Equal(different, $"{profile.Rows - profile.DuplicateRows}");
    }

    /// <summary>Counted by hand: by eleven, thirteen, seventeen, nineteen and twenty-three.</summary>
    [Fact]
    public async Task The_rows_behind_the_figures_are_the_first_ones_over_all_files()
    {
        using var work = new Workshop();
        TableState[] parts = [State(work, "a", 0, 100), State(work, "b", 100, 60_000)];
        string[] hashes = [work.At("a.rows"), work.At("b.rows")];
        var evidence = await new Profiler(work.Duck).EvidenceAsync(
            parts[0].Merge(parts[1]), hashes, 0, Workshop.Cancel);
        Assert.Equal(["name"], evidence.Missing.Select(e => e.Column));
        Assert.Equal([1, 20, 39, 58, 77, 96, 115, 134, 153, 172], evidence.Missing[0].Rows);
        Assert.Equal(["x", "day", "name"], evidence.Defective.Select(e => e.Column));
        Assert.Equal([1, 12, 14, 23, 27, 34, 40, 45, 53, 56], evidence.Defective[0].Rows);
        Assert.Equal([1, 18, 35, 52, 69, 86, 103, 120, 137, 154], evidence.Defective[1].Rows);
        Assert.Equal([24, 47, 70, 93, 116, 139, 162, 185, 208, 231], evidence.Defective[2].Rows);
        Assert.Null(evidence.Repeated);
    }

    /// <summary>Few rows repeat, late, and in another file; a small share is a search in several.</summary>
    [Theory]
    [InlineData(1 << 21)]
    [InlineData(1_000)]
    public async Task The_first_repeated_rows_are_found_in_bounded_memory(int ofAShareMax)
    {
        using var work = new Workshop();
        work.Make("COPY (SELECT hash(i) AS h FROM range(7000) t(i)) TO '@/c.rows' (FORMAT parquet)");
        work.Make("COPY (SELECT hash(if(i % 900 = 0, 5, i + 7000)) AS h FROM range(30000) t(i)) TO '@/d.rows' "
            + "(FORMAT parquet)");
        var rows = await new Profiler(work.Duck).RepeatedAsync(
            [work.At("c.rows"), work.At("d.rows")], 37_000, Workshop.Cancel, ofAShareMax);
        Assert.Equal(Enumerable.Range(0, 10).Select(n => 7_001L + (900 * n)), rows);
    }

    [Fact]
    public async Task Of_many_columns_those_that_miss_most_are_named()
    {
        using var work = new Workshop();
        var columns = string.Join(", ", Enumerable.Range(0, 25).Select(n => $"if(i < {n}, NULL, i) AS c{n}"));
        work.Make($"COPY (SELECT {columns} FROM range(100) t(i)) TO '@/wide.parquet' (FORMAT parquet)");
        var schema = new TableSchema(
            [.. Enumerable.Range(0, 25).Select(n => new Column($"c{n}", ColumnType.Integer))]);
        var state = await new Profiler(work.Duck).MeasureAsync(
            work.At("wide.parquet"), schema, work.At("wide.rows"), Workshop.Cancel);
        var evidence = await new Profiler(work.Duck).EvidenceAsync(state, [work.At("wide.rows")], 0, Workshop.Cancel);
        Assert.Equal(
            Enumerable.Range(5, 20).Reverse().Select(n => $"c{n}: {n}, {Math.Min(n, 10)}"),
            evidence.Missing.Select(e => $"{e.Column}: {e.Count}, {e.Rows.Count}"));
    }

    /// <summary>Where this fails, an update hashes otherwise: the form of a state gets a new number.</summary>
    [Fact]
    public async Task Hashes_are_those_that_the_form_of_a_state_stands_for()
    {
        using var work = new Workshop();
        work.Make("COPY (SELECT 1::INTEGER AS i, 1.5::FLOAT AS x, 'Chicago 芝加哥' AS s, DATE '2024-01-02' AS d, "
            + "NULL::VARCHAR AS n) TO '@/h.parquet' (FORMAT parquet)");
        var schema = new TableSchema(
        [
            new("i", ColumnType.Integer), new("x", ColumnType.Number), new("s", ColumnType.Text),
            new("d", ColumnType.Date), new("n", ColumnType.Text),
        ]);
        var state = await new Profiler(work.Duck).MeasureAsync(
            work.At("h.parquet"), schema, work.At("rows.parquet"), Workshop.Cancel);
        Assert.Equal([0xC58B05C8A829FDCF], state.Columns[2].Values64!.Hashes);
        Assert.Equal($"{0xF2065E3509EB0621}", work.Cells("@", "rows.parquet")[0][0]);
        Assert.Equal("millrace-state-5", TableState.Format);
    }

    // A property's body is synchronous.
    private static T Done<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static double Number(string? text) =>
        double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);

    private static TableState State(Workshop work, string name, long from, long to) => State(work, name, [(from, to)]);

    private static TableState State(Workshop work, string name, (long From, long To)[] parts)
    {
        var rows = string.Join(
            " UNION ALL ", parts.Select((p, n) => $"SELECT {n} AS part, i FROM range({p.From}, {p.To}) t(i)"));
        work.Make($"COPY ({Rows} FROM (SELECT i FROM ({rows}) ORDER BY part, i) t(i)) TO '@/{name}.parquet' "
            + "(FORMAT parquet)");
        return Done(new Profiler(work.Duck).MeasureAsync(
            work.At($"{name}.parquet"), _schema, work.At($"{name}.rows"), Workshop.Cancel));
    }

    private static byte[] Bytes(TableState state)
    {
        using var bytes = new MemoryStream();
        state.Write(bytes);
        return bytes.ToArray();
    }

    private static string Json(Workshop work, TableState[] states, string[] hashes) => JsonSerializer.Serialize(
        Done(new Profiler(work.Duck).ProfileAsync(states.Aggregate((a, b) => a.Merge(b)), hashes, Workshop.Cancel)));
}
