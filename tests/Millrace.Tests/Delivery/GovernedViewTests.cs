using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using CsCheck;
using Millrace.Engine.Delivery;
using Millrace.Protocol.Policies;
using Millrace.Tests.Supply;
using Column = Millrace.Protocol.Policies.Column;

namespace Millrace.Tests.Delivery;

public sealed class GovernedViewTests : IDisposable
{
    private static readonly byte[] _secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly MaskKey[] _keys = [new("agreement", _secret), new("scenario:s", [.. _secret.Reverse()])];

    private static readonly TableSchema _schema = new(
    [
        new("id", ColumnType.Integer), new("na\"me", ColumnType.Text), new("金额", ColumnType.Decimal),
        new("ratio", ColumnType.Number), new("day", ColumnType.Date), new("at", ColumnType.Timestamp),
        new("flag", ColumnType.Boolean),
    ]);

    private static readonly string[] _duckTypes =
        ["BIGINT", "VARCHAR", "DECIMAL(12,3)", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN"];

    private static readonly object?[][] _pools =
    [
        [null, 0L, 1L, -7L, 25L, 149L, 150L, long.MaxValue, long.MinValue],
        [null, "", "a", "it's", "汉字很好", "👩‍👧x", "e\u0301a", "7"],
        [null, 0m, 1.5m, -2.25m, 10m, 99.999m, -0.005m, 123456789.125m],
        [null, 0d, 0.5, -1.25, 1e300, 3.14159, double.NaN],
        [null, new DateOnly(2024, 2, 29), new DateOnly(2024, 12, 31), new DateOnly(1969, 7, 20)],
        [null, new DateTime(2024, 2, 29, 23, 59, 59), new DateTime(2023, 1, 1, 0, 0, 0, 500)],
        [null, true, false],
    ];

    private static readonly string[] _masks =
    [
        "null", "hash", "first:1", "first:3", "last:2", "last:100", "round:1", "round:10", "round:0.5", "round:0.0001",
        "date:month", "date:year",
    ];

    private static readonly Operator[] _equalities =
        [Operator.Eq, Operator.Neq, Operator.IsAnyOf, Operator.IsNoneOf];

    private static readonly Operator[] _orders =
    [
        Operator.Eq, Operator.Neq, Operator.Lt, Operator.Lteq, Operator.Gt, Operator.Gteq,
        Operator.IsAnyOf, Operator.IsNoneOf,
    ];

    private const string BeyondInteger = "99999999999999999999999";

    private readonly Workshop _work = new();
    private readonly GovernedView _views;

    public GovernedViewTests() => _views = new GovernedView(_work.Duck);

    private static Gen<object?[]> Row => Gen.Select(Gen.Int[0, 999].Array[7], picks =>
        picks.Select((p, i) => _pools[i][p % _pools[i].Length]).ToArray());

    private static Gen<PlanColumn?> Seen(Column column) => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 999], (kind, pick) =>
    {
        var fitting = _masks.Select(m => Mask.Parse(m)!).Where(m => m.Fits(column.Type)).ToList();
        return kind switch
        {
            0 => null,
            1 => new PlanColumn(column.Name, column.Type),
            _ => new PlanColumn(column.Name, column.Type, fitting[pick % fitting.Count]),
        };
    });

    private static Gen<RowPredicate> Comparison => Gen.Select(
        Gen.Int[0, 6], Gen.Int[0, 999], Gen.Int[0, 999].Array[1, 3],
        (column, op, picks) =>
        {
            var type = _schema.Columns[column].Type;
            var pool = _pools[column].Where(v => v is not null and not double.NaN).ToList();
            var operators = type is ColumnType.Text or ColumnType.Boolean ? _equalities : _orders;
            var chosen = operators[op % operators.Length];
            var values = picks.Select(p => ViewOracle.Text(pool[p % pool.Count])!).ToList();
            if (type == ColumnType.Integer && op % 5 == 0)
                values[0] = op % 2 == 0 ? BeyondInteger : $"-{BeyondInteger}";
            return (RowPredicate)new RowComparison(
                _schema.Columns[column].Name, type, chosen,
                chosen is Operator.IsAnyOf or Operator.IsNoneOf ? values : values[..1]);
        });

    private static Gen<RowPredicate?> Rule => Gen.Select(Comparison.Array[3], Gen.Int[0, 4], (c, shape) => shape switch
    {
        0 => null,
        1 => c[0],
        2 => new RowAll([c[0], c[1]]),
        3 => new RowAny([c[0], c[1]]),
        _ => new RowAll([c[0], new RowAny([c[1], c[2]])]),
    });

    private static AccessPlan Whole => new(_schema, [.. _schema.Columns.Select(c => new PlanColumn(c.Name, c.Type))]);

    private static Gen<AccessPlan> Plan => Gen.Select(
        Gen.Select(
            Seen(_schema.Columns[0]), Seen(_schema.Columns[1]), Seen(_schema.Columns[2]), Seen(_schema.Columns[3])),
        Gen.Select(Seen(_schema.Columns[4]), Seen(_schema.Columns[5]), Seen(_schema.Columns[6])),
        Rule,
        (a, b, rule) =>
        {
            PlanColumn?[] seen = [a.Item1, a.Item2, a.Item3, a.Item4, b.Item1, b.Item2, b.Item3];
            var columns = seen.OfType<PlanColumn>().ToList();
            return new AccessPlan(
                _schema, columns.Count > 0 ? columns : [new PlanColumn("id", ColumnType.Integer)], rule);
        });

    /// <summary>
    /// The view and the oracle agree on every cell, so a view never holds a cell that the plan hides.
    /// </summary>
    [Fact]
    public void A_view_shows_what_the_plan_shows_and_nothing_else() =>
        Gen.Select(Row.Array[0, 12], Plan, Gen.Bool).Sample(
            (rows, plan, csv) =>
            {
                Table("in.parquet", rows);
                var format = csv ? ViewFormat.Csv : ViewFormat.Parquet;
                var view = Build(plan, format).GetAwaiter().GetResult();
                var expected = ViewOracle.Show(plan, rows, _secret);
                Assert.Equal(expected.Count, view.Rows);
                Assert.Equal(
                    expected.Select(r => Line(r.Select(ViewOracle.Text))).ToArray(),
                    Read(csv, plan).Select(r => Line(r.Select((c, i) => Normal(c, plan.Columns[i])))).ToArray());
            },
            iter: 120,
            threads: 1);

    [Fact]
    public async Task Csv_follows_rfc_4180()
    {
        Table(
            "in.parquet",
            [
                [1L, "a,\"b\"\r\nc", 1.5m, null, null, null, true],
                [2L, "", null, null, null, null, null],
            ]);
        var plan = new AccessPlan(_schema, [.. _schema.Columns.Take(3).Select(c => new PlanColumn(c.Name, c.Type))]);
        var view = await Build(plan, ViewFormat.Csv);
        var text = await File.ReadAllTextAsync(_work.At("view"), Workshop.Cancel);
        Assert.Equal("id,\"na\"\"me\",金额\r\n1,\"a,\"\"b\"\"\r\nc\",1.500\r\n2,\"\",\r\n", text);
        Assert.Equal(new FileInfo(_work.At("view")).Length, view.Bytes);
    }

    [Fact]
    public async Task Json_lines_hold_an_object_a_row()
    {
        Table(
            "in.parquet",
            [
                [1L, "it's\n\"汉字\"", 1.5m, 0.5, new DateOnly(2024, 2, 29), null, true],
                [2L, null, null, double.NaN, null, new DateTime(2024, 2, 29, 23, 59, 59), null],
            ]);
        await Build(Whole, ViewFormat.JsonLines);
        Assert.Equal(
            """
            {"id":1,"na\"me":"it's\n\"汉字\"","金额":1.5,"ratio":0.5,"day":"2024-02-29","at":null,"flag":true}
            {"id":2,"na\"me":null,"金额":null,"ratio":null,"day":null,"at":"2024-02-29 23:59:59","flag":null}

            """.ReplaceLineEndings("\n"),
            await File.ReadAllTextAsync(_work.At("view"), Workshop.Cancel));
    }

    [Fact]
    public async Task Arrow_keeps_types_and_is_the_same_bytes_each_time()
    {
        Table(
            "in.parquet",
            [
                [1L, "汉字", 1.5m, 0.5, new DateOnly(2024, 2, 29), new DateTime(2024, 2, 29, 23, 59, 59), true],
                [null, null, null, null, null, null, null],
            ]);
        var view = await Build(Whole, ViewFormat.Arrow);
        Assert.Equal(view, await Build(Whole, ViewFormat.Arrow));
        Assert.Equal(2, view.Rows);

        using var reader = new ArrowFileReader(File.OpenRead(_work.At("view")));
        using var batch = await reader.ReadNextRecordBatchAsync(Workshop.Cancel);
        Assert.Equal(_schema.Columns.Select(c => c.Name), batch.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal([1L, null], (Int64Array)batch.Column(0));
        Assert.Equal(0L, ((Int64Array)batch.Column(0)).Values[1]); // Nothing stands beneath a NULL.
        var texts = (StringArray)batch.Column(1);
        Assert.Equal(("汉字", null), (texts.GetString(0), texts.GetString(1)));
        Assert.Equal(1.5m, ((Decimal128Array)batch.Column(2)).GetValue(0));
        Assert.Equal([0.5, null], (DoubleArray)batch.Column(3));
        Assert.Equal(new DateTime(2024, 2, 29), ((Date32Array)batch.Column(4)).GetDateTime(0));
        Assert.Equal(
            new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.Zero),
            ((TimestampArray)batch.Column(5)).GetTimestamp(0));
        Assert.Equal([true, null], (BooleanArray)batch.Column(6));
    }

    [Fact]
    public async Task A_view_of_several_files_is_the_same_bytes_each_time()
    {
        Table("in.parquet", [[1L, "a", 1m, 1d, null, null, true]]);
        Table("more.parquet", [[2L, "b", 2m, 2d, null, null, true]]);
        var plan = new AccessPlan(
            _schema, [new("id", ColumnType.Integer), new("na\"me", ColumnType.Text, Mask.Parse("hash"))]);
        string[] files = [_work.At("in.parquet"), _work.At("more.parquet")];
        var once = await _views.BuildAsync(files, plan, _keys, ViewFormat.Parquet, _work.At("1"), Workshop.Cancel);
        var again = await _views.BuildAsync(files, plan, _keys, ViewFormat.Parquet, _work.At("2"), Workshop.Cancel);
        Assert.Equal(once, again);
        Assert.Equal(["1", "2"], _work.Cells("read_parquet(@)", "1").Select(r => r[0]));
    }

    /// <summary>Files alike are read together, others by themselves.</summary>
    [Fact]
    public async Task Files_of_several_widths_follow_each_other_and_mask_alike()
    {
        const int rows = 50_000;
        string[] types = ["INTEGER", "INTEGER", "BIGINT", "SMALLINT", "INTEGER"];
        List<string> files = [.. types.Select((type, i) => _work.At($"{i}.parquet"))];
        for (var i = 0; i < types.Length; i++)
        {
            _work.Make(
                $"COPY (SELECT (i % 30000)::{types[i]} AS id, 'secret' AS more{i} FROM range({rows}) t(i)) "
                + $"TO '{files[i]}' (FORMAT parquet)");
        }
        var plan = new AccessPlan(
            new TableSchema([new("id", ColumnType.Integer)]), [new("id", ColumnType.Integer, Mask.Parse("round:10"))]);
        await _views.BuildAsync(files, plan, _keys, ViewFormat.Parquet, _work.At("view"), Workshop.Cancel);
        var seen = _work.Cells("read_parquet(@)", "view").Select(r => int.Parse(r[0]!, CultureInfo.InvariantCulture));
        var expected = Enumerable.Range(0, types.Length * rows)
            .Select(i => (int)Math.Round(i % rows % 30_000 / 10m, MidpointRounding.AwayFromZero) * 10);
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Pseudonyms_join_within_a_key_across_types_and_not_across_keys()
    {
        Table("in.parquet", [[7L, "7", 7m, null, null, null, true]]);
        PlanColumn[] columns =
        [
            new("id", ColumnType.Integer, Mask.Parse("hash")), new("na\"me", ColumnType.Text, Mask.Parse("hash:s")),
            new("金额", ColumnType.Decimal, Mask.Parse("hash")),
        ];
        await Build(new AccessPlan(_schema, columns), ViewFormat.Parquet);
        var row = _work.Cells("read_parquet(@)", "view")[0];
        Assert.Equal(row[0], row[2]);
        Assert.NotEqual(row[0], row[1]);
        Assert.Matches("^[0-9a-f]{32}$", row[0]);
    }

    [Fact]
    public async Task A_column_that_is_missing_or_of_another_type_refuses()
    {
        Table("in.parquet", [[1L, "a", 1m, 1d, null, null, true]]);
        var seen = new PlanColumn("id", ColumnType.Integer);
        var upper = new TableSchema([new("ID", ColumnType.Integer)]);
        var text = new TableSchema([new("id", ColumnType.Text)]);
        await Refused("missing-column", new AccessPlan(With(new Column("gone", ColumnType.Text)), [seen]));
        await Refused("missing-column", new AccessPlan(upper, [seen with { Name = "ID" }]));
        await Refused("wrong-type", new AccessPlan(text, [seen with { Type = ColumnType.Text }]));
    }

    [Fact]
    public async Task A_plan_that_contradicts_itself_refuses()
    {
        Table("in.parquet", [[1L, "a", 1m, 1d, null, null, true]]);
        var id = new PlanColumn("id", ColumnType.Integer);
        await Refused("bad-plan", new AccessPlan(_schema, []));
        await Refused("bad-plan", new AccessPlan(_schema, [id, id]));
        await Refused("bad-plan", new AccessPlan(_schema, [new("secret", ColumnType.Text)]));
        await Refused("bad-plan", new AccessPlan(_schema, [id with { Mask = Mask.Parse("first:1") }]));
        RowPredicate[] rules =
        [
            new RowComparison("secret", ColumnType.Text, Operator.Eq, ["x"]),
            new RowComparison("id", ColumnType.Integer, Operator.HasPart, ["1"]),
            new RowComparison("id", ColumnType.Integer, Operator.Eq, ["1) OR (1=1"]),
            new RowAny([]),
        ];
        foreach (var rule in rules)
            await Refused("bad-plan", new AccessPlan(_schema, [id], rule));
        await Refused("missing-key", new AccessPlan(_schema, [id with { Mask = Mask.Parse("hash:other") }]));
    }

    [Fact]
    public async Task A_value_cannot_leave_its_quotes()
    {
        Table("in.parquet", [[1L, "a", 1m, 1d, null, null, true]]);
        var rule = new RowComparison("na\"me", ColumnType.Text, Operator.Eq, ["' OR 1=1 --"]);
        var plan = new AccessPlan(_schema, [new("id", ColumnType.Integer)], rule);
        Assert.Equal(0, (await Build(plan, ViewFormat.Csv)).Rows);
    }

    [Fact]
    public void A_key_is_long_enough_and_tells_nothing()
    {
        Assert.Throws<ArgumentException>(() => new MaskKey("agreement", new byte[31]));
        Assert.Equal("MaskKey(agreement)", _keys[0].ToString());
    }

    public void Dispose() => _work.Dispose();

    private static string Line(IEnumerable<string?> cells) => string.Join('|', cells.Select(c => c ?? "∅"));

    private static TableSchema With(Column column) => new([.. _schema.Columns, column]);

    private static string? Normal(string? cell, PlanColumn column) =>
        (cell, column.Mask?.Masked(column.Type) ?? column.Type) switch
        {
            (null, _) => null,
            (_, ColumnType.Decimal) => ViewOracle.Text(decimal.Parse(cell, CultureInfo.InvariantCulture)),
            (_, ColumnType.Number) => ViewOracle.Text(double.Parse(cell, CultureInfo.InvariantCulture)),
            (_, ColumnType.Timestamp) => ViewOracle.Text(DateTime.Parse(cell, CultureInfo.InvariantCulture)),
            _ => cell,
        };

    private List<string?[]> Read(bool csv, AccessPlan plan)
    {
        if (!csv) return _work.Cells("read_parquet(@)", "view");
        var columns = string.Join(", ", plan.Columns.Select((_, i) => $"'c{i}': 'VARCHAR'"));
        return _work.Cells(
            "read_csv(@, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
            + $"allow_quoted_nulls=false, columns={{{columns}}})",
            "view");
    }

    [Fact]
    public async Task Files_whose_decimals_no_type_holds_together_are_refused_and_not_rounded()
    {
        _work.Make("COPY (SELECT 12345678901234567890123456789012345678::DECIMAL(38,0) AS v) TO '@/in.parquet'");
        _work.Make("COPY (SELECT 0.1234567891::DECIMAL(38,10) AS v) TO '@/more.parquet'");
        TableSchema schema = new([new("v", ColumnType.Decimal)]);
        var refusal = await Assert.ThrowsAsync<ViewException>(() => _views.BuildAsync(
            [_work.At("in.parquet"), _work.At("more.parquet")],
            new AccessPlan(schema, [new("v", ColumnType.Decimal)]), _keys, ViewFormat.Parquet, _work.At("view"),
            Workshop.Cancel));
        Assert.Equal("wrong-type", refusal.Code);
    }

    private Task<BuiltView> Build(AccessPlan plan, ViewFormat format) =>
        _views.BuildAsync([_work.At("in.parquet")], plan, _keys, format, _work.At("view"), Workshop.Cancel);

    private async Task Refused(string code, AccessPlan plan)
    {
        var refusal = await Assert.ThrowsAsync<ViewException>(() => Build(plan, ViewFormat.Parquet));
        Assert.Equal(code, refusal.Code);
        Assert.False(File.Exists(_work.At("view")));
        Assert.Empty(Directory.GetFiles(_work.Folder, "*.partial"));
    }

    /// <summary>Every table has one column more than the schema: it must never be seen.</summary>
    private void Table(string name, object?[][] rows)
    {
        var columns = string.Join(", ", _schema.Columns.Select((c, i) => $"{Quoted(c.Name)} {_duckTypes[i]}"));
        var values = rows.Select(r => $"({string.Join(", ", r.Select(Literal))}, 'secret')");
        var fill = rows.Length == 0 ? "" : $"INSERT INTO t VALUES {string.Join(", ", values)};";
        _work.Make($"CREATE TABLE t ({columns}, secret VARCHAR); {fill} COPY t TO '@/{name}' (FORMAT parquet)");
    }

    private static string Quoted(string name) =>
        $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(object? cell) =>
        cell is null ? "NULL" : $"'{ViewOracle.Text(cell)!.Replace("'", "''", StringComparison.Ordinal)}'";
}
