using System.Globalization;
using Millrace.Engine.Delivery;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply;

/// <summary>Row groups are sized by the width of the rows, so that memory does not grow with it.</summary>
public sealed class WideRowsTests
{
    [Fact]
    public async Task Rows_of_kilobytes_are_imported_and_seen_within_a_small_budget()
    {
        using var small = new Workshop(memoryMegabytes: 192);
        small.Make("COPY (SELECT i AS id, repeat(md5(i::VARCHAR), 160) AS t FROM range(60000) r(i)) "
            + "TO '@/in.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        var table = await small.Import.ImportAsync(
            [small.At("in.parquet")], small.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(60_000, table.Rows);
        Assert.Equal(2_048, GroupRows(small, "out.parquet"));

        var profile = await new Profiler(small.Duck).ProfileAsync(
            [small.At("out.parquet")], table.Schema, Workshop.Cancel);
        Assert.Equal(60_000, profile.Rows);

        var all = AccessPlan.Compile(new Rule { Action = Terms.Use }, table.Schema, DefaultPlan.None);
        Assert.False(all.Refused(out _, out var plan));
        foreach (var format in (ViewFormat[])[ViewFormat.Parquet, ViewFormat.SnappyParquet])
        {
            var built = await new GovernedView(small.Duck).BuildAsync(
                [small.At("out.parquet")], plan, [], format, small.At("view.parquet"), Workshop.Cancel);
            Assert.Equal(60_000, built.Rows);
            Assert.Equal(2_048, GroupRows(small, "view.parquet"));
        }
    }

    /// <summary>A vector of the engine, 2 048 such rows, would be twice what a job may hold.</summary>
    [Fact]
    public async Task Texts_as_long_as_a_book_are_imported_profiled_and_seen_within_a_small_budget()
    {
        const int rows = 1_200, characters = 200_000;
        using var small = new Workshop(memoryMegabytes: 192);
        using (var csv = new StreamWriter(small.At("in.csv")))
        {
            csv.WriteLine("id,text");
            for (var row = 0; row < rows; row++)
                csv.WriteLine($"{row},{string.Concat(Enumerable.Repeat($"word{row} ", characters / 8))}");
        }
        var table = await small.Import.ImportAsync([small.At("in.csv")], small.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(rows, table.Rows);
        Assert.Equal([ColumnType.Integer, ColumnType.Text], table.Schema.Columns.Select(c => c.Type));
        Assert.InRange(GroupRows(small, "out.parquet"), 1, 100);

        var profile = await new Profiler(small.Duck).ProfileAsync(
            [small.At("out.parquet")], table.Schema, Workshop.Cancel);
        Assert.Equal(rows, profile.Columns[1].Distinct);

        var all = AccessPlan.Compile(new Rule { Action = Terms.Use }, table.Schema, DefaultPlan.None);
        Assert.False(all.Refused(out _, out var plan));
        var built = await new GovernedView(small.Duck).BuildAsync(
            [small.At("out.parquet")], plan, [], ViewFormat.Parquet, small.At("view.parquet"), Workshop.Cancel);
        Assert.Equal(rows, built.Rows);
    }

    [Fact]
    public async Task A_table_of_more_than_a_thousand_columns_is_imported_and_profiled()
    {
        const int columns = 1_500;
        using var work = new Workshop();
        var cells = string.Join(", ", Enumerable.Range(0, columns).Select(i => $"(r.i * {i} % 1000) / 7 AS c{i}"));
        work.Make($"COPY (SELECT {cells} FROM range(4000) r(i)) TO '@/in.parquet' (FORMAT parquet)");
        var table = await work.Import.ImportAsync(
            [work.At("in.parquet")], work.At("out.parquet"), Workshop.Cancel);
        var profile = await new Profiler(work.Duck).ProfileAsync(
            [work.At("out.parquet")], table.Schema, Workshop.Cancel);
        Assert.Equal((4_000, columns), (profile.Rows, profile.Columns.Count));
        Assert.Equal(1_000, profile.Columns[^1].Distinct);
    }

    /// <summary>Side by side, so many texts are more than a job may hold.</summary>
    [Fact]
    public async Task A_wide_table_of_texts_is_imported_in_slices()
    {
        const int columns = 1_503, rows = 3_000;
        using var work = new Workshop();
        using (var csv = new StreamWriter(work.At("in.csv")))
        {
            csv.WriteLine(string.Join(',', Enumerable.Range(0, columns).Select(c => $"c{c}")));
            for (var row = 0; row < rows; row++)
                csv.WriteLine(string.Join(',', Enumerable.Range(0, columns).Select(c => Cell(row, c))));
        }
        var table = await work.Import.ImportAsync([work.At("in.csv")], work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal((rows, columns), (table.Rows, table.Schema.Columns.Count));
        Assert.Equal(
            [ColumnType.Integer, ColumnType.Number, ColumnType.Text, ColumnType.Date],
            table.Schema.Columns.Skip(1_200).Take(4).Select(c => c.Type));
        var seen = work.Cells("(SELECT c0, c1202, c1502 FROM @)");
        Assert.Equal(Enumerable.Range(0, rows).Select(r => (Cell(r, 0), Cell(r, 1_202), Cell(r, 1_502))),
            seen.Select(r => (r[0]!, r[1]!, r[2]!)));

        static string Cell(int row, int column) => (column % 4) switch
        {
            0 => $"{row * (column + 1)}",
            1 => $"{row}.25",
            2 => $"text {row} of {column}",
            _ => $"2024-01-{1 + (row % 28):00}",
        };
    }

    [Fact]
    public async Task Narrow_rows_keep_the_usual_size()
    {
        using var work = new Workshop();
        work.Make("COPY (SELECT i AS id, 'x' || i AS t FROM range(300000) r(i)) TO '@/in.parquet' (FORMAT parquet)");
        await work.Import.ImportAsync([work.At("in.parquet")], work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(122_880, GroupRows(work, "out.parquet"));
    }

    private static int GroupRows(Workshop work, string file) => int.Parse(
        work.Cells($"(SELECT max(row_group_num_rows) FROM parquet_metadata('{work.At(file)}'))")[0][0]!,
        CultureInfo.InvariantCulture);
}
