namespace Millrace.Protocol.Policies;

/// <summary>Access plans in words.</summary>
public static class PlanWords
{
    /// <summary>Which rows a plan leaves, in English and Chinese.</summary>
    public static (string English, string Chinese) Rows(AccessPlan plan)
    {
        if (plan.Rows is null) return ("all rows", "全部行");
        var words = Of(plan.Rows);
        return ($"rows where {words.English}", $"满足以下条件的行：{words.Chinese}");
    }

    private static Words Of(RowPredicate predicate) => predicate switch
    {
        RowAll all => Joined(all.Parts, " and ", "，并且"),
        RowAny any => Joined(any.Parts, " or ", "，或者"),
        RowComparison c => ConditionWords.Compared(c.Column, c.Operator, c.Values),
        _ => throw new ArgumentException($"A row rule of type {predicate.GetType().Name} has no words."),
    };

    private static Words Joined(IReadOnlyList<RowPredicate> parts, string english, string chinese)
    {
        var words = Words.Joined(parts.Select(Of), english, chinese);
        return new Words($"({words.English})", $"（{words.Chinese}）");
    }
}
