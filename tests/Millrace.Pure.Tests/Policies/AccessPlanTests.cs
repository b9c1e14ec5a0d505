using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class AccessPlanTests
{
    private static readonly AccessPlan _whole = Compile();

    [Fact]
    public void Without_plan_constraints_it_is_the_whole_table()
    {
        Assert.True(_whole.IsWholeTable);
        Assert.False(_whole.NeedsMaskKey);
        Assert.True(Compile(A.Purpose("research"), A.If(Terms.Count, Operator.Lteq, "5")).IsWholeTable);
    }

    [Fact]
    public void Columns_stay_in_the_order_of_the_schema_and_constraints_intersect()
    {
        var plan = Compile(
            A.IfAny(Terms.Column, Operator.IsAnyOf, "姓名", "born", "id"),
            A.IfAny(Terms.Column, Operator.IsNoneOf, "born"));
        Assert.Equal(["id", "姓名"], plan.Columns.Select(column => column.Name));
        Assert.False(plan.IsWholeTable);
        var none = A.Use(A.IfAny(Terms.Column, Operator.IsAnyOf, "id"), A.IfAny(Terms.Column, Operator.IsNoneOf, "id"));
        Assert.Equal("no-columns", A.Refused(AccessPlan.Compile(none, A.Schema, DefaultPlan.None)).Code);
    }

    [Fact]
    public void The_holders_default_plan_narrows()
    {
        var holder = new DefaultPlan(["photo"], new Dictionary<string, Mask> { ["name"] = Mask.Parse("first:1")! });
        var rule = A.Use(A.If(Terms.Mask("name"), Operator.Eq, "first:3"));
        var plan = A.Value(AccessPlan.Compile(rule, A.Schema, holder));
        Assert.DoesNotContain(plan.Columns, column => column.Name == "photo");
        Assert.Equal("first:1", $"{plan.Columns.Single(column => column.Name == "name").Mask}");
        var unknown = new DefaultPlan(["nobody"], new Dictionary<string, Mask>());
        Assert.Equal("unknown-column", A.Refused(AccessPlan.Compile(rule, A.Schema, unknown)).Code);
    }

    [Fact]
    public void A_refusal_has_its_path_inside_the_permission()
    {
        var rule = A.Use(A.And(A.If(Terms.Row("nobody"), Operator.Eq, "1")));
        Assert.Equal("constraint[0].and[0]", A.Refused(AccessPlan.Compile(rule, A.Schema, DefaultPlan.None)).Rule);
    }

    [Theory]
    [InlineData("null", "Boolean Integer Decimal Number Date Time Timestamp Text Binary")]
    [InlineData("hash", "Integer Decimal Date Time Timestamp Text Binary")]
    [InlineData("hash:flu", "Integer Decimal Date Time Timestamp Text Binary")]
    [InlineData("first:2", "Text")]
    [InlineData("last:2", "Text")]
    [InlineData("round:10", "Integer Decimal Number")]
    [InlineData("round:0.5", "Decimal Number")]
    [InlineData("date:month", "Date Timestamp")]
    [InlineData("date:year", "Date Timestamp")]
    public void A_mask_fits_certain_types(string mask, string types) =>
        Assert.Equal(types, string.Join(' ', Enum.GetValues<ColumnType>().Where(Mask.Parse(mask)!.Fits)));

    [Theory]
    [InlineData("first:2 first:5", "first:2")]
    [InlineData("last:7 last:5 last:9", "last:5")]
    [InlineData("first:2 last:5", "null")]
    [InlineData("round:10 round:100", "round:100")]
    [InlineData("round:10 round:15", "null")]
    [InlineData("round:10 round:15 round:30", "null")]
    [InlineData("round:10 round:10.0", "round:10")]
    [InlineData("date:month date:year", "date:year")]
    [InlineData("hash hash", "hash")]
    [InlineData("hash hash:flu", "null")]
    [InlineData("hash:flu hash:cold", "null")]
    [InlineData("hash first:3", "null")]
    [InlineData("date:year null", "null")]
    public void Two_masks_give_the_stricter_or_nothing_to_see(string masks, string combined)
    {
        var parsed = masks.Split(' ').Select(text => Mask.Parse(text)!).ToList();
        Assert.Equal(combined, $"{Mask.Combine(parsed)}");
        parsed.Reverse();
        Assert.Equal(combined, $"{Mask.Combine(parsed)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("first")]
    [InlineData("first:-1")]
    [InlineData("first:1:2")]
    [InlineData("round:0")]
    [InlineData("round:1e3")]
    [InlineData("date:day")]
    [InlineData("hash:a b")]
    [InlineData("null:1")]
    public void What_is_no_mask_is_not_read(string text) => Assert.Null(Mask.Parse(text));

    [Fact]
    public void A_plan_says_which_keys_it_needs()
    {
        var plan = Compile(
            A.If(Terms.Mask("name"), Operator.Eq, "hash"), A.If(Terms.Mask("id"), Operator.Eq, "hash:flu"),
            A.If(Terms.Mask("salary"), Operator.Eq, "hash:flu"));
        Assert.True(plan.NeedsMaskKey);
        Assert.Equal(["agreement", "scenario:flu"], plan.MaskKeyScopes);
        Assert.Equal(ColumnType.Text, plan.Columns[0].Mask!.Masked(plan.Columns[0].Type));
    }

    [Theory]
    [InlineData("id", Operator.Lt, "+007", null, "7")]
    [InlineData("id", Operator.Eq, "7", "xsd:integer", "7")]
    [InlineData("id", Operator.Eq, "7.5", null, null)]
    [InlineData("id", Operator.Eq, "7", "xsd:decimal", null)]
    [InlineData("name", Operator.Eq, "O'Neill; --", null, "O'Neill; --")]
    [InlineData("name", Operator.Neq, "x", "xsd:integer", null)]
    [InlineData("name", Operator.Lt, "x", null, null)]
    [InlineData("born", Operator.Gteq, "2000-02-29", "xsd:date", "2000-02-29")]
    [InlineData("born", Operator.Gteq, "2001-02-29", "xsd:date", null)]
    [InlineData("seen", Operator.Lteq, "2026-01-01T01:00:00+01:00", "xsd:dateTime", "2026-01-01T00:00:00")]
    [InlineData("seen", Operator.Lteq, "2026-01-01T00:00:00.5", null, "2026-01-01T00:00:00.5")]
    [InlineData("seen", Operator.Lteq, "2026-01-01", null, null)]
    [InlineData("salary", Operator.Gt, "1000.50", "xsd:decimal", "1000.5")]
    [InlineData("salary", Operator.Gt, "-0", null, "0")]
    [InlineData("salary", Operator.Gt, "1.00000000000000000000000000001", null, null)]
    [InlineData("weight", Operator.Gt, "1e3", "xsd:double", "1000")]
    [InlineData("weight", Operator.Gt, "NaN", null, null)]
    [InlineData("weight", Operator.Gt, "1e999", null, null)]
    [InlineData("active", Operator.Eq, "true", "xsd:boolean", "true")]
    [InlineData("active", Operator.Eq, "1", null, null)]
    [InlineData("active", Operator.Gt, "false", null, null)]
    [InlineData("wakes", Operator.Lt, "08:30:00", "xsd:time", "08:30:00")]
    [InlineData("wakes", Operator.Lt, "25:00:00", null, null)]
    [InlineData("photo", Operator.Eq, "AA", null, null)]
    public void A_row_value_is_read_by_the_type_of_its_column(
        string column, Operator op, string text, string? type, string? value)
    {
        var decision = AccessPlan.Compile(A.Use(A.If(Terms.Row(column), op, text, type)), A.Schema, DefaultPlan.None);
        if (value is null)
        {
            Assert.Equal("constraint[0]", A.Refused(decision).Rule);
            return;
        }

        var row = Assert.IsType<RowComparison>(A.Value(decision).Rows);
        Assert.Equal((column, op, value), (row.Column, row.Operator, Assert.Single(row.Values)));
    }

    [Fact]
    public void Equal_meanings_have_equal_hashes_and_others_do_not()
    {
        var one = A.If(Terms.Row("id"), Operator.Eq, "1");
        var same = A.IfAny(Terms.Row("id"), Operator.IsAnyOf, "+1", "01");
        var other = A.If(Terms.Row("name"), Operator.Neq, "x");
        Assert.Equal(Compile(one, other).Hash, Compile(A.And(other, one), same).Hash);
        Assert.Equal(Compile(A.Or(one, other)).Hash, Compile(A.Or(other, A.Or(one, same))).Hash);
        Assert.NotEqual(Compile(one, other).Hash, Compile(A.Or(one, other)).Hash);
        Assert.NotEqual(_whole.Hash, Compile(one).Hash);
        var fewer = new TableSchema([.. A.Schema.Columns.SkipLast(1)]);
        Assert.NotEqual(_whole.Hash, A.Value(AccessPlan.Compile(A.Use(), fewer, DefaultPlan.None)).Hash);
    }

    [Fact]
    public void The_hash_and_the_kept_form_never_change()
    {
        var plan = Golden();
        Assert.Equal("c8899d28b65a4700e7599a9129892c0048ad63fb02cebe83a5c24d4715d4d1c5", plan.Hash);
        var kept = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Policies", "Golden", "plan.json")).Trim();
        Assert.Equal(kept, PlanJson.Write(plan));
        Assert.Equal(plan.Hash, PlanJson.ReadPlan(kept).Hash);
        Assert.Equal(A.Schema.Columns, PlanJson.ReadSchema(PlanJson.Write(A.Schema)).Columns);
        var holder = new DefaultPlan(["a"], new Dictionary<string, Mask> { ["b"] = Mask.Parse("last:4")! });
        Assert.Equal("last:4", $"{PlanJson.ReadDefaultPlan(PlanJson.Write(holder)).Masks["b"]}");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"columns":[{"name":"a","type":"Shoe"}]}""")]
    [InlineData("""{"columns":[{"name":"a","type":"Text","extra":1}]}""")]
    [InlineData("""{"columns":[],"columns":[]}""")]
    public void A_kept_schema_that_is_damaged_throws(string json) =>
        Assert.ThrowsAny<JsonException>(() => PlanJson.ReadSchema(json));

    [Fact]
    public void Two_columns_of_one_name_are_refused()
    {
        var schema = new TableSchema([new Column("a", ColumnType.Text), new Column("A", ColumnType.Text)]);
        Assert.Equal("bad-schema", A.Refused(AccessPlan.Compile(A.Use(), schema, DefaultPlan.None)).Code);
    }

    private static AccessPlan Golden() => Compile(
        A.IfAny(Terms.Column, Operator.IsNoneOf, "photo"), A.If(Terms.Mask("姓名"), Operator.Eq, "hash"),
        A.If(Terms.Mask("salary"), Operator.Eq, "round:1000"), A.If(Terms.Row("active"), Operator.Eq, "true"),
        A.Or(
            A.If(Terms.Row("born"), Operator.Lt, "2000-01-01"),
            A.IfAny(Terms.Row("name"), Operator.IsAnyOf, "b", "a")));

    private static AccessPlan Compile(params IReadOnlyList<Constraint> constraints) =>
        A.Value(AccessPlan.Compile(A.Use(constraints), A.Schema, DefaultPlan.None));
}
