using System.Globalization;
using System.Text;
using CsCheck;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;
using static Millrace.Protocol.Policies.ColumnType;

namespace Millrace.Tests.Supply;

public sealed class TableImportTests : IDisposable
{
    private readonly Workshop _work = new();

    static TableImportTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static TheoryData<string, ColumnType> Columns => new()
    {
        { "1|2|-3", Integer },
        { "9223372036854775807|1", Integer },
        { "007|008", Text }, // Leading zeros are part of a code.
        { "007|8", Text },
        { "12345678901234567890|1", Text }, // Too long for a number that keeps it.
        { "1.5|2|NA", Number },
        { "1.5|1e-3|-0.25", Number },
        { "1E4|2E4", Text }, // More often a code than ten thousand.
        { "+86|+1", Text },
        { "1.5|9999999999999999", Text }, // A double would round it.
        { "123456789012345.678901|1.5", Text }, // So would it this.
        { "0.12345678901234567890|1", Text },
        { "-0.12345678901234567|1", Text },
        { "0.30000000000000004|1", Number }, // What a program writes of a double is all of it.
        { "0.10000000000000001|1", Number },
        { "1.000000000000000056e-01|-1.7976931348623157E+308", Number },
        { "0.50000000000000000000000|000.5", Text },
        { "0.50000000000000000000000|.5", Number },
        { "nan|1.5", Text },
        { "1,000|2,000", Text },
        { "true|FALSE", ColumnType.Boolean },
        { "t|f", Text },
        { "2024-02-29|2023-01-01", Date },
        { "2023-02-29|2023-01-01", Text },
        { "2024/1/2|2024/12/31", Date },
        { "2024年1月2日|2024年12月31日", Date },
        { "31.12.2024|01.02.2024", Date },
        { "12/31/2024|01/02/2024", Date },
        { "01/02/2024|03/04/2024", Text }, // Day or month first? Nobody can tell.
        { "20240102|20240103", Integer },
        { "10:30|23:59", Time },
        { "10:30:15.5|23:59:00", Time },
        { "24:00|23:59", Text }, // The end of a day is no time of it.
        { "2024-01-02T03:04|2024-12-31T23:59", Timestamp },
        { "2024-01-02 03:04:05|2024-01-02T03:04:05.123456", Timestamp },
        { "2024-01-02T03:04:05Z|2024-01-02T03:04:05+08:00", Timestamp },
        { "2024-01-02T03:04:05Z|2024-01-02T03:04:05", Text }, // With and without a zone: not one kind of time.
        { "2024/1/2 3:04|2024/1/2 13:04", Timestamp },
        { "epoch|infinity", Text },
        { "NA|", Text },
        { " 12 |7", Integer },
        { "x |y", Text },
    };

    [Theory, MemberData(nameof(Columns))]
    public async Task A_column_gets_the_narrowest_type_that_loses_nothing(string cells, ColumnType expected)
    {
        var lines = cells.Split('|').Select((c, i) => $"\"{c}\",{i}x");
        var table = await _work.ImportText("v,w\n" + string.Join('\n', lines) + "\n");
        Assert.Equal([new Column("v", expected), new Column("w", Text)], table.Schema.Columns);
    }

    [Theory]
    [InlineData("code\nDE\nNA\n\"NA\"\n", "DE NA NA")] // Namibia.
    [InlineData("area,n\nEMEA,1\nNA,NA\n,3\n", "EMEA NA -")] // North America.
    [InlineData("name\nAnna\nNA\n\"NA\"\n", "Anna - NA")] // A missing name, and one of two letters.
    [InlineData("\"code\"\n\"DE\"\nNA\n\"NA\"\n", "DE - NA")] // As R writes it: each text in quotes.
    [InlineData("n\n5\nNA\n\"NA\"\n", "5 - -")]
    [InlineData("ok\nTRUE\nNA\nFALSE\n", "true - false")]
    [InlineData("n,x\nNA,1\n,2\n", "- -")]
    public async Task Na_is_no_value_where_it_is_no_text(string text, string cells)
    {
        await _work.ImportText(text, new CsvForm(HasHeader: true));
        Assert.Equal(cells.Split(' '), _work.Cells().Select(row => row[0] ?? "-"));
    }

    /// <summary>Large enough for several threads, each of which would begin in the middle of a cell.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_large_file_may_have_line_ends_within_its_cells(string end)
    {
        const int rows = 100_000;
        var cell = string.Concat(Enumerable.Repeat($"words that fill the line, {end}", 4));
        var text = new StringBuilder($"n,text{end}");
        for (var i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i},\"{cell}\"{end}");
        var table = await _work.ImportText(text.ToString());
        Assert.Equal(rows, table.Rows);
        Assert.Equal(
            [[$"{rows}", cell, "1"]],
            _work.Cells("(SELECT count(DISTINCT n), any_value(text), count(DISTINCT text) FROM @)"));
    }

    [Fact]
    public async Task A_value_after_the_sample_still_decides_the_type()
    {
        var text = new StringBuilder("id,n\n");
        for (var i = 0; i < 30_000; i++) text.Append(i).Append(",1\n");
        text.Append("A7,2\n");
        var table = await _work.ImportText(text.ToString());
        Assert.Equal([Text, Integer], table.Schema.Columns.Select(c => c.Type));
        Assert.Equal(30_001, table.Rows);
    }

    [Fact]
    public async Task Values_arrive_as_they_were_written()
    {
        await _work.ImportText("""
            id,when,地区,note
            1,2024/1/2,北京,"a ""b"", c
            d"
            2,NA,,NA
            3,2024/12/31,👩‍👧,"  x "
            """);
        Assert.Equal(
            [
                ["1", "2024-01-02", "北京", "a \"b\", c\nd"],
                ["2", null, null, null],
                ["3", "2024-12-31", "👩‍👧", "  x "],
            ],
            _work.Cells());
    }

    [Theory]
    [InlineData("a;b\n1,5;x\n2,5;y\n", ';', 2)]
    [InlineData("a\tb\tc\n1\t2\t3\n", '\t', 3)]
    [InlineData("a|b\n1|2\n", '|', 2)]
    [InlineData("only\n1\n2\n", ',', 1)]
    [InlineData("a,b\r\n1,2\r\n3,4\r\n", ',', 2)]
    [InlineData("a,b\r1,2\r3,4\r", ',', 2)]
    [InlineData("a,b\r\n1,2\n3,4", ',', 2)]
    [InlineData("\n\na,b\n1,2\n\n3,4\n\n", ',', 2)]
    [InlineData("\uFEFFa,b\n1,2\n", ',', 2)]
    [InlineData("\uFEFF1,2\n3,4\n", ',', 2)]
    public async Task Delimiters_and_line_ends_are_found(string text, char delimiter, int width)
    {
        var table = await _work.ImportText(text);
        Assert.Equal((delimiter, width), (table.Source.Delimiter!.Value, table.Schema.Columns.Count));
        Assert.Equal(table.Rows, _work.Cells().Count);
        Assert.DoesNotContain(_work.Cells(), row => row.Any(cell => cell is null || cell.Contains('\uFEFF')));
    }

    [Theory]
    [InlineData("utf-8", "城市,人口\n北京,21893095\n上海,24870895\n", "utf-8")]
    [InlineData("utf-16", "城市,人口\n北京,21893095\n", "utf-16")]
    [InlineData("utf-16BE", "城市,人口\n北京,21893095\n", "utf-16BE")]
    [InlineData("gb18030", "城市,人口\n北京,21893095\n上海,24870895\n", "gb18030")]
    [InlineData("gb18030", "名\n㐀龙\n人民\n中国银行\n数据空间\n", "gb18030")]
    [InlineData("windows-1252", "ville,été\nOrléans,Zürich\nNîmes,Malmö\n", "windows-1252")]
    [InlineData(
        "windows-1251", "город,улица\nМосква,улица Ленина\nКазань,Кремлёвская улица\nТомск,проспект Мира\n",
        "windows-1251")]
    public async Task Encodings_are_found(string encoding, string text, string found)
    {
        var writer = Encoding.GetEncoding(encoding);
        var path = _work.File("in.csv", [.. writer.GetPreamble(), .. writer.GetBytes(text)]);
        var table = await _work.Import.ImportAsync([path], _work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(found, table.Source.Encoding);
        Assert.Equal(text.Split('\n')[0].Split(','), table.Schema.Columns.Select(c => c.Name));
        Assert.Equal(text.Split('\n')[1].Split(','), _work.Cells()[0]);
    }

    [Fact]
    public async Task What_is_stated_is_not_guessed()
    {
        var path = _work.File("in.csv", Encoding.GetEncoding("big5").GetBytes("臺北;臺中\n高雄;花蓮\n"));
        var form = new CsvForm(';', "big5", HasHeader: false, NullTexts: ["花蓮"]);
        var table = await _work.Import.ImportAsync([path], _work.At("out.parquet"), Workshop.Cancel, form);
        Assert.Equal(["column1", "column2"], table.Schema.Columns.Select(c => c.Name));
        Assert.Equal([["臺北", "臺中"], ["高雄", null]], _work.Cells());
    }

    [Theory]
    [InlineData("1,2\n3,4\n", false)]
    [InlineData("a,b\nc,d\n", true)]
    [InlineData("land,19,20\nx,1,2\n", false)] // Texts below a text and numbers below numbers: no sign of a header.
    [InlineData("land,2019,2020\nx,1,2\n", true)]
    [InlineData("2021,2020,2019\n1,2,3\n", true)]
    [InlineData("2019,2019\n1,2\n", false)]
    [InlineData("land,2019\nx,1\n", false)]
    [InlineData("land,2019,2020\nx,2001,2002\n", false)]
    [InlineData("2019,land\n1,2\n", true)]
    [InlineData("product,2024-01-01,2024-02-01\nx,1,2\ny,3,\n", true)]
    [InlineData("product,01.02.2024,01.01.2024\nx,1,2\n", true)]
    [InlineData("product,12/31/2023,1/31/2024\nx,1,2\n", true)]
    [InlineData("x,2024-01-01,2024-02-01\ny,2024-01-03,\nz,1,2\n", false)]
    [InlineData("product,2024-01-01\nx,1\n", false)]
    [InlineData("id,day\n1,2024-01-01\n", true)]
    public async Task A_header_is_told_from_a_row(string text, bool hasHeader) =>
        Assert.Equal(hasHeader, (await _work.ImportText(text)).Source.HasHeader);

    [Fact]
    public async Task Odd_names_of_columns_and_files_work()
    {
        string[] names = ["it's", "a\"b", "路/径", "sum(*)", "; DROP", "SELECT", "x\\y", "%", "é"];
        var header = string.Join(',', names.Select(n => $"\" {n.Replace("\"", "\"\"", StringComparison.Ordinal)} \""));
        var path = _work.File("odd 'name' [1]*?.csv", $"{header}\n1,2,3,4,5,6,7,8,9\n");
        var table = await _work.Import.ImportAsync([path], _work.At("o'u[t]*.parquet"), Workshop.Cancel);
        Assert.Equal(names, table.Schema.Columns.Select(c => c.Name));
        Assert.True(File.Exists(_work.At("o'u[t]*.parquet")));
        Assert.Equal("odd 'name' [1]*?.csv", table.Source.Files[0].Name);
    }

    [Fact]
    public async Task Several_files_make_one_table_in_the_order_given()
    {
        string[] paths = [_work.File("b.csv", "id,x\n1,2\n"), _work.File("a.csv", "id;x\n2;2.5\n")];
        var table = await _work.Import.ImportAsync(paths, _work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal([Integer, Number], table.Schema.Columns.Select(c => c.Type));
        Assert.Equal([["1", "2.0"], ["2", "2.5"]], _work.Cells());
        Assert.Equal(["b.csv", "a.csv"], table.Source.Files.Select(f => f.Name));
    }

    [Theory]
    [InlineData("INTEGER", "INTEGER")]
    [InlineData("INTEGER", "BIGINT")]
    [InlineData("BIGINT", "INTEGER")]
    public async Task Parquet_files_of_several_widths_make_one_table_in_the_order_given(string first, string second)
    {
        _work.Make($"COPY (SELECT i::{first} AS id FROM range(200000) t(i)) TO '@/b.parquet' (FORMAT parquet)");
        _work.Make($"COPY (SELECT (i + 200000)::{second} AS id FROM range(9) t(i)) TO '@/a.parquet' (FORMAT parquet)");
        var table = await _work.Import.ImportAsync(
            [_work.At("b.parquet"), _work.At("a.parquet")], _work.At("out.parquet"), Workshop.Cancel);
        var ids = _work.Cells().Select(r => int.Parse(r[0]!, CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, (int)table.Rows), ids);
    }

    [Fact]
    public async Task The_same_source_gives_the_same_bytes()
    {
        var text = new StringBuilder("id,name,v\n");
        for (var i = 0; i < 300_000; i++)
            text.Append(i).Append(",name").Append(i % 977).Append(',').Append(i * 0.5).Append('\n');
        var path = _work.File("in.csv", text.ToString());
        var once = await _work.Import.ImportAsync([path], _work.At("1.parquet"), Workshop.Cancel);
        var again = await _work.Import.ImportAsync([path], _work.At("2.parquet"), Workshop.Cancel);
        Assert.Equal(once.Sha256, again.Sha256);
        Assert.Equal(new FileInfo(_work.At("2.parquet")).Length, again.Bytes);
    }

    /// <summary>A moment with an offset is kept in UTC, as it is from Parquet.</summary>
    [Fact]
    public async Task Offsets_are_not_dropped()
    {
        await _work.ImportText(
            "t\n2024-01-01T08:00:00+08:00\n2024-01-01T08:00:00Z\n"
            + "2024-01-01T08:00:00.5-05:30\n2024-01-01 08:00:00+01\n");
        Assert.Equal(
            ["2024-01-01 00:00:00", "2024-01-01 08:00:00", "2024-01-01 13:30:00.5", "2024-01-01 07:00:00"],
            _work.Cells().Select(row => row[0]));
    }

    /// <summary>
    /// A time that clocks skip is none there, but may be one elsewhere: nothing says whose clock was read. One that
    /// they show twice is two moments, which only an offset tells apart.
    /// </summary>
    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task Times_that_clocks_skip_or_show_twice_are_what_the_file_says(string form)
    {
        _work.Make($"""
            SET TimeZone = 'Europe/Berlin';
            COPY (SELECT i AS id, clock::TIMESTAMP AS clock, {(form == "csv" ? "m" : "m::TIMESTAMPTZ")} AS m
                FROM (VALUES
                    (1, '2026-03-29 01:59:59', '2026-03-29 01:59:59+01:00'),
                    (2, '2026-03-29 02:30:00', '2026-03-29 02:30:00+01:00'),
                    (3, '2026-03-29 03:00:00', '2026-03-29 03:00:00+02:00'),
                    (4, '2026-10-25 02:30:00', '2026-10-25 02:30:00+02:00'),
                    (5, '2026-10-25 02:30:00', '2026-10-25 02:30:00+01:00'),
                    (6, '2026-10-25 02:30:00.000001', '2026-10-25 02:30:00.000001+01:00')) AS t(i, clock, m))
            TO '@/in.{form}' (FORMAT {form})
            """);
        var table = await _work.Import.ImportAsync([_work.At($"in.{form}")], _work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal([Integer, Timestamp, Timestamp], table.Schema.Columns.Select(c => c.Type));
        Assert.Equal(
            [
                ["1", "2026-03-29 01:59:59", "2026-03-29 00:59:59"],
                ["2", "2026-03-29 02:30:00", "2026-03-29 01:30:00"],
                ["3", "2026-03-29 03:00:00", "2026-03-29 01:00:00"],
                ["4", "2026-10-25 02:30:00", "2026-10-25 00:30:00"],
                ["5", "2026-10-25 02:30:00", "2026-10-25 01:30:00"],
                ["6", "2026-10-25 02:30:00.000001", "2026-10-25 01:30:00.000001"],
            ],
            _work.Cells());
        var profile = await new Profiler(_work.Duck).ProfileAsync(
            [_work.At("out.parquet")], table.Schema, Workshop.Cancel);
        Assert.Equal(
            [(5L, 0L, 0L), (6L, 0L, 0L)], profile.Columns.Skip(1).Select(c => (c.Distinct, c.Nulls, c.Defects)));
        Assert.Equal(
            ("2026-03-29 00:59:59", "2026-10-25 01:30:00.000001"), (profile.Columns[2].Min, profile.Columns[2].Max));
    }

    /// <summary>The name of a zone is no offset: such moments stay what they are written as.</summary>
    [Fact]
    public async Task Times_with_the_name_of_a_zone_stay_texts()
    {
        var table = await _work.ImportText(
            "t,n\n2026-03-29 02:30:00 Europe/Berlin,1\n2026-10-25 02:30:00 Europe/Berlin,2\n");
        Assert.Equal(Text, table.Schema.Columns[0].Type);
        Assert.Equal("2026-03-29 02:30:00 Europe/Berlin", _work.Cells()[0][0]);
    }

    [Theory]
    [InlineData("1.25::DECIMAL(10,2)", "2.1234::DECIMAL(12,4)", "1.2500", "2.1234")]
    [InlineData("2.1234::DECIMAL(12,4)", "1.25::DECIMAL(10,2)", "2.1234", "1.2500")]
    [InlineData("99999999.99::DECIMAL(10,2)", "0.1234::DECIMAL(4,4)", "99999999.9900", "0.1234")]
    [InlineData("18446744073709551615::UBIGINT", "0.5::DECIMAL(3,1)", "18446744073709551615.0", "0.5")]
    [InlineData("0.5::DECIMAL(3,1)", "18446744073709551615::UBIGINT", "0.5", "18446744073709551615.0")]
    [InlineData("0.5::FLOAT", "0.1::DOUBLE", "0.5", "0.1")]
    [InlineData("7::TINYINT", "9223372036854775807::BIGINT", "7", "9223372036854775807")]
    public async Task Parts_whose_numbers_are_of_other_widths_lose_no_digits(
        string first, string next, string one, string two)
    {
        Assert.Equal(2, (await PartsAsync(first, next)).Rows);
        Assert.Equal([one, two], _work.Cells().Select(r => r[0]));
    }

    [Theory]
    [InlineData("12345678901234567890123456789012345678::DECIMAL(38,0)", "0.1234567891::DECIMAL(38,10)")]
    [InlineData("0.1234567891::DECIMAL(38,10)", "12345678901234567890123456789012345678::DECIMAL(38,0)")]
    [InlineData("18446744073709551615::UBIGINT", "0.12345678901234567891::DECIMAL(38,20)")]
    public async Task Parts_whose_decimals_take_too_many_digits_together_are_refused(string first, string next)
    {
        var refusal = await Assert.ThrowsAsync<SourceException>(() => PartsAsync(first, next));
        Assert.Equal("schema-differs", refusal.Code);
        Assert.StartsWith("v has decimals of so many digits in ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_keeps_its_types()
    {
        _work.Make("""
            COPY (SELECT true b, 1::TINYINT i, 1.25::DECIMAL(9,2) d, 2.5::FLOAT f, DATE '2024-01-02' t, TIME '10:00' m,
                TIMESTAMP '2024-01-02 03:04:05' s, TIMESTAMPTZ '2024-01-02 03:04:05+08' z, '文' x, '\xAA'::BLOB y)
            TO '@/in.parquet' (FORMAT parquet)
            """);
        var table = await _work.Import.ImportAsync([_work.At("in.parquet")], _work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(
            [ColumnType.Boolean, Integer, ColumnType.Decimal, Number, Date, Time, Timestamp, Timestamp, Text, Binary],
            table.Schema.Columns.Select(c => c.Type));
        Assert.Equal(SourceFormat.Parquet, table.Source.Format);
        Assert.Equal("1.25", _work.Cells()[0][2]);
        Assert.Equal("2024-01-01 19:04:05", _work.Cells()[0][7]);
    }

    /// <summary>Whatever is written by the rules of RFC 4180 is read back cell by cell.</summary>
    [Fact]
    public void Any_text_survives()
    {
        var cell = Gen.OneOf(
            Gen.Char["a7\",\n\r; 文'\\\t"].Array[0, 6].Select(c => new string(c)),
            Pick("NULL", "null", "\\N", "a\r\nb", "\"\"", "#", "--", "é", "👧"));
        Gen.Select(cell.Array[2].Array[1, 8], Pick("\n", "\r\n")).Sample(
            (rows, end) =>
            {
                var lines = rows.Prepend(["h1", "h2"]).Select(r => string.Join(',', r.Select(Quoted)));
                var text = string.Join(end, lines) + end;
                _work.ImportText(text, new CsvForm(',', HasHeader: true)).GetAwaiter().GetResult();
                Assert.Equal(
                    rows.Select(r => r.Select(c => c.Length == 0 ? null : Typed(c)).ToArray()),
                    _work.Cells().Select(r => r.Select(c => c is null ? null : Typed(c)).ToArray()));
            },
            iter: 60,
            threads: 1);
    }

    public void Dispose() => _work.Dispose();

    private Task<ImportedTable> PartsAsync(string first, string next)
    {
        _work.Make($"COPY (SELECT {first} AS v) TO '@/1.parquet'");
        _work.Make($"COPY (SELECT {next} AS v) TO '@/2.parquet'");
        return _work.Import.ImportAsync(
            [_work.At("1.parquet"), _work.At("2.parquet")], _work.At("out.parquet"), Workshop.Cancel);
    }

    private static Gen<string> Pick(params string[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static string Quoted(string cell) =>
        $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // A column of numbers alone may lose the spaces around them; nothing else may change.
    private static string Typed(string cell) =>
        long.TryParse(cell.Trim(' '), out var number) ? number.ToString(CultureInfo.InvariantCulture) : cell;
}
