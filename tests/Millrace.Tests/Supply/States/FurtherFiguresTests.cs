using System.Globalization;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;

namespace Millrace.Tests.Supply.States;

/// <summary>Steps of dates, keys, columns that go together, languages: from files to the profile.</summary>
public sealed class FurtherFiguresTests : IDisposable
{
    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    // Days of March 2024 without the 4th to the 6th, and without the 20th.
    [InlineData("DATE '2024-03-01' + i::INT", "i NOT IN (3, 4, 5, 19) AND i < 31", "1 Day, 4 missing in 2",
        "2024-03-03 2024-03-07 3, 2024-03-19 2024-03-21 1")]
    [InlineData("DATE '2024-01-01' + (7 * i)::INT", "i < 20", "1 Week, 0 missing in 0", "")]
    [InlineData("DATE '1999-12-27' + (14 * i)::INT", "i < 20", "2 Week, 0 missing in 0", "")]
    // From Monday to Friday, over a year's end, without one Wednesday.
    [InlineData("DATE '2024-12-16' + i::INT", "isodow(DATE '2024-12-16' + i::INT) < 6 AND i < 28 AND i <> 16",
        "1 Weekday, 1 missing in 1", "2024-12-31 2025-01-02 1")]
    // The last days of months, of which no two are alike far from each other; before 1970.
    [InlineData("last_day(DATE '1968-01-15' + to_months(i::INT))", "i < 30 AND i <> 13", "1 Month, 1 missing in 1",
        "1969-01-31 1969-03-31 1")]
    [InlineData("DATE '2020-02-01' + to_months((3 * i)::INT)", "i < 12 AND i NOT IN (4, 5)", "3 Month, 2 missing in 1",
        "2020-11-01 2021-08-01 2")]
    [InlineData("DATE '1990-07-01' + to_years(i::INT)", "i < 12", "1 Year, 0 missing in 0", "")]
    [InlineData("TIMESTAMP '2024-01-01 00:15:00' + to_minutes(15 * i)", "i < 90 AND i <> 7",
        "15 Minute, 1 missing in 1", "2024-01-01 01:45:00 2024-01-01 02:15:00 1")]
    [InlineData("TIMESTAMP '1960-01-01 00:00:00' + to_hours(i)", "i < 50 AND i NOT BETWEEN 20 AND 30",
        "1 Hour, 11 missing in 1", "1960-01-01 19:00:00 1960-01-02 07:00:00 11")]
    [InlineData("TIMESTAMP '2024-01-01 06:00:00' + to_days(i::INT)", "i < 12", "1 Day, 0 missing in 0", "")]
    [InlineData("TIMESTAMP '2024-01-01 00:00:00' + to_microseconds(500 * i)", "i < 12",
        "500 Microsecond, 0 missing in 0", "")]
    public async Task Dates_that_follow_one_another_have_a_step_and_gaps(
        string date, string where, string step, string gaps)
    {
        // Repeats, missing values and what is beyond all dates make no difference.
        var type = date.StartsWith("TIMESTAMP", StringComparison.Ordinal) ? "TIMESTAMP" : "DATE";
        var column = (await ProfileAsync($"""
            SELECT d FROM (SELECT ({date})::{type} AS d FROM range(1000) t(i) WHERE {where}), range(2)
            UNION ALL SELECT NULL UNION ALL SELECT 'infinity'::{type}
            """)).Columns[0];
        var steps = column.Steps!;
        Assert.Equal(step, $"{steps.Every} {steps.Unit}, {steps.Missing} missing in {steps.Gaps}");
        Assert.Equal(gaps, string.Join(", ", steps.Largest.Select(g => $"{g.After} {g.Before} {g.Missing}")));
    }

    [Theory]
    [InlineData("DATE '2024-03-01' + (hash(i) % 5000)::INT", 400)] // Birthdays.
    [InlineData("DATE '2024-03-01' + i::INT", 5)] // Too few to speak of a rule.
    [InlineData("TIMESTAMP '2024-01-01' + to_microseconds((hash(i) >> 20)::BIGINT)", 500)] // Events.
    [InlineData("DATE '2024-01-01' + i::INT", 70_000)] // Not all different values are kept.
    public async Task Where_no_step_is_usual_or_not_all_is_known_nothing_is_told(string date, int rows) =>
        Assert.Null((await ProfileAsync($"SELECT {date} AS d FROM range({rows}) t(i)")).Columns[0].Steps);

    [Fact]
    public async Task At_most_five_gaps_are_told_and_all_are_counted()
    {
        var steps = (await ProfileAsync(
            "SELECT DATE '2024-01-01' + i::INT AS d FROM range(300) t(i) WHERE i % 20 NOT IN (10, 11)"))
            .Columns[0].Steps!;
        Assert.Equal((30, 15, 5), (steps.Missing, steps.Gaps, steps.Largest.Count));
        Assert.Equal("2024-01-10", steps.Largest[0].After);
    }

    [Fact]
    public async Task A_column_in_which_nothing_is_missing_or_occurs_twice_may_be_a_key()
    {
        var profile = await ProfileAsync("""
            SELECT i AS id, 'n' || i AS name, i // 2 AS twice, i / 7.0 AS measured,
                CASE WHEN i <> 5 THEN i END AS missing, DATE '2020-01-01' + i::INT AS day
            FROM range(100) t(i)
            """);
        Assert.Equal(["id", "name", "day"], profile.Columns.Where(c => c.Key is not null).Select(c => c.Name));
        Assert.Equal(new KeyEvidence(100), profile.Columns[0].Key);
        Assert.Null((await ProfileAsync("SELECT 1 AS id")).Columns[0].Key);
    }

    [Fact]
    public async Task Of_many_values_a_sample_says_how_many_repeats_it_excludes()
    {
        var profile = await ProfileAsync("""
            SELECT i AS id, (i // 2) * 7 AS twice, CASE WHEN i < 3000 THEN i // 2 ELSE i END AS few
            FROM range(200000) t(i)
            """);
        Assert.Equal(65_536, profile.Columns[0].Key!.Values);
        // The chance to see none of the repeats is 1 %: (1 - p)^n.
        Assert.Equal(0.01, Math.Pow(1 - profile.Columns[0].Key!.RepeatsBelow!.Value, 65_536), 0.0001);
        Assert.Null(profile.Columns[1].Key);
        Assert.Null(profile.Columns[2].Key); // 1.5 % repeat: the sample sees some.
    }

    [Fact]
    public async Task Where_too_many_values_differ_to_count_them_all_a_sample_of_rows_says_which_are_frequent()
    {
        var profile = await ProfileAsync("""
            SELECT i AS id, CASE WHEN i % 5 < 2 THEN 'unknown' WHEN i % 25 = 4 THEN NULL ELSE 'n' || i END AS name,
                CASE WHEN i % 4 = 0 THEN -1 ELSE i END AS number, CASE WHEN i % 4 = 0 THEN 0.5 ELSE i / 7.0 END AS x,
                (CASE WHEN i % 4 = 0 THEN 9.90 ELSE i / 100 END)::DECIMAL(18, 2) AS price,
                CASE WHEN i % 4 = 0 THEN TIMESTAMP '1970-01-01 00:00:00'
                    ELSE TIMESTAMP '2024-01-01 00:00:00' + to_seconds(i) END AS moment
            FROM range(300000) t(i)
            """);
        Assert.All(profile.Columns, c => Assert.Empty(c.Frequent));
        Assert.Null(profile.Columns[0].FrequentInSample);
        var told = profile.Columns.Skip(1).Select(c => c.FrequentInSample!).ToList();
        Assert.All(told, s => Assert.Equal(1_024, s.Rows));
        Assert.Equal(
            ["unknown", "-1", "0.5", "9.9", "1970-01-01 00:00:00"], told.Select(s => Assert.Single(s.Values).Value));
        Assert.InRange(told[0].Values[0].Count / 1_024.0, 0.34, 0.46); // Within four standard errors.
        Assert.All(told.Skip(1), s => Assert.InRange(s.Values[0].Count / 1_024.0, 0.19, 0.31));
    }

    [Fact]
    public async Task Where_a_row_repeats_no_column_is_a_key_though_a_sample_sees_no_repeat()
    {
        var profile = await ProfileAsync(
            "SELECT i AS id FROM range(200000) t(i) UNION ALL SELECT max(i) FROM range(200000) t(i)");
        Assert.Equal(1, profile.DuplicateRows);
        Assert.Null(profile.Columns[0].Key);
    }

    /// <summary>The engine, asked in SQL, is another way to the same figures.</summary>
    [Fact]
    public async Task Columns_that_go_together_are_those_that_the_engine_finds()
    {
        const string Select = """
            SELECT i AS n, -i * i + (hash(i) % 1000)::BIGINT AS falling, (hash(i * 3) % 1000)::DOUBLE AS noise,
                exp(i / 50)::DECIMAL(18, 4) AS steep, DATE '2020-01-01' + (i // 2)::INT AS day,
                DATE '2021-01-01' + i::INT AS later, CASE WHEN i % 3 > 0 THEN i % 7 + i / 100 END AS sparse
            FROM range(1000) t(i)
            """;
        var found = (await ProfileAsync(Select)).Correlations!;
        Assert.Equal((1000, true), (found.Rows, found.IsWhole));
        Assert.DoesNotContain(found.Strongest, c => c.One == "noise" || c.Other == "noise");
        Assert.DoesNotContain(found.Strongest, c => (c.One, c.Other) == ("day", "later"));
        foreach (var pair in found.Strongest.Where(
            c => c is { One: not ("day" or "later"), Other: not ("day" or "later") }))
        {
            string[] both = [pair.One, pair.Other];
            var ranks = string.Join(", ", both.Select(c =>
                $"(rank() OVER (ORDER BY {c}) + (count(*) OVER (PARTITION BY {c}) - 1) / 2.0) AS r_{c}"));
            // As here, the ranks of a column are those among all of its values.
            var told = _work.Cells(
                $"(SELECT corr({pair.One}::DOUBLE, {pair.Other}::DOUBLE), count(*) FROM @ WHERE {pair.One} IS NOT NULL "
                + $"AND {pair.Other} IS NOT NULL)")[0];
            Assert.Equal(Number(told[0]), pair.Pearson!.Value, 0.0001);
            Assert.Equal(told[1], $"{pair.Rows}");
            if (both.Contains("sparse")) continue;
            var rank = _work.Cells($"(SELECT corr(r_{pair.One}, r_{pair.Other}) FROM (SELECT {ranks} FROM @))")[0][0];
            Assert.Equal(Number(rank), pair.Rank, 0.0001);
        }
        Assert.Equal(1, found.Strongest.Single(c => (c.One, c.Other) == ("n", "steep")).Rank);
        Assert.True(found.Strongest.Single(c => (c.One, c.Other) == ("n", "falling")).Rank < -0.99);
        Assert.Contains(found.Strongest, c => c.Other == "sparse" && c.Rows == 666);
    }

    [Fact]
    public async Task Of_many_rows_an_even_choice_tells_nearly_the_same()
    {
        var found = (await ProfileAsync("""
            SELECT a, a + b AS c, b FROM (SELECT sqrt(-2 * ln((hash(i) % 1000003 + 1) / 1000004)) AS a,
                sqrt(-2 * ln((hash(i + 9000000) % 1000003 + 1) / 1000004)) AS b FROM range(300000) t(i))
            """)).Correlations!;
        Assert.Equal((8192, false), (found.Rows, found.IsWhole));
        Assert.Equal([("a", "c"), ("c", "b")], found.Strongest.Select(c => (c.One, c.Other)).Order());
        Assert.All(found.Strongest, c => Assert.Equal(Math.Sqrt(0.5), c.Pearson!.Value, 0.03));
    }

    [Fact]
    public async Task Rows_that_repeat_count_as_often_as_they_occur()
    {
        // Without the repeats nothing goes together: three of four rows are the two last.
        var found = (await ProfileAsync("""
            SELECT i AS a, (i * 7919) % 200 AS b FROM range(200) t(i)
            UNION ALL SELECT 1000, 1000 FROM range(600)
            """)).Correlations!;
        var pair = Assert.Single(found.Strongest);
        Assert.Equal((800, 800), (found.Rows, pair.Rows));
        Assert.True(pair.Pearson > 0.9, $"{pair}");
    }

    [Theory]
    [InlineData("SELECT i AS a, 'x' AS t FROM range(100) t(i)")] // A single column of numbers.
    [InlineData("SELECT i AS a, 1 AS b FROM range(100) t(i)")] // Nothing varies.
    [InlineData("SELECT i AS a, i AS b FROM range(6) t(i)")] // Chance explains it.
    [InlineData("SELECT (hash(i) % 1000)::INT AS a, (hash(i + 7777) % 1000)::INT AS b FROM range(5000) t(i)")]
    [InlineData("SELECT NULL::DOUBLE AS a, 'nan'::DOUBLE AS b FROM range(100) t(i)")]
    public async Task Where_nothing_goes_together_nothing_is_told(string select) =>
        Assert.Null((await ProfileAsync(select)).Correlations);

    [Fact]
    public async Task Of_noise_in_a_wide_table_no_pair_is_told()
    {
        var columns = string.Join(", ", Enumerable.Range(0, 300).Select(
            c => $"(hash(i * 300 + {c}) % 1000)::INT AS c{c}"));
        Assert.Null((await ProfileAsync($"SELECT {columns} FROM range(500) t(i)")).Correlations);
    }

    [Fact]
    public async Task The_largest_doubles_go_together_too()
    {
        var found = (await ProfileAsync(
            "SELECT i * 1.7e306::DOUBLE AS a, -i * 1e-300::DOUBLE AS b FROM range(100) t(i)")).Correlations!;
        Assert.Equal(new Correlation("a", "b", -1, -1, 100), Assert.Single(found.Strongest));
    }

    [Fact]
    public async Task Languages_are_counted_in_cells()
    {
        var profile = await ProfileAsync("""
            SELECT unnest(['The bus was late again, and nobody said why.',
                'The bus was late again, and nobody said why.', '公交车又晚点了，没有人说明原因。', 'AB-1', NULL]) AS note,
                unnest(['ORD', 'MDW', 'ORD', 'LAX', 'SFO']) AS code
            """);
        var languages = profile.Columns[0].Languages!;
        Assert.Equal([new LanguageCount("en", 2), new LanguageCount("zh", 1)], languages.Told);
        Assert.Equal(1, languages.NotTold);
        Assert.Null(profile.Columns[1].Languages);
    }

    [Fact]
    public async Task Nothing_that_leads_to_a_value_of_a_sensitive_column_is_shown()
    {
        var profile = await ProfileAsync("""
            SELECT i AS id, 2 * i AS pay, DATE '2024-01-01' + i::INT AS born,
                'She said that it was the end of number ' || i AS note FROM range(60) t(i) WHERE i <> 30
            """);
        Assert.NotNull(profile.Columns[2].Steps);
        Assert.NotNull(profile.Columns[3].Languages);
        var pairs = profile.Correlations!.Strongest.Count;
        Finding Of(string column) => new(
            column, "x", DataCategory.Contact, Likelihood.VeryLikely, 1, 0, 1, false, 3, "r");
        var shown = ShownProfile.Of(profile, new ClassificationReport(1, [Of("born"), Of("note")])).Profile;
        Assert.Equal((null, null), (shown.Columns[2].Steps, shown.Columns[3].Languages));
        Assert.Equal(pairs - 2, shown.Correlations!.Strongest.Count);
        Assert.DoesNotContain(shown.Correlations.Strongest, c => c.One == "born" || c.Other == "born");
        Assert.Null(ShownProfile.Of(profile, new ClassificationReport(1, [Of("id"), Of("pay")])).Profile.Correlations);
    }

    [Fact]
    public async Task A_profile_comes_back_from_json_and_an_earlier_one_is_read()
    {
        var profile = await ProfileAsync("""
            SELECT i AS id, DATE '2024-01-01' + i::INT AS d, 'It was on the list of all ' || i AS s FROM range(50) t(i)
            """);
        var json = JsonSerializer.Serialize(profile);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<TableProfile>(json)));
        Assert.Contains("\"Unit\":\"Day\"", json, StringComparison.Ordinal);
        var earlier = JsonSerializer.Deserialize<TableProfile>("""
            {"Rows":1,"DuplicateRows":0,"Method":2,"Columns":[{"Name":"a","Type":"Integer","Nulls":0,"Distinct":1,
            "DistinctIsExact":true,"Defects":0,"Min":"1","Max":"1","Numbers":null,"Text":null,"Histogram":[],
            "Frequent":[]}]}
            """)!;
        Assert.Equal((null, null, null), (earlier.Correlations, earlier.Columns[0].Key, earlier.Columns[0].Steps));
    }

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);

    private async Task<TableProfile> ProfileAsync(string select)
    {
        _work.Make($"COPY ({select}) TO '@/in.parquet' (FORMAT parquet)");
        var table = await _work.Import.ImportAsync([_work.At("in.parquet")], _work.At("out.parquet"), Workshop.Cancel);
        return await new Profiler(_work.Duck).ProfileAsync([_work.At("out.parquet")], table.Schema, Workshop.Cancel);
    }
}
