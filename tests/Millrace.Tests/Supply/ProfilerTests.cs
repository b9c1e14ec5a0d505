using System.Globalization;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply;

public sealed class ProfilerTests : IDisposable
{
    private readonly Workshop _work = new();

    [Fact]
    public async Task A_profile_counts_what_is_there()
    {
        var profile = await Profile("""
            SELECT * FROM (VALUES
                (1, 'a-1', DATE '2024-01-01', 1.5::DOUBLE),
                (2, 'b-2', NULL, 'nan'::DOUBLE),
                (2, 'b-2', NULL, 'nan'::DOUBLE),
                (4, '汉字9', DATE '2024-01-05', 2.5),
                (NULL, chr(65533), DATE '2024-01-02', 3.5))
            AS t(n, s, d, x)
            """);
        Assert.Equal((5, 1), (profile.Rows, profile.DuplicateRows));
        var (n, s, d, x) = (profile.Columns[0], profile.Columns[1], profile.Columns[2], profile.Columns[3]);
        Assert.Equal((1, 3, true, 0, "1", "4"), (n.Nulls, n.Distinct, n.DistinctIsExact, n.Defects, n.Min, n.Max));
        Assert.Equal(2.25, n.Numbers!.Mean);
        Assert.Equal(new ValueCount("2", 2), n.Frequent[0]);
        Assert.Equal([1, 2, 0, 1], n.Histogram.Select(b => b.Count));
        Assert.Equal((1L, 3L, 1L), (s.Text!.LengthMin, s.Text.LengthMax, s.Defects));
        Assert.Equal(
            [new ValueCount("a-9", 3), new ValueCount("汉汉9", 1)],
            s.Text.Shapes.Where(v => v.Value != "\uFFFD"));
        Assert.Equal(("2024-01-01", "2024-01-05", 2L, 3L), (d.Min, d.Max, d.Nulls, d.Histogram.Sum(b => b.Count)));
        Assert.Equal((2L, "1.5", "3.5"), (x.Defects, x.Min, x.Max));
    }

    [Fact]
    public async Task A_large_table_is_profiled_within_a_small_budget()
    {
        using var small = new Workshop(memoryMegabytes: 64, threads: 1);
        small.Make("""
            COPY (SELECT i AS id, 'name ' || (i * 7919 % 1000003) AS name, i % 100 AS g FROM range(2000000) t(i))
            TO '@/t.parquet' (FORMAT parquet)
            """);
        var schema = new TableSchema(
            [new("id", ColumnType.Integer), new("name", ColumnType.Text), new("g", ColumnType.Integer)]);
        var profile = await new Profiler(small.Duck).ProfileAsync([small.At("t.parquet")], schema, Workshop.Cancel);
        Assert.Equal((2_000_000, 0), (profile.Rows, profile.DuplicateRows));
        Assert.False(profile.Columns[0].DistinctIsExact);
        Assert.InRange(profile.Columns[1].Distinct, 850_000, 1_150_000);
        Assert.Equal(100, profile.Columns[2].Distinct);
        Assert.All(profile.Columns[0].Histogram, bin => Assert.InRange(bin.Count, 99_990, 100_010));
    }

    [Fact]
    public async Task Wide_tables_odd_columns_and_extremes_are_profiled()
    {
        var columns = string.Join(", ", Enumerable.Range(0, 70).Select(i => $"{i} AS \"c'{i}\"\"\""));
        var profile = await Profile($"""
            SELECT {columns},
                NULL::VARCHAR AS empty, NULL::DOUBLE AS none, true AS b, TIME '10:00' AS t, '\xAA'::BLOB AS y,
                1e308::DOUBLE AS big, -1e308::DOUBLE AS low, 9223372036854775807 AS max, 'infinity'::TIMESTAMP AS ever,
                TIMESTAMP '2024-01-02 03:04:05' AS at, 1.5::DECIMAL(38,10) AS m
            """);
        Assert.Equal(81, profile.Columns.Count);
        var json = JsonSerializer.Serialize(profile);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<TableProfile>(json)));
        Assert.Equal(1, profile.Columns.Single(c => c.Name == "ever").Defects);
        Assert.Null(profile.Columns.Single(c => c.Name == "none").Numbers);
    }

    [Theory]
    [InlineData("DATE '2026-06-01', DATE '2099-12-31'", "2026-06-01T00:00:00Z")]
    [InlineData("DATE '2026-07-01', DATE '5881580-07-10', 'infinity'::DATE", "2026-07-01T00:00:00Z")]
    [InlineData("TIMESTAMP '2026-07-01 09:30:00', TIMESTAMP '2026-07-01 12:00:01'", "2026-07-01T09:30:00Z")]
    [InlineData("TIMESTAMPTZ '2026-07-01 13:00:00+02', NULL", "2026-07-01T11:00:00Z")]
    [InlineData("DATE '2099-12-31', NULL", null)]
    [InlineData("NULL::DATE, '-infinity'::DATE", null)]
    [InlineData("1, 2", null)]
    public async Task The_latest_date_is_the_latest_that_is_not_to_come(string values, string? latest)
    {
        _work.Make($"COPY (SELECT unnest([{values}]) AS v) TO '@/in.parquet' (FORMAT parquet)");
        var table = await _work.Import.ImportAsync([_work.At("in.parquet")], _work.At("out.parquet"), Workshop.Cancel);
        var found = await new Profiler(_work.Duck).LatestDateAsync(
            [_work.At("out.parquet")], table.Schema, new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero), Workshop.Cancel);
        Assert.Equal(latest, found?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    public void Dispose() => _work.Dispose();

    private async Task<TableProfile> Profile(string select)
    {
        _work.Make($"COPY ({select}) TO '@/in.parquet' (FORMAT parquet)");
        var table = await _work.Import.ImportAsync([_work.At("in.parquet")], _work.At("out.parquet"), Workshop.Cancel);
        return await new Profiler(_work.Duck).ProfileAsync([_work.At("out.parquet")], table.Schema, Workshop.Cancel);
    }
}
