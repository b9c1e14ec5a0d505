using Millrace.Engine.Supply;
using static Millrace.Protocol.Policies.ColumnType;

namespace Millrace.Tests.Supply;

/// <summary>Files of a table that have its columns and no rows: days on which nothing happened.</summary>
public sealed class EmptyPartTests : IDisposable
{
    private readonly Workshop _work = new();

    [Fact]
    public async Task Of_several_files_some_may_have_no_rows()
    {
        string[] paths =
        [
            _work.File("1.csv", "id,x\r\n"), _work.File("2.csv", "id,x\n1,2.5\n"), _work.File("3.csv", "id;x"),
        ];
        var table = await _work.Import.ImportAsync(paths, _work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal([Integer, Number], table.Schema.Columns.Select(c => c.Type));
        Assert.Equal([["1", "2.5"]], _work.Cells());
        Assert.Equal(3, table.Source.Files.Count);
    }

    [Fact]
    public async Task Of_several_parquet_files_too()
    {
        Parquet("1", rows: 0);
        Parquet("2", rows: 2);
        Parquet("3", rows: 0);
        await _work.Import.ImportAsync(
            [_work.At("1.parquet"), _work.At("2.parquet"), _work.At("3.parquet")], _work.At("out.parquet"),
            Workshop.Cancel);
        Assert.Equal([["0"], ["1"]], _work.Cells());
    }

    [Fact]
    public async Task An_array_of_no_objects_is_a_file_without_rows()
    {
        string[] paths =
        [
            _work.File("1.json", "[]"), _work.File("2.json", """[{"id":1}]"""), _work.File("3.json", "[ ]"),
        ];
        var table = await _work.Import.ImportAsync(paths, _work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal([["1"]], _work.Cells());
        Assert.Equal(["1.json", "2.json", "3.json"], table.Source.Files.Select(f => f.Name));
        await RefusedAsync("header-only", "Each of the 2 files has no rows", paths[0], paths[2]);
    }

    [Fact]
    public async Task Not_all_of_them_and_their_columns_are_those_of_the_others()
    {
        var days = new[] { _work.File("1.csv", "id,x\n"), _work.File("2.csv", "id,x\n") };
        await RefusedAsync("header-only", "Each of the 2 files has columns but no rows", days);
        await RefusedAsync("header-only", "1.csv has columns but no rows", days[0]);
        await RefusedAsync(
            "schema-differs", "b.csv has other columns",
            _work.File("a.csv", "id,x\n1,2\n"), _work.File("b.csv", "id,y\n"));
        Parquet("1", rows: 0);
        await RefusedAsync("header-only", "1.parquet has columns but no rows", _work.At("1.parquet"));
    }

    public void Dispose() => _work.Dispose();

    private void Parquet(string name, int rows) =>
        _work.Make($"COPY (SELECT i::BIGINT AS id FROM range({rows}) t(i)) TO '@/{name}.parquet' (FORMAT parquet)");

    private async Task RefusedAsync(string code, string says, params string[] paths)
    {
        var refused = await Assert.ThrowsAsync<SourceException>(
            () => _work.Import.ImportAsync(paths, _work.At("out.parquet"), Workshop.Cancel));
        Assert.Equal(code, refused.Code);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }
}
