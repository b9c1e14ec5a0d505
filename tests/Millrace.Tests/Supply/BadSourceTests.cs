using Millrace.Engine.Supply;

namespace Millrace.Tests.Supply;

public sealed class BadSourceTests : IDisposable
{
    private const string Secret = "sësame-4711";
    private readonly Workshop _work = new(columnsMax: 50);

    public static TheoryData<string, string, string> Texts => new()
    {
        { "empty-file", "", "is empty" },
        { "empty-file", "\n\n", "is empty" },
        { "empty-file", "\uFEFF", "is empty" },
        { "header-only", "a,b\n", "no rows" },
        { "ragged-rows", $"a,b\n1,2\n\"{Secret}\n\",2\n{Secret},2,3\n", "Line 5 of in.csv has 3 cells where the "
            + "first row has 2" },
        { "ragged-rows", $"a,b,c\n1,2,3\n{Secret},2\n", "Line 3 of in.csv has 2 cells where the first row has 3" },
        { "bad-quotes", $"a,b\n1,\"{Secret}\n2,3\n", "near line 2" },
        { "bad-quotes", $"a,b\n1,\"{Secret}\" x\n", "near line 2" },
        { "duplicate-column", "id,x,ID\n1,2,3\n", "Columns 1 and 3" },
        { "unnamed-column", "id,,x\n1,2,3\n", "Column 2" },
        { "unnamed-column", "id,\"  \",x\n1,2,3\n", "Column 2" },
        { "row-too-long", $"a,b\n1,\"{new string('x', 2_000_100)}\"\n", "line 2" },
        { "too-many-columns", string.Join(',', Enumerable.Range(0, 51).Select(i => $"c{i}")) + "\n", "51 columns" },
    };

    [Theory, MemberData(nameof(Texts))]
    public Task A_text_that_is_no_table_is_refused(string code, string text, string says) =>
        Refused(code, says, _work.File("in.csv", text));

    public static TheoryData<string, byte[], string> Files => new()
    {
        { "bad-archive", [.. "PK\u0003\u0004"u8, 0, 1, 2, 3], "damaged archive" },
        { "unreadable-encoding", [1, 0, 0, 7, 9, 0, 0, 0, 0], "not a text file" },
        { "unreadable-encoding", [0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00], "not whole as utf-16" },
        { "unreadable-encoding", [0x81, 0x8D, 0x8F, 0x0A, 0x81, 0x8D, 0x8F, 0x0A], "save it as UTF-8" },
        { "not-a-table", "%PDF-1.7\n1 0 obj\n"u8.ToArray(), "PDF" },
        { "bad-parquet", "PAR1"u8.ToArray(), "not a whole Parquet file" },
        { "bad-parquet", "PAR1 sësame-4711 PAR1"u8.ToArray(), "Parquet file" },
        { "bad-parquet", [.. "PAR1xxxxxxxx"u8, 4, 0, 0, 0, .. "PAR1"u8], "damaged Parquet file" },
    };

    [Theory, MemberData(nameof(Files))]
    public Task A_file_that_is_no_table_is_refused(string code, byte[] bytes, string says) =>
        Refused(code, says, _work.File("in.csv", bytes));

    [Fact]
    public async Task A_truncated_or_overwritten_parquet_file_is_refused()
    {
        _work.Make("COPY (SELECT i, 'v' || i AS v FROM range(200000) t(i)) TO '@/whole.parquet' (FORMAT parquet)");
        var whole = await File.ReadAllBytesAsync(_work.At("whole.parquet"), Workshop.Cancel);
        var half = _work.File("half.parquet", whole[..(whole.Length / 2)]);
        await Refused("bad-parquet", "not a whole Parquet file", half);
        whole.AsSpan(1000, 50_000).Fill(0xEE);
        await Refused("bad-parquet", "damaged", _work.File("worn.parquet", whole));
    }

    [Fact]
    public async Task Nested_columns_are_refused_by_name()
    {
        _work.Make("COPY (SELECT 1 AS id, [1, 2] AS tags) TO '@/in.parquet' (FORMAT parquet)");
        await Refused("unsupported-type", "Column tags of in.parquet", _work.At("in.parquet"));
    }

    [Fact]
    public async Task Parquet_names_are_held_to_the_same_rules()
    {
        _work.Make("COPY (SELECT 1 AS id, 2 AS \" \") TO '@/in.parquet' (FORMAT parquet)");
        await Refused("unnamed-column", "Column 2", _work.At("in.parquet"));
    }

    [Fact]
    public async Task Files_that_do_not_belong_together_are_refused()
    {
        _work.Make("COPY (SELECT 1 AS id) TO '@/in.parquet' (FORMAT parquet)");
        var csv = _work.File("a.csv", "id\n1\n");
        await Refused("schema-differs", "b.csv has other columns", csv, _work.File("b.csv", "no\n1\n"));
        await Refused(
            "mixed-formats", "several kinds (CSV, Parquet), such as a.csv and in.parquet", csv, _work.At("in.parquet"));
        await Refused("no-source", "at least one");
    }

    [Fact]
    public async Task What_is_not_a_readable_file_is_refused()
    {
        await Refused("missing-file", "gone.csv is not there", _work.At("gone.csv"));
        Directory.CreateDirectory(_work.At("folder.csv"));
        await Refused("is-directory", "is a folder", _work.At("folder.csv"));
    }

    [Fact]
    public void Permissions_and_full_disks_have_their_own_sentences()
    {
        Assert.Equal("no-permission", SourceFiles.Explain(new UnauthorizedAccessException(Secret))?.Code);
        using var full = new FileStream(
            "/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var failure = Assert.Throws<IOException>(() => full.Write([1]));
        Assert.Equal("disk-full", SourceFiles.Explain(failure)?.Code);
        Assert.Null(SourceFiles.Explain(new InvalidOperationException()));
    }

    [Fact]
    public async Task A_cancelled_import_leaves_nothing()
    {
        var path = _work.File("in.csv", "a\n" + string.Concat(Enumerable.Repeat("1234567\n", 200_000)));
        using var cancel = new CancellationTokenSource();
        var import = _work.Import.ImportAsync([path], _work.At("out.parquet"), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import);
        Assert.Equal(["in.csv"], Leftovers());
    }

    public void Dispose() => _work.Dispose();

    private async Task Refused(string code, string says, params string[] paths)
    {
        var before = Leftovers();
        var refusal = await Assert.ThrowsAsync<SourceException>(
            () => _work.Import.ImportAsync(paths, _work.At("out.parquet"), Workshop.Cancel));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refusal.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"^[^\n]+\.$", refusal.Message);
        Assert.Null(refusal.InnerException);
        Assert.Equal(before, Leftovers());
    }

    private string[] Leftovers() =>
    [
        .. Directory.GetFiles(_work.Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).Order(),
    ];
}
