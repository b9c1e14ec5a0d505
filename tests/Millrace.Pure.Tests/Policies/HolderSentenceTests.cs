using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

/// <summary>What a holder masks whatever is agreed, in words beside the terms.</summary>
public sealed class HolderSentenceTests
{
    private static readonly string[] _masks =
    [
        "null", "hash", "hash:s", "first:1", "first:2", "last:2", "round:10", "round:20", "round:7", "date:month",
        "date:year",
    ];

    [Fact]
    public void A_masked_column_that_is_seen_is_a_term_and_a_hidden_one_is_none()
    {
        var masks = Masks(("salary", "round:10"), ("name", "last:4"));
        var all = HolderSentences.Describe(A.Policy(A.Use()), masks);
        Assert.Equal(["holder.mask[name]", "holder.mask[salary]"], all.Select(t => t.Path));
        Assert.Equal(
            new Term(
                "holder.mask[name]", "Whatever is agreed: with only the last 4 characters of column name.",
                "无论如何约定：列name仅保留后4个字符。", Reach.EnforcedByProvider),
            all[0]);
        Assert.Equal(
            ["holder.mask[salary]"],
            Paths(A.Policy(A.Use(A.And(A.IfAny(Terms.Column, Operator.IsNoneOf, "name")))), masks));
        Assert.Equal(
            ["holder.mask[name]"],
            Paths(
                A.Policy(
                    A.Use(A.IfAny(Terms.Column, Operator.IsAnyOf, "id")),
                    A.Use(A.IfAny(Terms.Column, Operator.IsAnyOf, "name"))),
                masks));
        Assert.Empty(HolderSentences.Describe(A.Policy(), masks));
        Assert.Empty(HolderSentences.Describe(A.Policy(A.Use()), Masks()));
    }

    [Fact]
    public void Two_masks_that_leave_nothing_together_are_said_to_just_where_the_plan_empties_the_column()
    {
        var told = 0;
        foreach (var column in A.Schema.Columns)
        {
            var fitting = _masks.Where(m => Mask.Parse(m)!.Fits(column.Type)).ToList();
            foreach (var (agreed, own) in fitting.SelectMany(a => fitting.Select(b => (a, b))))
            {
                var masked = A.If(Terms.Mask(column.Name), Operator.Eq, agreed);
                var (rule, holder) = (A.Use(A.And(masked)), Masks((column.Name, own)));
                var plan = A.Value(AccessPlan.Compile(rule, A.Schema, new DefaultPlan([], holder)));
                var emptied = plan.Columns.Single(c => c.Name == column.Name).Mask == Mask.Null
                    && agreed != "null" && own != "null";
                var text = HolderSentences.Describe(A.Policy(rule), holder).Single().Text;
                Assert.Equal(emptied, text.Contains("leave nothing together", StringComparison.Ordinal));
                told += emptied ? 1 : 0;
                // Where another permission shows more of it, something is left.
                text = HolderSentences.Describe(A.Policy(rule, A.Use()), holder).Single().Text;
                Assert.DoesNotContain("together", text, StringComparison.Ordinal);
            }
        }
        Assert.True(told > 20, $"{told}");
    }

    private static IEnumerable<string> Paths(Policy policy, IReadOnlyDictionary<string, Mask> masks) =>
        HolderSentences.Describe(policy, masks).Select(t => t.Path);

    private static Dictionary<string, Mask> Masks(params (string Column, string Mask)[] masks) =>
        masks.ToDictionary(m => m.Column, m => Mask.Parse(m.Mask)!);
}
