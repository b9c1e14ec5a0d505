using System.Globalization;
using CsCheck;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Contracts;
using Millrace.Protocol.Policies;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Supply.Contracts;

public sealed class RuleTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2024, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TableSchema _schema = new(
    [
        new("id", ColumnType.Integer), new("kind", ColumnType.Text), new("a", ColumnType.Integer),
        new("b", ColumnType.Integer), new("row", ColumnType.Integer), new("x", ColumnType.Number),
        new("day", ColumnType.Date),
    ]);

    private readonly Workshop _work = new();

    public RuleTests() => _work.Make("""
        COPY (SELECT * FROM (VALUES
            (1, 'bus', 1, 2, 3, 1.5::DOUBLE, DATE '2024-05-30'),
            (2, 'rail', 2, 2, 4, 'nan'::DOUBLE, DATE '2024-05-31'),
            (2, 'x9', 2, 2, 5, 2.5, DATE '2099-01-01'),
            (NULL, NULL, NULL, 1, 1, NULL, NULL),
            (5, 'n/a', 9, 9, 18, -4, DATE '2024-01-01')) AS t(id, kind, a, b, row, x, day)) TO '@/t.parquet'
            (FORMAT parquet)
        """);

    public void Dispose() => _work.Dispose();

    public static TheoryData<string, long, long, long[]> Rules => new()
    {
        { "properties: [{ name: id, required: true }]", 4, 5, [4] },
        { "properties: [{ name: kind, quality: [{ metric: missingValues, arguments: { missingValues: [n/a] }, "
            + "mustBe: 0 }] }]", 3, 5, [4, 5] },
        { "properties: [{ name: id, unique: true }]", 3, 4, [3] },
        { "quality: [{ metric: duplicateValues, arguments: { properties: [a, b] }, mustBe: 0 }]", 3, 4, [3] },
        { "properties: [{ name: x, logicalTypeOptions: { minimum: 0 } }]", 2, 4, [2, 5] },
        { "properties: [{ name: id, logicalTypeOptions: { exclusiveMinimum: 1, maximum: 2 } }]", 2, 4, [1, 5] },
        { "properties: [{ name: day, logicalTypeOptions: { maximum: \"2024-06-01\" } }]", 3, 4, [3] },
        { "properties: [{ name: kind, logicalTypeOptions: { maxLength: 3 } }]", 3, 4, [2] },
        { "properties: [{ name: kind, logicalTypeOptions: { pattern: \"^[a-z]+$\" } }]", 2, 4, [3, 5] },
        { "properties: [{ name: kind, quality: [{ metric: invalidValues, arguments: { validValues: [bus, rail, it's] "
            + "}, mustBe: 0 }] }]", 2, 4, [3, 5] },
        { "quality: [{ type: custom, engine: millrace, implementation: { sum: [a, b], equals: row } }]", 3, 4, [3] },
        { "quality: [{ type: custom, engine: millrace, implementation: { condition: a + b = row AND id < 9 } }]",
            3, 4, [3] },
        { "quality: [{ type: custom, engine: millrace, implementation: { determinant: [a], dependent: row } }]",
            3, 4, [3] },
        { "quality: [{ type: custom, engine: millrace, implementation: { determinant: [b, a], dependent: day } }]",
            3, 4, [3] },
        { "quality: [{ type: custom, engine: millrace, implementation: { determinant: [kind], dependent: row } }]",
            4, 4, [] },
        { "quality: [{ metric: rowCount, mustBe: 5 }]", 1, 1, [] },
        { "quality: [{ metric: rowCount, mustBeGreaterThan: 5 }]", 0, 1, [] },
    };

    [Theory, MemberData(nameof(Rules))]
    public async Task A_rule_counts_what_keeps_it_and_names_rows_that_do_not(
        string table, long a, long b, long[] evidence)
    {
        var result = Assert.Single(await Check(table));
        Assert.Equal((a, b), (result.A, result.B));
        Assert.Equal(evidence, result.EvidenceRows);
        Assert.Equal(a == b, result.Held);
    }

    [Theory]
    [InlineData(12, true)]
    [InlineData(24, true)]
    [InlineData(11, false)]
    public async Task Data_are_fresh_by_their_latest_date_that_is_not_to_come(int hours, bool held)
    {
        var contract = ContractReader.Read(
            $"apiVersion: v3.1.0\nschema: [{{}}]\nslaProperties: [{{ property: freshness, value: {hours + 24}, "
            + "unit: h, element: day }]");
        Assert.Equal(held, Assert.Single(await Check(contract)).Held);
    }

    /// <summary>20:00 in Shanghai is noon in UTC, the moment of publication.</summary>
    [Theory]
    [InlineData("defaultTimezone: Asia/Shanghai", true)]
    [InlineData("timezone: Asia/Shanghai", true)]
    [InlineData("timezone: false, defaultTimezone: Asia/Shanghai", true)]
    [InlineData("timezone: true, defaultTimezone: Asia/Shanghai", false)] // Kept in UTC: yet to come.
    [InlineData("format: any", false)]
    public async Task Local_times_are_fresh_by_the_clock_of_their_zone(string options, bool held)
    {
        _work.Make("COPY (SELECT TIMESTAMP '2024-06-01 19:30:00' AS at) TO '@/at.parquet' (FORMAT parquet)");
        var contract = ContractReader.Read(
            $"apiVersion: v3.1.0\nschema: [{{ properties: [{{ name: at, logicalTypeOptions: {{ {options} }} }}] }}]\n"
            + "slaProperties: [{ property: freshness, value: 1, unit: h, element: at }]");
        var schema = new TableSchema([new("at", ColumnType.Timestamp)]);
        Assert.Equal(held, Assert.Single(await Check(contract, "at.parquet", schema)).Held);
    }

    [Fact]
    public async Task A_breach_is_the_same_sentence_in_every_country()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE"); // Ends with this test.
        var score = await Score(
            "properties: [{ name: id }]", "customProperties: [{ property: millrace.minimumScore, value: 99.5 }]");
        Assert.Matches(@"The score is \d+\.\d+, and at least 99\.5 is promised\.", score.Contract!.Breaches[^1]);
    }

    [Fact]
    public async Task A_reference_is_looked_up_in_the_other_table()
    {
        _work.Make("COPY (SELECT * FROM (VALUES (1), (5), (NULL)) t(key)) TO '@/other.parquet' (FORMAT parquet)");
        var keys = new TableSchema([new("key", ColumnType.Integer)]);
        var other = new ReferredTable(7, [_work.At("other.parquet")], keys);
        var contract = Contract("relationships: [{ from: id, to: other.key }]");
        var result = Assert.Single(await Check(contract, new() { ["other"] = other }));
        Assert.Equal((2L, 4L, 7), (result.A, result.B, result.ComparedWith));
        Assert.Equal([2, 3], result.EvidenceRows);
        Assert.Contains(
            "there is no product other",
            (await Assert.ThrowsAsync<ContractException>(() => Check(contract))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quality: [{ metric: duplicateValues, arguments: { properties: [no] }, mustBe: 0 }]", "no column no")]
    [InlineData("properties: [{ name: id, logicalType: string }]", "id is integer in the table, string here")]
    [InlineData("properties: [{ name: kind, logicalTypeOptions: { minimum: 1 } }]", "has no range")]
    [InlineData("properties: [{ name: id, logicalTypeOptions: { minimum: low } }]", "not of the column's type")]
    [InlineData("properties: [{ name: kind, logicalTypeOptions: { pattern: \"(?=a)(\" } }]", "is no pattern of RE2")]
    [InlineData("properties: [{ name: id, logicalTypeOptions: { pattern: a } }]", "is not of type text")]
    [InlineData("quality: [{ type: custom, engine: millrace, implementation: { condition: a + 1 } }]", "neither true")]
    [InlineData("quality: [{ type: custom, engine: millrace, implementation: { condition: a > nope } }]",
        "the table has no column nope")]
    [InlineData("quality: [{ type: custom, engine: millrace, implementation: { condition: a > > 1 } }]",
        "no condition that can be read (at character 4)")]
    [InlineData("properties: [{ name: kind, logicalTypeOptions: { pattern: '(?=a)b' } }]",
        "(?=a)b is no pattern of RE2")]
    [InlineData("properties: [{ name: kind, logicalType: varchar }]", "varchar is none of string, integer, number")]
    public async Task A_rule_that_does_not_fit_the_table_is_refused_by_its_path(string table, string sentence)
    {
        var e = await Assert.ThrowsAsync<ContractException>(() => Check(table));
        Assert.Equal("contract-differs", e.Code);
        Assert.StartsWith("schema[0].", e.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id = 1) OR (1 = 1")]
    [InlineData("id = 1) UNION SELECT (2")]
    [InlineData("id = 1); SELECT (1")]
    [InlineData("id = 1) ORDER BY (1")]
    [InlineData("id = 1 -- ")]
    [InlineData("id = 1 /* ")]
    [InlineData("id IN (SELECT a FROM data)")]
    [InlineData("EXISTS (SELECT * FROM read_csv('/etc/passwd'))")]
    [InlineData("read_text('/etc/passwd') = ''")]
    [InlineData("getenv('HOME') = ''")]
    [InlineData("sum(id) > 1")]
    [InlineData("row_number() OVER () > 1")]
    [InlineData("nothing > 1")]
    [InlineData("")]
    public async Task A_condition_is_one_condition_on_a_row_and_nothing_else(string condition)
    {
        var rule = new ContractRule("c", "quality[0]", new Condition(condition), RulePromise.NoneBad, true);
        var contract = Contract("name: t") with { Rules = [rule] };
        // What is the same condition in other words may be asked; it is written anew all the same.
        if (condition is "id = 1) OR (1 = 1" or "id = 1 -- ")
            Assert.Single(await Check(contract));
        else
            Assert.Equal(
                "contract-differs", (await Assert.ThrowsAsync<ContractException>(() => Check(contract))).Code);
    }

    [Fact]
    public async Task A_condition_that_fails_on_a_row_is_named_among_others()
    {
        const string table = "properties: [{ name: id, required: true }], quality: [{ type: custom, engine: millrace, "
            + "implementation: { condition: \"@(substr(kind, 1, 2) AS INTEGER) > 0\" } }]";
        var e = await Assert.ThrowsAsync<ContractException>(
            () => Check(table.Replace("@", "CAST", StringComparison.Ordinal)));
        Assert.StartsWith("schema[0].quality[0]: it fails on a row", e.Message, StringComparison.Ordinal);
        Assert.Equal(
            (0L, 0L), (await Check(table.Replace("@", "TRY_CAST", StringComparison.Ordinal))) is [_, var c]
                ? (c.A, c.B) : default);
    }

    [Fact]
    public async Task Rows_are_counted_through_all_files_of_a_version()
    {
        var contract = Contract("properties: [{ name: id, required: true }]");
        var file = _work.At("t.parquet");
        var results = await new RuleChecker(_work.Duck).CheckAsync(
            contract, [file, file], _schema, new Dictionary<string, ReferredTable>(), _now, Workshop.Cancel);
        Assert.Equal([4, 9], results[0].EvidenceRows);
    }

    [Fact]
    public async Task Weights_and_caps_make_the_total()
    {
        var score = await Score("""
            properties: [{ name: id, primaryKey: true }, { name: a, required: true }]
            """, "customProperties: [{ property: millrace.weights, value: { required: 7 } }]");
        Assert.Equal(
            ["broken-primary-key/2", "failed-error-rule/1"],
            score.Caps.Where(c => c.RuleId[0] is 'b' or 'f').Select(c => c.RuleId));
        Assert.Equal(50, score.Total);
        Assert.Equal(7, score.Dimensions.Single(d => d.Name == "required").Weight);
        Assert.Equal((8, 10), ((int)score.Dimensions.Single(d => d.Name == "required").A, 10));
        Assert.Equal(3, score.Contract!.Breaches.Count);
        Assert.All(score.Dimensions, d => Assert.NotNull(d.Ratio)); // Freshness too.
    }

    [Fact]
    public async Task A_primary_key_without_a_value_is_broken_too()
    {
        _work.Make("COPY (SELECT unnest([1, 2, NULL]) AS id) TO '@/keys.parquet' (FORMAT parquet)");
        var score = await Score(
            "properties: [{ name: id, primaryKey: true }]", "", null, "keys.parquet",
            new TableSchema([new("id", ColumnType.Integer)]));
        var cap = score.Caps.Single(c => c.RuleId == "broken-primary-key/2");
        Assert.Equal("1 of 3 rows have no id, which is in the primary key.", cap.Reason);
        Assert.Equal(50, score.Total);
    }

    [Fact]
    public async Task Sensitive_columns_that_are_not_declared_hold_the_total_down()
    {
        var found = new Finding(
            "kind", "email", DataCategory.Contact, Likelihood.Likely, 4, 0, 4, false, 3, "rule");
        Task<QualityReport> Of(string declared) => Score(
            $"properties: [{{ name: kind{declared} }}]", "", new ClassificationReport(1, [found]));
        Assert.Contains("undeclared-sensitive/1", (await Of("")).Caps.Select(c => c.RuleId));
        Assert.Contains("undeclared-sensitive/1", (await Of(", classification: public")).Caps.Select(c => c.RuleId));
        Assert.DoesNotContain(
            "undeclared-sensitive/1", (await Of(", classification: restricted")).Caps.Select(c => c.RuleId));
    }

    /// <summary>One more fault in a sound cell of any kind never raises the total.</summary>
    [Fact]
    public async Task A_planted_fault_never_raises_the_score()
    {
        await Gen.Select(Gen.Int[0, 4].Array[0, 6], Gen.Int[0, 4]).SampleAsync(
            async (before, one) => Assert.True(
                (await Planted([.. before, one])).Total <= (await Planted(before)).Total),
            iter: 25, threads: 1);
    }

    /// <summary>The drafted contract of the real table finds each kind of fault that is planted in it.</summary>
    [Theory]
    [InlineData("nulls", "temp", "SELECT * REPLACE (CASE WHEN bad THEN NULL ELSE temp END AS temp)")]
    [InlineData("swaps", "pressure",
        "SELECT * REPLACE (CASE WHEN bad THEN pressure ELSE humidity END AS humidity, "
        + "CASE WHEN bad THEN humidity ELSE pressure END AS pressure)")]
    [InlineData("shifted dates", "date", "SELECT * REPLACE (CASE WHEN bad THEN date + INTERVAL 10 YEAR ELSE date END "
        + "AS date)")]
    [InlineData("duplicates", "date", "SELECT * REPLACE (bad AS bad)")]
    public async Task The_drafted_contract_finds_what_is_planted_at_one_percent(
        string kind, string column, string plant)
    {
        var sample = Path.Combine(SourceTree.Root, "samples/weather-chicago-2001.csv");
        var table = await _work.Import.ImportAsync([sample], _work.At("clean.parquet"), Workshop.Cancel);
        var profile = await new Profiler(_work.Duck).ProfileAsync(
            [_work.At("clean.parquet")], table.Schema, Workshop.Cancel);
        var draft = ContractReader.Read(YamlText.Write(ContractDraft.Of("weather", profile, _ => 1, [])));
        Assert.All(await Check(draft, "clean.parquet", table.Schema), r => Assert.True(r.Held, r.Id));

        var again = kind == "duplicates" ? "UNION ALL SELECT * FROM marked WHERE bad" : "";
        _work.Make($"""
            COPY (WITH marked AS (SELECT *, row_number() OVER () % 100 = 50 AS bad FROM '@/clean.parquet')
                SELECT * EXCLUDE (bad) FROM ({plant} FROM marked {again})) TO '@/bad.parquet' (FORMAT parquet)
            """);
        var planted = table.Rows / 100;
        var broken = (await Check(draft, "bad.parquet", table.Schema)).Where(r => !r.Held).ToList();
        var found = broken.Where(r => r.Columns.Contains(column)).Max(r => r.B - r.A);
        Assert.InRange(found, planted, planted + 1);
        Assert.All(broken, r => Assert.Equal(column, r.Columns[0]));
        if (kind is not "duplicates")
            Assert.All(broken.SelectMany(r => r.EvidenceRows), row => Assert.Equal(50, row % 100));
    }

    [Fact]
    public void Of_a_sensitive_column_no_value_enters_a_draft()
    {
        var profile = new TableProfile(
            2, 0, [new("phone", ColumnType.Text, 0, 2, true, 0, "13800138000", "13900139000", null, null, [], [])]);
        var draft = YamlText.Write(ContractDraft.Of("t", profile, _ => 3, []));
        Assert.DoesNotContain("138", draft, StringComparison.Ordinal);
        Assert.Contains("classification: level-3", draft, StringComparison.Ordinal);
    }

    private async Task<QualityReport> Planted(int[] faults)
    {
        var rows = Enumerable.Range(0, 20).Select(i => (
            Id: $"{i}", A: $"{i}", Day: $"DATE '2024-05-{i + 1:D2}'")).ToArray();
        for (var i = 0; i < faults.Length; i++)
            rows[i + 1] = faults[i] switch
            {
                0 => rows[i + 1] with { A = "NULL" },
                1 => rows[i + 1] with { A = "-1" },
                2 => rows[i + 1] with { Id = "0" },
                3 => rows[i + 1] with { Day = "DATE '1900-01-01'" },
                _ => rows[i + 1] with { Day = "DATE '2990-01-01'" },
            };
        var values = string.Join(", ", rows.Select(r => $"({r.Id}, {r.A}, {r.Day})"));
        _work.Make($"COPY (SELECT * FROM (VALUES {values}) t(id, a, day)) TO '@/p.parquet' (FORMAT parquet)");
        var schema = new TableSchema(
            [new("id", ColumnType.Integer), new("a", ColumnType.Integer), new("day", ColumnType.Date)]);
        return await Score(
            """
            properties:
              - { name: id, primaryKey: true }
              - { name: a, required: true, logicalTypeOptions: { minimum: 0 } }
              - { name: day, logicalTypeOptions: { minimum: "2024-01-01" } }
            """, "", null, "p.parquet", schema);
    }

    private async Task<QualityReport> Score(
        string table, string rest, ClassificationReport? classification = null, string file = "t.parquet",
        TableSchema? schema = null)
    {
        var text = $"apiVersion: v3.1.0\nschema:\n- name: t\n  {table}\n{rest}";
        var contract = ContractReader.Read(text);
        var profile = await new Profiler(_work.Duck).ProfileAsync(
            [_work.At(file)], schema ?? _schema, Workshop.Cancel);
        var results = await Check(contract, file, schema ?? _schema);
        return Quality.Score(
            profile, schema ?? _schema, _now,
            await new Profiler(_work.Duck).LatestDateAsync(
                [_work.At(file)], schema ?? _schema, _now, Workshop.Cancel),
            ContractCheck.Of(text, contract, results, profile, classification ?? new ClassificationReport(1, [])));
    }

    private static DataContract Contract(string table) =>
        ContractReader.Read($"apiVersion: v3.1.0\nschema: [{{ {table} }}]");

    private Task<IReadOnlyList<RuleResult>> Check(string table) => Check(Contract(table));

    private Task<IReadOnlyList<RuleResult>> Check(DataContract contract, string file, TableSchema schema) =>
        new RuleChecker(_work.Duck).CheckAsync(
            contract, [_work.At(file)], schema, new Dictionary<string, ReferredTable>(), _now, Workshop.Cancel);

    private Task<IReadOnlyList<RuleResult>> Check(
        DataContract contract, Dictionary<string, ReferredTable>? referred = null) =>
        new RuleChecker(_work.Duck).CheckAsync(
            contract, [_work.At("t.parquet")], _schema, referred ?? [], _now, Workshop.Cancel);
}
