using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

/// <summary>What offers together show of a table.</summary>
public sealed class ReleasedTests
{
    [Fact]
    public void A_column_is_open_where_one_permission_shows_it_as_it_is()
    {
        var (few, masked) = (
            A.IfAny(Terms.Column, Operator.IsAnyOf, "id", "name"), A.If(Terms.Mask("name"), Operator.Eq, "null"));
        var both = Of(DefaultPlan.None, A.Use(few, masked));
        Assert.Equal(["id", "name"], both.Seen.Order());
        Assert.Equal(["id"], both.Open.Keys);
        var either = Of(DefaultPlan.None, A.Use(few), A.Use(masked));
        Assert.Equal(A.Schema.Columns.Count, either.Seen.Count);
        Assert.Equal(A.Schema.Columns.Count, either.Open.Count);
    }

    [Fact]
    public void What_the_holder_hides_is_neither_seen_nor_open()
    {
        var holder = new DefaultPlan(["photo"], new Dictionary<string, Mask> { ["name"] = Mask.Parse("null")! });
        var released = Of(holder, A.Use());
        Assert.DoesNotContain("photo", released.Seen);
        Assert.Contains("name", released.Seen);
        Assert.DoesNotContain("name", released.Open.Keys);
    }

    [Fact]
    public void A_plan_of_all_rows_is_preferred_and_one_that_cannot_be_kept_shows_nothing()
    {
        var (rows, id) = (
            A.Use(A.If(Terms.Row("name"), Operator.Eq, "x")), A.Use(A.IfAny(Terms.Column, Operator.IsAnyOf, "id")));
        Assert.NotNull(Of(DefaultPlan.None, rows).Open["id"].Rows);
        foreach (var both in (Released[])[Of(DefaultPlan.None, rows, id), Of(DefaultPlan.None, id, rows)])
        {
            Assert.Null(both.Open["id"].Rows);
            Assert.NotNull(both.Open["name"].Rows);
        }
        Assert.Empty(Of(DefaultPlan.None, A.Use(A.IfAny(Terms.Column, Operator.IsAnyOf, "nobody"))).Seen);
        Assert.Empty(Of(DefaultPlan.None).Seen);
    }

    private static Released Of(DefaultPlan holder, params IReadOnlyList<Rule> permissions) =>
        Released.Of([.. permissions.Select(p => A.Policy(p))], A.Schema, holder);
}
