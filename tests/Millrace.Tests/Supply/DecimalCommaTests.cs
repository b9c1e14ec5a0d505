using System.Globalization;
using CsCheck;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply;

/// <summary>Numbers with a comma before their fraction, where something else parts the cells.</summary>
public sealed class DecimalCommaTests : IDisposable
{
    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("1,5|-0,25|2||NA| 3,0 ", "1.5|-0.25|2|||3")]
    [InlineData("1.234,56|-12.345|7|1.234.567,8", "1234.56|-12345|7|1234567.8")]
    [InlineData("1234,5|0,001|,5", "1234.5|0.001|0.5")]
    [InlineData("1,5E-3|2E+3|0,1e2", "0.0015|2000|10")]
    [InlineData("0,125|1,250", "0.125|1.25")] // No thousand begins with 0.
    public async Task Where_all_values_are_written_so_they_are_numbers(string cells, string numbers)
    {
        foreach (var delimiter in (char[])[';', '\t', '|'])
        {
            if (delimiter == '|' && cells.Contains("||", StringComparison.Ordinal))
                continue;
            var lines = cells.Split('|').Select((c, i) => $"{c}{delimiter}n{i}");
            var table = await _work.ImportText($"amount{delimiter}name\n{string.Join('\n', lines)}\n");
            Assert.Equal(["amount"], table.Source.DecimalCommas!);
            Assert.Equal((ColumnType.Number, delimiter), (table.Schema.Columns[0].Type, table.Source.Delimiter));
            Assert.Equal(numbers.Split('|').Select(Number), _work.Cells().Select(r => Number(r[0])));
        }
    }

    [Theory]
    [InlineData("1,5|1.5")]
    [InlineData("1,5|x")]
    [InlineData("1,5|2,5 kg")]
    [InlineData("1,234|2,345")] // May be thousands.
    [InlineData("1234,5|1.234")] // Points between thousands, and none.
    [InlineData("1.23,4|2,5")]
    [InlineData("1,2,3|4,5")]
    [InlineData("01,5|2,5")]
    [InlineData("1,|2,5")]
    [InlineData("+1,5|2,5")]
    [InlineData("1,5E400|2,5")] // Beyond all doubles.
    [InlineData("1.234.567|2.345.678")]
    public async Task Where_one_value_is_not_or_it_could_be_something_else_all_stay_text(string cells)
    {
        var table = await _work.ImportText(
            $"amount;name\n{string.Join('\n', cells.Split('|').Select((c, i) => $"{c};n{i}"))}\n");
        Assert.Equal((ColumnType.Text, null), (table.Schema.Columns[0].Type, table.Source.DecimalCommas));
        Assert.Equal(cells.Split('|'), _work.Cells().Select(r => r[0]));
    }

    [Fact]
    public async Task Where_commas_part_the_cells_they_stay_text()
    {
        var table = await _work.ImportText("amount,name\n\"1,5\",a\n\"2,5\",b\n");
        Assert.Equal(ColumnType.Text, table.Schema.Columns[0].Type);
        Assert.Equal("1,5", _work.Cells()[0][0]);
    }

    [Fact]
    public async Task Thousands_without_a_fraction_are_text_beside_decimal_commas_and_a_fraction_without()
    {
        const string Rows = "1.234;5;2.5;12\n2.345;6;0.25;13\n";
        Assert.Equal(
            [ColumnType.Number, ColumnType.Integer, ColumnType.Number, ColumnType.Integer],
            (await _work.ImportText($"a;b;c;d\n{Rows}")).Schema.Columns.Select(c => c.Type));
        var beside = await _work.ImportText(
            $"a;b;c;d;e\n{Rows.Replace("\n", ";7,5\n", StringComparison.Ordinal)}");
        Assert.Equal(
            [ColumnType.Text, ColumnType.Integer, ColumnType.Number, ColumnType.Integer, ColumnType.Number],
            beside.Schema.Columns.Select(c => c.Type));
        Assert.Equal(["1.234", "5", "2.5", "12", "7.5"], _work.Cells()[0]);
        Assert.Equal(["e"], beside.Source.DecimalCommas!);
    }

    [Fact]
    public async Task The_first_comma_may_come_late_and_what_does_not_fit_too()
    {
        var whole = string.Concat(Enumerable.Range(1, 30_000).Select(i => $"{i};x\n"));
        Assert.Equal(ColumnType.Number, (await _work.ImportText($"a;b\n{whole}1,5;x\n")).Schema.Columns[0].Type);
        Assert.Equal("1.5", _work.Cells()[^1][0]);
        Assert.Equal(
            ColumnType.Text, (await _work.ImportText($"a;b\n{whole}1,5;x\n1/2;x\n")).Schema.Columns[0].Type);
    }

    [Fact]
    public async Task A_first_row_of_such_numbers_is_no_header() =>
        Assert.False((await _work.ImportText("x;1,5;1.234,5\ny;2,5;2.345,6\n", new CsvForm(';'))).Source.HasHeader);

    [Fact]
    public async Task Wide_tables_have_them_too()
    {
        var columns = Enumerable.Range(0, TypedSlices.ColumnsMax + 1).ToList();
        var table = await _work.ImportText(
            $"{string.Join(';', columns.Select(c => $"c{c}"))}\n{string.Join(';', columns.Select(c => $"{c},5"))}\n");
        Assert.Equal(columns.Select(c => $"c{c}"), table.Source.DecimalCommas!);
        Assert.Equal(columns.Select(c => c + 0.5), _work.Cells()[0].Select(c => Number(c)!.Value));
    }

    /// <summary>What is written with commas and points comes back as it was.</summary>
    [Fact]
    public void Amounts_come_back_as_they_were_written() =>
        Gen.Select(Gen.Long[-100_000_000_000, 100_000_000_000].Array[1, 20], Gen.Bool).Sample(
            (cents, isGrouped) =>
            {
                using var work = new Workshop();
                var format = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };
                var lines = cents.Select(c => $"{(c / 100m).ToString(isGrouped ? "N2" : "F2", format)};x\n");
                work.ImportText($"a;b\n{string.Concat(lines)}").GetAwaiter().GetResult();
                Assert.Equal(cents.Select(c => (double?)c / 100), work.Cells().Select(r => Number(r[0])));
            },
            iter: 15, threads: 1);

    private static double? Number(string? text) =>
        string.IsNullOrEmpty(text) ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
