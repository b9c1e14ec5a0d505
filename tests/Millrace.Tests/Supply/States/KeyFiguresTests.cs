using CsCheck;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.States;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply.States;

/// <summary>Which columns are a key together: of small tables, and from files to the profile.</summary>
public sealed class KeyFiguresTests : IDisposable
{
    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void What_tells_all_rows_apart_is_told_with_no_column_that_is_idle()
    {
        // A row for each of six lines and seven days; beside it what hangs on the line, and what hangs on nothing.
        Assert.Equal("0+1 1+2", Told(42, i => i % 6, i => i / 6, i => i % 6 * 9, i => i * 5 % 3));
        Assert.Equal("0+2", Told(42, i => i % 6, i => i * 5 % 3, i => i / 6));
        Assert.Equal("", Told(42, i => i % 6, i => i == 41 ? 0 : i / 6));
        // Only where no pair is one, three are.
        Assert.Equal("0+1+3", Told(240, i => i % 6, i => i / 6 % 5, i => i % 2, i => i / 30));
        Assert.Equal("", Told(0, i => i, i => i));
        Assert.Equal("", Told(9));
    }

    [Fact]
    public void At_most_three_are_told_the_leftmost() => Assert.Equal(
        "0+1 0+3 1+2", Told(100, i => i % 10, i => i / 10, i => i % 10, i => i / 10, i => i % 10));

    [Fact]
    public void What_chance_explains_is_not_told()
    {
        Assert.Equal("", Told(6, i => i % 2, i => i / 2)); // Few rows.
        Assert.Equal("", Told(200, i => i == 199 ? 0 : i, i => i % 7)); // A column that hardly repeats.
        // Two columns leave two rows alike, and about any third tells these apart.
        Assert.Equal("", Told(200, i => i % 20, i => i == 199 ? 0 : i / 20, i => i % 7));
    }

    /// <summary>All rows compared with one another are another way to the same keys.</summary>
    [Fact]
    public void Keys_are_those_that_comparing_all_rows_finds() =>
        Gen.Select(Gen.Int[1, 7].Array[3], Gen.Int[80, 100], Gen.Int[0, 1 << 20], Gen.Int[1, 6]).Sample(
            (sizes, percent, seed, noise) =>
            {
                // Of the cells of a block with these sides some are there; then a column of noise, and the first again.
                var random = new Random(seed);
                int[][] rows =
                [
                    .. Enumerable.Range(0, sizes[0] * sizes[1] * sizes[2]).Where(_ => random.Next(100) < percent)
                        .Select(i => (int[])
                        [
                            i % sizes[0], i / sizes[0] % sizes[1], random.Next(noise), i / sizes[0] / sizes[1],
                            i % sizes[0],
                        ]),
                ];
                Assert.Equal(
                    Compared(rows), Told(rows.Length, [.. Enumerable.Range(0, 5).Select(c => (Func<int, int>)(
                        i => rows[i][c]))]));
            },
            iter: 200);

    [Fact]
    public async Task Of_all_rows_a_key_is_told_as_it_is()
    {
        const string Columns = """
            'S' || i % 40 AS station, (i % 40) * 1.5 AS length, i % 40 > 20 AS flag, 1 AS one, i % 40 AS number,
            CASE WHEN i <> 7 THEN i % 40 END AS gap, DATE '2024-01-01' + (i // 40)::INT AS day
            """;
        var whole = await ProfileAsync($"SELECT {Columns} FROM range(2000) t(i)");
        Assert.Equal(
            ["station+day 2000 ", "number+day 2000 "],
            whole.CompositeKeys!.Select(k => $"{string.Join('+', k.Columns)} {k.Rows} {k.RepeatsBelow}"));
        var parts = await ProfileAsync(
            $"SELECT {Columns} FROM range(700) t(i)", $"SELECT {Columns} FROM range(700, 2000) t(i)");
        Assert.Equal(whole.CompositeKeys!.Select(k => k.Columns), parts.CompositeKeys!.Select(k => k.Columns));
        // In the second file a line of the first comes again, with another length.
        Assert.Null((await ProfileAsync(
            $"SELECT {Columns} FROM range(2000) t(i)",
            $"SELECT * REPLACE (9 AS length) FROM (SELECT {Columns} FROM range(100, 101) t(i))")).CompositeKeys);
    }

    [Fact]
    public async Task Times_and_large_numbers_are_told_apart_to_the_last_digit()
    {
        var profile = await ProfileAsync("""
            SELECT 9007199254740992 + i % 40 AS id, TIME '00:00:00' + to_microseconds(i // 40) AS at
            FROM range(2000) t(i)
            """);
        Assert.Equal(["id", "at"], Assert.Single(profile.CompositeKeys!).Columns);
    }

    [Theory]
    [InlineData("SELECT i AS id, i % 40 AS s, i // 40 AS d FROM range(2000) t(i)")] // A column is one by itself.
    [InlineData("SELECT least(i, 1998) % 40 AS s, least(i, 1998) // 40 AS d FROM range(2000) t(i)")] // A row repeats.
    [InlineData("SELECT i % 40 AS s, i // 40 * 0.5::DOUBLE AS d FROM range(2000) t(i)")] // Measured.
    [InlineData("SELECT i AS s FROM range(2000) t(i)")]
    public async Task Where_there_is_none_none_is_told(string select) =>
        Assert.Null((await ProfileAsync(select)).CompositeKeys);

    [Fact]
    public async Task Of_many_rows_a_sample_says_how_many_repeats_it_excludes()
    {
        const string Rows = "SELECT i % 400 AS s, i // 400 AS d, i / 2.0 AS x";
        var key = Assert.Single((await ProfileAsync($"{Rows} FROM range(200000) t(i)")).CompositeKeys!);
        Assert.Equal((8192, "s+d"), (key.Rows, string.Join('+', key.Columns)));
        // So many pairs of rows that repeat would be seen in 99 of 100 samples.
        var pairs = key.RepeatsBelow!.Value * 200_000 / 2;
        Assert.Equal(0.01, Math.Exp(-pairs * 8192 * 8191 / (200_000.0 * 199_999)), 0.0001);
        Assert.Equal(0.0275, key.RepeatsBelow.Value, 0.0001);

        // One of ten rows repeats another in both columns.
        Assert.Null((await ProfileAsync(
            "SELECT i // 2 * 2 % 400 AS s, i // 400 AS d, i / 2.0 AS x FROM range(20000) t(i) "
            + $"UNION ALL {Rows} FROM range(20000, 200000) t(i)")).CompositeKeys);
        // More than one of twenty rows may repeat.
        Assert.Null((await ProfileAsync($"{Rows} FROM range(400000) t(i)")).CompositeKeys);
    }

    private static string Told(int rows, params Func<int, int>[] columns) => Text(KeyFigures.Find(
        [.. columns.Select(c => Enumerable.Range(0, rows).Select(i => (ulong)c(i)).ToArray())]));

    private static string Compared(int[][] rows)
    {
        bool[][] alike =
        [
            .. rows.SelectMany((a, i) => rows.Take(i).Select(b => a.Zip(b, (x, y) => x == y).ToArray())),
        ];
        var sets = Enumerable.Range(0, 1 << 5)
            .Select(bits => Enumerable.Range(0, 5).Where(c => (bits >> c & 1) != 0).ToArray())
            .OrderBy(s => string.Concat(s), StringComparer.Ordinal).ToList();
        double Alike(IEnumerable<int> set) => alike.Count(a => set.All(c => a[c]));
        // Sets of which no smaller part tells all rows apart.
        List<int[]> Tried(int size) =>
            [.. sets.Where(s => s.Length == size && s.All(c => Alike(s.Except([c])) > 0))];
        List<int[]> Keys(List<int[]> tried) =>
        [
            .. tried.Where(s => Alike(s) == 0 && s.All(c =>
                Alike(s.Except([c])) * Alike([c]) / alike.Length >= Math.Log(tried.Count / 0.01))).Take(3),
        ];
        return Text(Keys(Tried(2)) is { Count: > 0 } found ? found : Keys(Tried(3)));
    }

    private static string Text(List<int[]> keys) => string.Join(' ', keys.Select(k => string.Join('+', k)));

    private async Task<TableProfile> ProfileAsync(params string[] selects)
    {
        var files = new List<string>();
        TableSchema? schema = null;
        foreach (var select in selects)
        {
            _work.Make($"COPY ({select}) TO '@/in.parquet' (FORMAT parquet)");
            files.Add(_work.At($"{files.Count}.parquet"));
            schema = (await _work.Import.ImportAsync([_work.At("in.parquet")], files[^1], Workshop.Cancel)).Schema;
        }
        return await new Profiler(_work.Duck).ProfileAsync(files, schema!, Workshop.Cancel);
    }
}
