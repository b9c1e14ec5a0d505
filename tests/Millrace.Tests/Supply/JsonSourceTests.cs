using System.Text;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply;

/// <summary>Tables in JSON: arrays of objects, and an object in each line.</summary>
public sealed class JsonSourceTests : IDisposable
{
    private readonly Workshop _work = new();

    [Theory]
    [InlineData("""[{"id":1,"day":"2001-01-22","x":1.5,"tags":["a","b"]},{"id":2,"day":null,"x":2,"in":{"y":[1]}}]""")]
    [InlineData("""
        {"id":1,"day":"2001-01-22","x":1.5,"tags":["a","b"]}
        {"id":2,"day":null,"x":2,"in":{"y":[1]}}
        """)]
    public async Task Json_is_a_table_of_its_members(string json)
    {
        var table = await ImportAsync(("table.json", Encoding.UTF8.GetBytes(json)));
        Assert.Equal(
            [
                new Column("id", ColumnType.Integer), new Column("day", ColumnType.Date),
                new Column("x", ColumnType.Number), new Column("tags", ColumnType.Text),
                new Column("in", ColumnType.Text),
            ],
            table.Schema.Columns);
        Assert.Equal(["1", "2001-01-22", "1.5", """["a","b"]""", null], _work.Cells()[0]);
        Assert.Equal(["2", null, "2.0", null, """{"y":[1]}"""], _work.Cells()[1]);
        Assert.Equal(SourceFormat.Json, table.Source.Format);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\n\t ")]
    public async Task An_array_may_be_written_over_many_lines(string before)
    {
        var table = await ImportAsync(("table.json", Encoding.UTF8.GetBytes(before + """
            [
              {
                "id": 1,
                "text": "a, ]} \" \\",
                "in": { "y": [ 1,
                  2 ] }
              } ,
              { "id": 2, "text": "[{\u000A" }
            ]

            """)));
        Assert.Equal(2, table.Rows);
        Assert.Equal(["1", "a, ]} \" \\", """{"y":[1,2]}"""], _work.Cells()[0]);
        Assert.Equal(["2", "[{\n", null], _work.Cells()[1]);
    }

    [Fact]
    public async Task A_large_array_takes_no_more_memory_than_lines_do()
    {
        using var work = new Workshop(memoryMegabytes: 256);
        await using (var file = new StreamWriter(work.At("large.json")))
        {
            await file.WriteAsync('[');
            var name = new string('n', 80);
            for (var i = 0; i < 500_000; i++)
                await file.WriteAsync((i == 0 ? "" : ",") + $"{{\"id\":{i},\"name\":\"{name}\",\"in\":[{i}]}}");
            await file.WriteAsync(']');
        }
        Assert.True(new FileInfo(work.At("large.json")).Length > 50 << 20);
        var table = await work.Import.ImportAsync([work.At("large.json")], work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(500_000, table.Rows);
    }

    [Theory]
    [InlineData("""[{"Id":1,"id":2,"ID":3,"other":4}]""", "Id id_1 ID_2 other", "1 2 3 4", "id_1=id ID_2=ID")]
    [InlineData("{\"id\":1}\n{\"ID\":2,\"id\":3}\n", "id ID_1", "1 -|3 2", "ID_1=ID")]
    [InlineData("{\"id\":1,\"ID_1\":5,\"ID\":2}\n", "id ID_1 ID_1_1", "1 5 2", "ID_1_1=ID")]
    public async Task Members_that_differ_in_letter_case_only_are_columns_of_their_own(
        string json, string names, string rows, string renamed)
    {
        var table = await ImportAsync(("table.json", Encoding.UTF8.GetBytes(json)));
        Assert.Equal(names.Split(' '), table.Schema.Columns.Select(c => c.Name));
        Assert.Equal(renamed, string.Join(' ', table.Source.Renamed!.Select(r => $"{r.Column}={r.Member}")));
        Assert.Equal(
            rows.Split('|'), _work.Cells().Select(row => string.Join(' ', row.Select(cell => cell ?? "-"))));
    }

    [Theory]
    [InlineData("[1,2,3]")]
    [InlineData(" [\n \"a\", \"b\" ]\n")]
    [InlineData("[[1,2],[3,4]]")]
    [InlineData("[null, {\"a\":1}]")]
    public async Task Json_without_names_is_refused_with_what_to_do(string json)
    {
        foreach (var text in (string[])[json, $"\uFEFF{json}"])
        {
            var refusal = await Assert.ThrowsAsync<SourceException>(
                () => ImportAsync(("t.json", Encoding.UTF8.GetBytes(text))));
            Assert.Equal("bad-json", refusal.Code);
            Assert.Contains("[{\"value\": 1}", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_long_array_of_values_is_refused_too_and_csv_that_begins_with_a_bracket_is_read()
    {
        var numbers = $"[{string.Join(',', Enumerable.Range(0, 10_000))}]";
        var refusal = await Assert.ThrowsAsync<SourceException>(
            () => ImportAsync(("t.json", Encoding.UTF8.GetBytes(numbers))));
        Assert.Contains("an array of values", refusal.Message, StringComparison.Ordinal);
        foreach (var csv in (string[])["[id],[name]\n1,x\n", "[1],[2]\n1,x\n", "[1]\n[2]\n[3]\n"])
            Assert.Equal(
                SourceFormat.Csv, (await ImportAsync(("t.csv", Encoding.UTF8.GetBytes(csv)))).Source.Format);
    }

    [Fact]
    public async Task Json_texts_are_typed_as_those_of_csv_and_nothing_is_rounded()
    {
        var table = await ImportAsync(("table.json", """
            {"code":"10-11-12","day":"01-02-2020","zip":"00501","big":12345678901234567890123,"in":{"a":[1],"b":null}}
            """u8.ToArray()));
        Assert.Equal(["10-11-12", "01-02-2020", "00501", "12345678901234567890123", """{"a":[1],"b":null}"""],
            _work.Cells()[0]);
        Assert.All(table.Schema.Columns, c => Assert.Equal(ColumnType.Text, c.Type));
    }

    [Theory]
    [InlineData("""[{"n":@,"in":{"m":@}},{"n":null,"in":{}}]""", "0.12345678901234567890", ColumnType.Text)]
    [InlineData("""[{"n": @ }]""", "-123456789012345.678901", ColumnType.Text)]
    [InlineData("{\"a\":\"@ \\\"\",\"n\":@}\n{\"n\":1}\n", "1.2345678901234567890e-5", ColumnType.Text)]
    [InlineData("""{"n":@}""", "0.30000000000000004", ColumnType.Number)]
    [InlineData("""{"n":@,"true":[true,1.5e3]}""", "12345678901234567890123", ColumnType.Text)]
    public async Task Numbers_of_json_keep_their_digits(string json, string number, ColumnType type)
    {
        var table = await ImportAsync((
            "table.json", Encoding.UTF8.GetBytes(json.Replace("@", number, StringComparison.Ordinal))));
        var column = table.Schema.Columns.ToList().FindIndex(c => c.Name == "n");
        Assert.Equal(type, table.Schema.Columns[column].Type);
        Assert.Equal(number, _work.Cells()[0][column]);
    }

    public void Dispose() => _work.Dispose();

    private Task<ImportedTable> ImportAsync(params (string Name, byte[] Bytes)[] files) => _work.Import.ImportAsync(
        [.. files.Select(f => _work.File(f.Name, f.Bytes))], _work.At("out.parquet"), Workshop.Cancel);
}
