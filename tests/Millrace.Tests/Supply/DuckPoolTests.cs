using Millrace.Engine.Duck;

namespace Millrace.Tests.Supply;

public sealed class DuckPoolTests : IDisposable
{
    private readonly Workshop _work = new();

    [Theory]
    [InlineData("not-permitted", "SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("not-permitted", "COPY (SELECT 1) TO '@/escape.csv' (FORMAT csv)")]
    [InlineData("not-permitted", "ATTACH '@/escape.db'")]
    [InlineData("not-permitted", "INSTALL excel")]
    [InlineData("not-permitted", "LOAD '@/secret.csv'")]
    [InlineData("not-permitted", "SELECT * FROM read_csv('https://127.0.0.1/x.csv')")]
    [InlineData("unreadable-data", "SET memory_limit = '8GB'")]
    [InlineData("unreadable-data", "SET enable_external_access = true")]
    [InlineData("unreadable-data", "SET allowed_directories = ['/']")]
    [InlineData("unreadable-data", "SELECT CAST('sesame' AS INTEGER)")]
    public async Task A_job_reaches_only_what_it_was_given(string code, string statement)
    {
        var secret = _work.File("secret.csv", "a\nsesame\n");
        var refusal = await Assert.ThrowsAsync<EngineException>(() => _work.Duck.RunAsync(
            [secret], s => s.Execute(statement.Replace("@", _work.Folder, StringComparison.Ordinal)), Workshop.Cancel));
        Assert.Equal(code, refusal.Code);
        Assert.DoesNotContain("sesame", refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(["secret.csv"], Directory.GetFiles(_work.Folder).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public async Task A_running_query_is_cancelled_and_its_folder_goes()
    {
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var query = _work.Duck.RunAsync(
            [],
            session =>
            {
                started.SetResult();
                return session.Execute("SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range * "
                    + "b.range % 7 = 3");
            },
            cancel.Token);
        await started.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        Assert.Empty(Directory.GetDirectories(_work.At("temp")));
        var one = await _work.Duck.RunAsync([], s => Convert.ToInt64(s.Row("SELECT 1")[0], null), Workshop.Cancel);
        Assert.Equal(1L, one);
    }

    /// <summary>An answer that never ends is not waited for: it is not gathered in memory first.</summary>
    [Fact]
    public async Task An_answer_is_read_while_it_is_computed()
    {
        var rows = 0L;
        await Assert.ThrowsAsync<EndOfStreamException>(() => _work.Duck.RunAsync<int>(
            [],
            session =>
            {
                session.ReadArrow(
                    "SELECT a.range FROM range(1000000000) a, range(1000000) b",
                    batch =>
                    {
                        rows = batch.Length;
                        throw new EndOfStreamException(); // Enough.
                    });
                return 0;
            },
            Workshop.Cancel));
        Assert.InRange(rows, 1, 1_000_000);
    }

    /// <summary>Samples of rows are picked out of what passes by their places in the file.</summary>
    [Fact]
    public async Task An_answer_comes_in_the_order_of_its_file()
    {
        const int Rows = 1_000_000; // Of several row groups, which threads share.
        var read = new List<long>(Rows);
        await _work.Duck.RunAsync(
            [],
            session =>
            {
                var file = Path.Combine(session.Folder, "rows.parquet");
                session.Execute($"COPY (SELECT range AS i FROM range({Rows})) TO '{file}' (FORMAT parquet)");
                session.ReadArrow(
                    $"SELECT i FROM '{file}'",
                    batch => read.AddRange(((Apache.Arrow.Int64Array)batch.Column(0)).Values));
                return 0;
            },
            Workshop.Cancel);
        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (long)i), read);
    }

    [Fact]
    public async Task Each_job_has_an_instance_and_a_folder_of_its_own()
    {
        using var small = new Workshop(memoryMegabytes: 64);
        for (var i = 0; i < 3; i++)
        {
            var (wasEmpty, spilled) = await small.Duck.RunAsync(
                [],
                session =>
                {
                    var tables = session.Rows("SELECT table_name FROM duckdb_tables()");
                    session.Execute("CREATE TABLE left_behind AS SELECT hash(i) AS h, md5(i::VARCHAR) AS t "
                        + "FROM range(3000000) r(i) ORDER BY t");
                    return (tables.Count == 0, Directory.Exists(Path.Combine(session.Folder, "spill")));
                },
                Workshop.Cancel);
            Assert.True(wasEmpty);
            Assert.True(spilled); // So that what a job spilled has to go as well.
            Assert.Empty(Directory.GetDirectories(small.At("temp")));
        }
    }

    [Theory]
    [InlineData("FORMAT parquet, COMPRESSION zstd")]
    [InlineData("FORMAT csv")]
    [InlineData("FORMAT csv, COMPRESSION gzip")]
    [InlineData("FORMAT csv, COMPRESSION zstd")]
    public async Task The_same_statement_writes_the_same_bytes_each_time(string format)
    {
        var source = _work.At("source.parquet");
        _work.Make("COPY (SELECT i, hash(i) % 1000 AS n, md5(i::VARCHAR) AS t FROM range(600000) r(i)) "
            + "TO '@/source.parquet' (FORMAT parquet)");
        var written = new List<byte[]>();
        foreach (var threads in (int[])[2, 4, 3, 2])
        {
            using var work = new Workshop(threads: threads);
            var target = work.At("out");
            await work.Duck.RunAsync(
                [source, target],
                s => s.Execute($"COPY (SELECT * FROM read_parquet('{source}') WHERE n % 3 = 1) TO '{target}' "
                    + $"({format}, USE_TMP_FILE false)"),
                Workshop.Cancel);
            written.Add(await File.ReadAllBytesAsync(target, Workshop.Cancel));
        }
        Assert.All(written, bytes => Assert.Equal(written[0], bytes));
    }

    [Fact]
    public async Task Too_little_memory_has_its_own_sentence()
    {
        using var small = new Workshop(memoryMegabytes: 32, threads: 1);
        var refusal = await Assert.ThrowsAsync<EngineException>(() => small.Duck.RunAsync(
            [], s => s.Row("SELECT length(string_agg(CAST(i AS VARCHAR), '')) FROM range(50000000) "
                + "t(i)"), Workshop.Cancel));
        Assert.Equal("out-of-memory", refusal.Code);
    }

    [Fact]
    public async Task A_full_disk_has_its_own_sentence()
    {
        var refusal = await Assert.ThrowsAsync<EngineException>(() => _work.Duck.RunAsync(
            ["/dev/full"], s => s.Execute("COPY (SELECT * FROM range(1000000)) TO '/dev/full' (FORMAT csv, "
                + "USE_TMP_FILE false)"),
            Workshop.Cancel));
        Assert.Equal("disk-full", refusal.Code);
    }

    [Fact]
    public void Options_tell_all_their_mistakes_at_once()
    {
        var options = new EngineOptions(" ", MemoryMegabytes: 10, Threads: 0, JobsMax: 0, ColumnsMax: 0);
        Assert.Equal(4, options.Mistakes().Count);
        Assert.Throws<ArgumentException>(() => new DuckPool(options));
        Assert.Empty(new EngineOptions("x").Mistakes());
    }

    public void Dispose() => _work.Dispose();
}
