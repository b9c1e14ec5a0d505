using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;
using ZstdSharp;

namespace Millrace.Tests.Supply;

/// <summary>Tables in other files than plain CSV and Parquet.</summary>
public sealed class SourceFormTests : IDisposable
{
    private const string Csv = "id,name\n1,Ada\n2,Bob\n";

    private readonly Workshop _work = new();

    [Theory]
    [InlineData("gzip", "table.csv.gz")]
    [InlineData("zstd", "table.csv.zst")]
    [InlineData("zip", "table.zip")]
    [InlineData("gzip", "named-wrong.csv")]
    public async Task A_packed_table_is_unpacked_and_named_as_it_was_handed_in(string packing, string name)
    {
        var packed = Pack(packing, Encoding.UTF8.GetBytes(Csv));
        var table = await ImportAsync((name, packed));
        Assert.Equal(["1", "Ada"], _work.Cells()[0]);
        Assert.Equal(SourceFormat.Csv, table.Source.Format);
        Assert.Equal(
            [new SourceFile(name, packed.Length, Convert.ToHexStringLower(SHA256.HashData(packed)))],
            table.Source.Files);
    }

    [Fact]
    public async Task Files_of_one_archive_are_one_table_in_the_order_of_their_names()
    {
        var table = await ImportAsync(("all.zip", Zip(
            ("2/b.csv", "id,name\n3,Cyd\n"), ("1/a.csv", Csv), ("__MACOSX/a.csv", "rubbish"), (".hidden", "rubbish"),
            ("empty/", ""))));
        Assert.Equal(["1", "2", "3"], _work.Cells().Select(r => r[0]));
        Assert.Equal("all.zip", Assert.Single(table.Source.Files).Name);
    }

    [Fact]
    public async Task A_gzip_file_of_several_members_is_whole()
    {
        await ImportAsync(("two.csv.gz", [.. Pack("gzip", Encoding.UTF8.GetBytes(Csv)), .. Pack("gzip", "3,C\n"u8)]));
        Assert.Equal(3, _work.Cells().Count);
    }

    [Fact]
    public async Task Packed_and_plain_files_of_one_kind_go_together()
    {
        await ImportAsync(("a.csv", Encoding.UTF8.GetBytes(Csv)), ("b.csv.gz", Pack("gzip", "id,name\n3,Cyd\n"u8)));
        Assert.Equal(3, _work.Cells().Count);
    }

    [Fact]
    public async Task Packed_parquet_is_read_too()
    {
        _work.Make("COPY (SELECT 7 AS n) TO '@/in.parquet' (FORMAT parquet)");
        var table = await ImportAsync(("in.parquet.gz", Pack("gzip", File.ReadAllBytes(_work.At("in.parquet")))));
        Assert.Equal((SourceFormat.Parquet, 1), (table.Source.Format, table.Rows));
    }

    [Fact]
    public async Task A_file_that_is_written_while_it_is_read_makes_no_table()
    {
        var path = _work.At("growing.csv");
        await File.WriteAllLinesAsync(
            path, Enumerable.Range(0, 500_000).Select(i => $"{i}").Prepend("id"), Workshop.Cancel);
        using var ended = new CancellationTokenSource();
        var writing = WriteAsync();
        var refusal = await Assert.ThrowsAsync<SourceException>(
            () => _work.Import.ImportAsync([path], _work.At("out.parquet"), Workshop.Cancel));
        await ended.CancelAsync();
        await writing;
        Assert.Equal("source-changed", refusal.Code);
        Assert.False(File.Exists(_work.At("out.parquet")));

        async Task WriteAsync()
        {
            while (!ended.IsCancellationRequested)
                await File.AppendAllTextAsync(path, "1\n", Workshop.Cancel);
        }
    }

    [Fact]
    public async Task A_workbook_is_its_first_sheet_with_cells()
    {
        var table = await ImportAsync(("book.xlsx", Sheets(
            "<row r=\"9\"/>",
            """
            <row r="3"><c r="B3" t="inlineStr"><is><t>day</t></is></c>
            <c r="C3" t="inlineStr"><is><t>n, of all</t></is></c><c r="D3" t="inlineStr"><is><t>ok</t></is></c></row>
            <row r="4"><c r="B4" s="1"><v>36913</v></c><c r="C4"><f>1+1</f><v>2</v></c>
            <c r="D4" t="b"><v>1</v></c></row>
            <row r="5"><c r="B5" s="1"><v>36914</v></c><c r="C5"><v>0.1</v></c></row>
            """)));
        Assert.Equal(
            [
                new Column("day", ColumnType.Date), new Column("n, of all", ColumnType.Number),
                new Column("ok", ColumnType.Boolean),
            ],
            table.Schema.Columns);
        Assert.Equal(["2001-01-22", "2.0", "true"], _work.Cells()[0]);
        Assert.Equal(["2001-01-23", "0.1", null], _work.Cells()[1]);
        Assert.Equal((SourceFormat.Excel, null), (table.Source.Format, table.Source.Encoding));
    }

    [Fact]
    public async Task Texts_of_a_workbook_that_would_fill_the_memory_are_refused()
    {
        var book = Edited(
            Sheets("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"), "xl/styles.xml",
            text => text + $"<!-- {new string('s', 5000)} -->");
        using var pool = new DuckPool(new EngineOptions(_work.At("small"), WorkbookPartBytesMax: 5000));
        var refusal = await Assert.ThrowsAsync<SourceException>(() => new TableImport(pool).ImportAsync(
            [_work.File("book.xlsx", book)], _work.At("out.parquet"), Workshop.Cancel));
        Assert.Equal("unpacks-too-far", refusal.Code);
        Assert.Contains("save the sheet as CSV", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workbook_of_the_older_format_that_could_fill_the_memory_is_refused()
    {
        byte[] book = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600]];
        using var pool = new DuckPool(new EngineOptions(_work.At("small"), WorkbookPartBytesMax: 600));
        var refusal = await Assert.ThrowsAsync<SourceException>(() => new TableImport(pool).ImportAsync(
            [_work.File("book.xls", book)], _work.At("out.parquet"), Workshop.Cancel));
        Assert.Equal("unpacks-too-far", refusal.Code);
        Assert.Contains("save it as .xlsx", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_and_durations_of_a_workbook_are_what_they_say()
    {
        await ImportAsync(("book.xlsx", Sheets("""
            <row r="1"><c r="A1" t="inlineStr"><is><t>at</t></is></c>
            <c r="B1" t="inlineStr"><is><t>took</t></is></c></row>
            <row r="2"><c r="A2" s="2"><v>0.354166666666667</v></c><c r="B2" s="3"><v>1.26041666666667</v></c></row>
            """)));
        Assert.Equal("08:30:00", _work.Cells()[0][0]);
        Assert.Equal("30:15:00", _work.Cells()[0][1]);
    }

    [Fact]
    public async Task A_midnight_among_moments_of_a_workbook_is_a_moment()
    {
        static string Row(int row, string at, string day) =>
            $"<row r=\"{row}\"><c r=\"A{row}\" s=\"1\"><v>{at}</v></c><c r=\"B{row}\" s=\"1\"><v>{day}</v></c></row>";
        var table = await ImportAsync(("book.xlsx", Sheets(
            "",
            $"""
            <row r="1"><c r="A1" t="inlineStr"><is><t>at</t></is></c>
            <c r="B1" t="inlineStr"><is><t>day</t></is></c></row>
            {Row(2, "36913", "36913")}{Row(3, "36913.5", "36914")}
            """)));
        Assert.Equal(
            [new Column("at", ColumnType.Timestamp), new Column("day", ColumnType.Date)], table.Schema.Columns);
        Assert.Equal(["2001-01-22 00:00:00", "2001-01-22"], _work.Cells()[0]);
        Assert.Equal(["2001-01-22 12:00:00", "2001-01-23"], _work.Cells()[1]);
        Assert.Equal(new SheetOfSeveral("S2", 2), table.Source.Sheet);
    }

    [Fact]
    public async Task A_name_of_a_column_may_be_written_in_several_lines()
    {
        var table = await ImportAsync(("book.xlsx", Sheets(
            """
            <row r="1"><c r="A1" t="inlineStr"><is><t>tides,&#10;in m</t></is></c>
            <c r="B1" t="inlineStr"><is><t>a&#9;b</t></is></c></row>
            <row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>3</v></c></row>
            """)));
        Assert.Equal(["tides, in m", "a b"], table.Schema.Columns.Select(c => c.Name));
        Assert.Null(table.Source.Sheet);
    }

    [Fact]
    public async Task A_cell_beside_the_table_of_a_workbook_is_told_by_its_row()
    {
        var refusal = await Assert.ThrowsAsync<SourceException>(() => ImportAsync(("book.xlsx", Sheets(
            """
            <row r="3"><c r="A3"><v>1</v></c></row><row r="4"><c r="A4"><v>1</v></c><c r="B4"><v>1</v></c></row>
            """))));
        Assert.Equal("ragged-rows", refusal.Code);
        Assert.Contains("Row 4 of book.xlsx has a cell right of", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zstd_file_may_begin_with_what_is_to_be_skipped()
    {
        await ImportAsync((
            "a.csv.zst", [0x5A, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9, .. Pack("zstd", Encoding.UTF8.GetBytes(Csv))]));
        Assert.Equal(["1", "Ada"], _work.Cells()[0]);
    }

    [Theory]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public async Task Texts_of_four_bytes_a_letter_are_read(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var table = await ImportAsync(("a.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(Csv)]));
        Assert.Equal(["1", "Ada"], _work.Cells()[0]);
        Assert.Equal(name, table.Source.Encoding, ignoreCase: true);
    }

    [Fact]
    public async Task A_hidden_sheet_is_not_read()
    {
        static string Sheet(string name) =>
            $"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{name}</t></is></c></row>"
            + "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row>";
        var book = Edited(
            Sheets(Sheet("secret"), Sheet("open")), "xl/workbook.xml",
            text => text.Replace("name=\"S1\"", "name=\"S1\" state=\"hidden\"", StringComparison.Ordinal));
        var table = await ImportAsync(("book.xlsx", book));
        Assert.Equal("open", Assert.Single(table.Schema.Columns).Name);
    }

    public static TheoryData<string, string, byte[]> Bad => new()
    {
        { "bad-archive", "cut.csv.gz", Pack("gzip", RandomNumberGenerator.GetBytes(9000))[..4000] },
        { "bad-archive", "unlucky.csv.gz", Unlucky() },
        { "bad-archive", "cut.csv.zst", Pack("zstd", RandomNumberGenerator.GetBytes(9000))[..4000] },
        { "bad-archive", "cut.zip", Zip(("a.csv", Csv))[..60] },
        { "bad-archive", "none.zip", Zip(("folder/", "")) },
        { "bad-archive", "empty.zip", [0x50, 0x4B, 5, 6, .. new byte[18]] },
        { "not-a-table", "login.csv", "\n<!DocType HTML>\n<html>a,b\n1,2\n</html>\n"u8.ToArray() },
        { "not-a-table", "old.csv", "<HTML><body>a</body>\n</HTML>\n"u8.ToArray() },
        { "unreadable-encoding", "wide.json", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("""[{"id":1}]""")] },
        { "bad-json", "member.json", """[{"id":1,"id":2}]"""u8.ToArray() },
        { "packed-twice", "twice.gz", Pack("gzip", Pack("gzip", "a\n1\n"u8)) },
        { "empty-file", "empty.gz", Pack("gzip", ""u8) },
        { "unpacks-too-far", "bomb.gz", Pack("gzip", new byte[100 << 20]) },
        { "unpacks-too-far", "bomb.zst", Pack("zstd", new byte[100 << 20]) },
        { "unpacks-too-far", "bomb.zip", Zip(("a", new string('a', 100 << 20))) },
        { "mixed-formats", "two.zip", Zip(("a.csv", Csv), ("b.json", """{"id":1,"name":"x"}""")) },
        { "schema-differs", "two.zip", Zip(("a.csv", Csv), ("b.csv", "id,other\n1,2\n")) },
        { "bad-json", "cut.json", """[{"id":1},{"id":"""u8.ToArray() },
        { "bad-json", "comma.json", """[{"id":1},]"""u8.ToArray() },
        { "bad-json", "commas.json", """[{"id":1},,{"id":2}]"""u8.ToArray() },
        { "bad-json", "further.json", """[{"id":1}],{"id":2}"""u8.ToArray() },
        { "bad-json", "closed.json", """[{"id":1}]]"""u8.ToArray() },
        { "bad-json", "apart.json", """[{"id":1 2}]"""u8.ToArray() },
        { "header-only", "none.json", " [ \n] "u8.ToArray() },
        { "bad-json", "mixed.json", """[{"id":1},2]"""u8.ToArray() },
        { "bad-json", "odd.json", """{"id":1} and more"""u8.ToArray() },
        { "bad-workbook", "odd.xlsx", Zip(("xl/rubbish.xml", "<a/>"), ("[Content_Types].xml", "<a>")) },
        { "bad-workbook", "old.xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600]] },
        { "empty-file", "blank.xlsx", Sheets("", "<row r=\"9\"/>") },
        { "bad-json", "deep.json", Encoding.UTF8.GetBytes(
            "{\"x\":" + string.Concat(Enumerable.Repeat("{\"a\":", 20_000)) + "1" + new string('}', 20_001)) },
        { "bad-json", "deep.json", Encoding.UTF8.GetBytes("[{\"x\":" + new string('[', 50_000)) },
        { "too-many-columns", "far.xlsx", Sheets(
            "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"ZZZZZ1\"><v>1</v></c></row>") },
        { "bad-workbook", "long.xlsx", Sheets(
            "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"
            + "<row r=\"2000000000\"><c r=\"A2000000000\"><v>1</v></c></row>") },
        { "unpacks-too-far", "bomb.xlsx", Sheets(new string(' ', 100 << 20)) },
        { "unnamed-column", "left.xlsx", Sheets(
            "<row r=\"1\"><c r=\"B1\"><v>1</v></c></row>"
            + "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><v>1</v></c></row>") },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task What_is_no_table_ends_in_one_sentence_and_leaves_nothing(string code, string name, byte[] bytes)
    {
        var refusal = await Assert.ThrowsAsync<SourceException>(() => ImportAsync((name, bytes)));
        Assert.Equal(code, refusal.Code);
        Assert.False(File.Exists(_work.At("out.parquet")));
        Assert.True(!Directory.Exists(_work.At("temp")) || Directory.GetDirectories(_work.At("temp")).Length == 0);
    }

    [Fact]
    public async Task What_comes_out_is_bounded_in_files()
    {
        var archive = Zip([.. Enumerable.Range(0, 501).Select(i => ($"{i}.csv", "id\n1\n"))]);
        var refusal = await Assert.ThrowsAsync<SourceException>(
            () => ImportAsync(("a.zip", archive), ("b.zip", archive)));
        Assert.Equal("too-many-files", refusal.Code);
    }

    [Fact]
    public async Task What_comes_out_is_bounded_in_bytes()
    {
        using var pool = new DuckPool(new EngineOptions(_work.At("small"), UnpackedBytesMax: 10));
        var file = _work.File("a.gz", Pack("gzip", Encoding.UTF8.GetBytes(Csv)));
        var refusal = await Assert.ThrowsAsync<SourceException>(
            () => new TableImport(pool).ImportAsync([file], _work.At("out.parquet"), Workshop.Cancel));
        Assert.Equal("unpacks-too-far", refusal.Code);
    }

    public void Dispose() => _work.Dispose();

    private Task<ImportedTable> ImportAsync(params (string Name, byte[] Bytes)[] files) => _work.Import.ImportAsync(
        [.. files.Select(f => _work.File(f.Name, f.Bytes))], _work.At("out.parquet"), Workshop.Cancel);

    private static byte[] Pack(string packing, ReadOnlySpan<byte> bytes)
    {
        if (packing == "zip") return Zip(("table.csv", Encoding.UTF8.GetString(bytes)));
        using var packed = new MemoryStream();
        using (Stream to = packing == "gzip"
            ? new GZipStream(packed, CompressionLevel.Optimal)
            : new CompressionStream(packed))
        {
            to.Write(bytes);
        }
        return packed.ToArray();
    }

    /// <summary>
    /// A cut file whose last bytes could be the length of its last member, and that seems to have several.
    /// </summary>
    private static byte[] Unlucky()
    {
        using var packed = new MemoryStream();
        using (var to = new GZipStream(packed, CompressionLevel.NoCompression))
            to.Write([.. "id\n1\n"u8, 0x1F, 0x8B, 0x08, .. new byte[5000]]);
        return packed.ToArray()[..4000];
    }

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, text) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        return packed.ToArray();
    }

    private static byte[] Edited(byte[] zip, string entry, Func<string, string> edit)
    {
        using var from = new ZipArchive(new MemoryStream(zip));
        return Zip([.. from.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open());
            var text = reader.ReadToEnd();
            return (e.FullName, e.FullName == entry ? edit(text) : text);
        })]);
    }

    /// <summary>A workbook with a style for dates, and these rows in its sheets.</summary>
    private static byte[] Sheets(params string[] rows)
    {
        const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string Sheet = $"{Relations}/worksheet";
        const string Package = "http://schemas.openxmlformats.org/package/2006";
        var each = Enumerable.Range(1, rows.Length).ToList();
        string All(Func<int, string> part) => string.Concat(each.Select(part));
        return Zip(
        [
            ("[Content_Types].xml",
                $"""
                 <Types xmlns="{Package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>
                 """),
            ("_rels/.rels",
                $"""
                 <Relationships xmlns="{Package}/relationships">
                 <Relationship Id="r1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>
                 """),
            ("xl/workbook.xml",
                $"""
                 <workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets>
                 {All(i => $"<sheet name=\"S{i}\" sheetId=\"{i}\" r:id=\"r{i}\"/>")}</sheets></workbook>
                 """),
            ("xl/_rels/workbook.xml.rels",
                $"""
                 <Relationships xmlns="{Package}/relationships">
                 {All(i => $"<Relationship Id=\"r{i}\" Type=\"{Sheet}\" Target=\"worksheets/s{i}.xml\"/>")}
                 <Relationship Id="rs" Type="{Relations}/styles" Target="styles.xml"/></Relationships>
                 """),
            ("xl/styles.xml",
                $"""
                 <styleSheet xmlns="{Main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="21"/>
                 <xf numFmtId="46"/></cellXfs></styleSheet>
                 """),
            .. rows.Select((r, i) => (
                $"xl/worksheets/s{i + 1}.xml", $"<worksheet xmlns=\"{Main}\"><sheetData>{r}</sheetData></worksheet>")),
        ]);
    }
}
