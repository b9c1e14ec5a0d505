namespace Millrace.Protocol.Policies;

/// <summary>Says which masks a holder puts on columns whatever is agreed, beside the terms.</summary>
public static class HolderSentences
{
    /// <summary>
    /// A term for each masked column that the policy lets be seen, in the order of their names. Its path,
    /// <c>holder.mask[card]</c>, is no place in the policy: no negotiation can change it.
    /// </summary>
    public static IReadOnlyList<Term> Describe(Policy policy, IReadOnlyDictionary<string, Mask> masks)
    {
        var views = masks.Count == 0
            ? []
            : policy.Permissions.Select(p => p.Constraints.SelectMany(Seen).ToList()).ToList();
        return
        [
            .. from mask in masks.OrderBy(m => m.Key, StringComparer.Ordinal)
               let showing = views.Where(view => Shows(view, mask.Key)).ToList()
               where showing.Count > 0
               select Sentence(mask.Key, mask.Value, showing),
        ];
    }

    private static Term Sentence(string column, Mask mask, List<List<PlanCondition>> showing)
    {
        var (english, chinese) = showing.TrueForAll(view => Meet(view, column, mask))
            ? Meeting(Words.Shown(column))
            : ConditionWords.Of(new MaskCondition(column, mask));
        return new Term(
            $"holder.mask[{Words.Shown(column)}]", $"Whatever is agreed: {english}.", $"无论如何约定：{chinese}。",
            Reach.EnforcedByProvider);
    }

    private static Words Meeting(string column) => new(
        $"with column {column} emptied, for the mask of these terms and the holder's own leave nothing together",
        $"列{column}置空，因为本条款的遮蔽与持有方自己的遮蔽叠加后不留任何内容");

    /// <summary>What a permission says of columns; alternatives decide on rows and never on masks.</summary>
    private static IEnumerable<PlanCondition> Seen(Constraint constraint) => constraint switch
    {
        LogicalConstraint { Connective: Connective.And } all => all.Constraints.SelectMany(Seen),
        AtomicConstraint one when !ConditionReader.Read(one, "").Refused(out _, out var condition)
            && condition is PlanCondition seen => [seen],
        _ => [],
    };

    private static bool Shows(List<PlanCondition> view, string column) =>
        view.OfType<ColumnCondition>().All(c => c.Allowed == c.Names.Contains(column));

    private static bool Meet(List<PlanCondition> view, string column, Mask mask)
    {
        List<Mask> agreed = [.. view.OfType<MaskCondition>().Where(c => c.Column == column).Select(c => c.Mask)];
        return mask != Mask.Null && agreed.Count > 0 && !agreed.Contains(Mask.Null)
            && Mask.Combine([.. agreed, mask]) == Mask.Null;
    }
}
