using System.Globalization;
using CsCheck;
using Millrace.Engine.Supply.Drift;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Supply.Drift;

public sealed class DriftTests : IDisposable
{
    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Says_what_moved_in_sentences()
    {
        Make("a", "range(1000)",
            "i AS id, i % 7 AS delay, CASE WHEN i % 10 = 0 THEN 'ORD' ELSE 'MDW' END AS city, 1 AS k");
        Make("b", "range(1000, 2200)",
            "i AS id, nullif(i % 7 + 4, 4) AS delay, CASE WHEN i % 2 = 0 THEN 'ORD' ELSE 'MDW' END AS city, 1 AS k");
        var report = await MeasureAsync("a", "b");
        Assert.Equal(
            ("Rows: 1000 → 1200 (+20 %).", "行数：1000 → 1200 (+20 %)。"), (report.Said.Text, report.Said.TextZh));
        var delay = report.Columns.Single(c => c.Column == "delay");
        Assert.Equal((DriftExtent.Large, "3", "7"), (delay.Extent, delay.Median!.Before, delay.Median.After));
        Assert.StartsWith("delay: median 3 → 7, without a value 0 % → 14.", delay.Said.Text, StringComparison.Ordinal);
        Assert.Contains("(large), KS 0.", delay.Said.Text, StringComparison.Ordinal);
        Assert.StartsWith("delay：中位数 3 → 7，缺失 0 % → 14.", delay.Said.TextZh, StringComparison.Ordinal);
        var city = report.Columns.Single(c => c.Column == "city");
        Assert.Contains("city: “MDW” 90 % → 50 %", city.Said.Text, StringComparison.Ordinal);
        Assert.Equal(DriftExtent.Large, city.Extent);
        var id = report.Columns.Single(c => c.Column == "id");
        Assert.Equal((null, "No number stands there twice: it is a key."), (id.Psi, id.NotCompared));
        Assert.Equal(0, report.Columns.Single(c => c.Column == "k").Psi);
        Assert.Equal(["delay", "city"], report.Columns.Take(2).Select(c => c.Column));
    }

    [Fact]
    public async Task A_column_of_texts_that_is_replaced_is_not_told_as_moved_little()
    {
        Make("a", "range(1000)", "'a' || i AS ref, 'note ' || (i // 2) AS note, 'x' AS k");
        Make("b", "range(1000)", "'b' || i AS ref, 'word ' || (i // 2) AS note, 'x' AS k");
        var report = await MeasureAsync("a", "b");
        ColumnDrift Of(string name) => report.Columns.Single(c => c.Column == name);
        Assert.EndsWith(
            "100 % of the rows hold values that were not there, as in columns of identifiers.", Of("ref").Said.Text,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "100 % of the rows hold values that were not there.", Of("note").Said.Text, StringComparison.Ordinal);
        Assert.Equal(
            [("ref", true), ("note", true), ("k", false)],
            new[] { "ref", "note", "k" }.Select(n => (n, report.IsRenewed(Of(n)))));
    }

    [Fact]
    public async Task Columns_that_came_went_or_turned_are_told_and_only_those_at_the_end_do_not_break()
    {
        Make("a", "range(5)", "i AS a, i AS gone, i AS turned");
        Make("b", "range(5)", "i AS new_first, i AS a, i::VARCHAR AS turned, i AS new_last");
        var report = await MeasureAsync("a", "b");
        Assert.Equal(
            [("removed", "gone", true), ("retyped", "turned", true), ("added", "new_first", true),
                ("added", "new_last", false)],
            report.Schema.Select(c => (c.Change, c.Column, c.IsBreaking)));
        Assert.Equal("turned was integer and is text.", report.Schema[1].Said.Text);
        Assert.Equal(["a"], report.Columns.Select(c => c.Column));
    }

    [Fact]
    public async Task Of_a_withheld_column_no_value_is_told()
    {
        Make("a", "range(200)", "CASE WHEN i % 4 = 0 THEN 'secret one' ELSE 'x' END AS name, i % 9 AS n");
        Make("b", "range(200)", "'secret two' AS name, i % 9 + 40 AS n");
        var report = await MeasureAsync("a", "b", withheld: true);
        Assert.All(report.Columns, c => Assert.Equal((DriftExtent.Large, null, null), (c.Extent, c.Median, c.Moved)));
        Assert.DoesNotContain(report.Columns, c => c.Said.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Halves_of_one_population_are_not_told_as_moved_however_small()
    {
        Make("all", "range(100000)", "hash(i) % 1000 AS x, (hash(i + 7) % 26)::VARCHAR AS c, hash(i + 3) / 1e19 AS y");
        foreach (var rows in (int[])[40, 400, 40_000])
        {
            _work.Make($"COPY (SELECT * FROM '@/all.parquet' LIMIT {rows}) TO '@/a.parquet' (FORMAT parquet)");
            _work.Make(
                $"COPY (SELECT * FROM '@/all.parquet' LIMIT {rows} OFFSET {rows}) TO '@/b.parquet' (FORMAT parquet)");
            var report = await MeasureAsync("a", "b");
            Assert.All(report.Columns, c => Assert.Equal(DriftExtent.Small, c.Extent));
        }
    }

    [Fact]
    public async Task Empty_tables_and_bytes_are_not_compared()
    {
        Make("a", "range(5)", "i AS a, encode('x') AS b");
        Make("b", "range(0)", "i AS a, encode('x') AS b");
        var whole = await TableAsync("a");
        var none = whole with { Files = [_work.At("b.parquet")] };
        var report = await new DriftMeter(_work.Duck).MeasureAsync(whole, none, false, _ => false, Workshop.Cancel);
        Assert.Equal(
            ["One of both has no rows.", "Bytes are not compared."], report.Columns.Select(c => c.NotCompared));
        Assert.Equal("Rows: 5 → 0 (-100 %).", report.Said.Text);
    }

    [Fact]
    public async Task Numbers_without_an_order_and_moments_are_no_trouble()
    {
        Make("a", "range(100)", "CASE WHEN i % 2 = 0 THEN 'nan'::DOUBLE ELSE i / 7 END AS x, "
            + "TIMESTAMP '2024-01-01' + to_days(i::INTEGER) AS at, TIME '10:00' AS t, i % 2 = 0 AS f");
        Make("b", "range(100)", "CASE WHEN i = 0 THEN 'infinity'::DOUBLE ELSE i / 7 END AS x, "
            + "TIMESTAMP '2024-03-01' + to_days(i::INTEGER) AS at, TIME '11:00' AS t, true AS f");
        var report = await MeasureAsync("a", "b");
        Assert.All(report.Columns, c => Assert.Equal(DriftExtent.Large, c.Extent));
        Assert.Contains(
            "at: median 2024-02-19 → 2024-04-19", report.Columns.Single(c => c.Column == "at").Said.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_table_twice_has_not_moved_and_its_days_have()
    {
        var source = Path.Combine(SourceTree.Root, "samples", "flights-chicago-2001.parquet");
        var table = await _work.Import.ImportAsync([source], _work.At("out.parquet"), Workshop.Cancel);
        var whole = new ComparedTable([_work.At("out.parquet")], table.Schema);
        var same = await new DriftMeter(_work.Duck).MeasureAsync(whole, whole, false, _ => false, Workshop.Cancel);
        Assert.All(same.Columns, c => Assert.Equal((0d, 0d, DriftExtent.Small), (c.Psi ?? 0, c.Ks ?? 0, c.Extent)));
        _work.Make("COPY (SELECT * FROM '@/out.parquet' WHERE departure < '2001-03-01') "
            + "TO '@/a.parquet' (FORMAT parquet)");
        _work.Make("COPY (SELECT * FROM '@/out.parquet' WHERE departure >= '2001-03-01') "
            + "TO '@/b.parquet' (FORMAT parquet)");
        var months = await MeasureAsync("a", "b");
        Assert.Equal(
            ["departure"], months.Columns.Where(c => c.Extent != DriftExtent.Small).Select(c => c.Column));
        var again = await MeasureAsync("a", "b");
        Assert.Equal(months.Columns, again.Columns); // To the last digit.
    }

    [Fact]
    public async Task Index_and_distance_are_those_of_a_plain_count()
    {
        var seed = Gen.Int[1, 40].Array[30, 300];
        await Gen.Select(seed, seed).SampleAsync(
            async (a, b) =>
            {
                Write("a", a);
                Write("b", b);
                var x = Assert.Single((await MeasureAsync("a", "b")).Columns);
                Assert.Equal(Ks(a, b), x.Ks!.Value, 2e-6);
                Assert.Equal(Psi(a, b), x.Psi!.Value, 2e-6);
                Assert.Equal(new Pair<long>(a.Distinct().Count(), b.Distinct().Count()), x.Distinct);
                Assert.Equal($"{a.Order().ElementAt((a.Length - 1) / 2)}", x.Median!.Before);
                Assert.Equal(b.Count(v => !a.Contains(v)), x.NewValues);
            },
            iter: 15, threads: 1);
    }

    private static double Ks(int[] a, int[] b) => a.Concat(b).Max(v => Math.Abs(
        ((double)a.Count(x => x <= v) / a.Length) - ((double)b.Count(x => x <= v) / b.Length)));

    /// <summary>With bins as the guide describes them.</summary>
    private static double Psi(int[] a, int[] b)
    {
        var values = a.Concat(b).Distinct().Order().ToList();
        int Bin(int v) => values.Count <= 20 ? values.IndexOf(v) : Math.Min(9, a.Count(x => x < v) * 10 / a.Length);
        var bins = values.Select(Bin).Distinct().ToList();
        double Share(int[] of, int bin) => (of.Count(v => Bin(v) == bin) + 0.5) / (of.Length + (0.5 * bins.Count));
        return bins.Sum(i => (Share(b, i) - Share(a, i)) * Math.Log(Share(b, i) / Share(a, i)));
    }

    private void Write(string name, int[] values)
    {
        var list = string.Join(", ", values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
        _work.Make($"COPY (SELECT unnest([{list}]) AS x) TO '@/{name}.parquet' (FORMAT parquet)");
    }

    private void Make(string name, string rows, string columns) => _work.Make(
        $"COPY (SELECT {columns} FROM {rows} r(i)) TO '@/{name}.parquet' (FORMAT parquet)");

    private async Task<DriftReport> MeasureAsync(string before, string after, bool withheld = false) =>
        await new DriftMeter(_work.Duck).MeasureAsync(
            await TableAsync(before), await TableAsync(after), newRowsOnly: false, _ => withheld, Workshop.Cancel);

    private async Task<ComparedTable> TableAsync(string name)
    {
        var path = _work.At($"{name}-read.parquet");
        var read = await _work.Import.ImportAsync([_work.At($"{name}.parquet")], path, Workshop.Cancel);
        return new ComparedTable([path], read.Schema);
    }
}
