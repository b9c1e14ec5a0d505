using Millrace.Protocol.Policies;

namespace Millrace.Engine.Delivery;

/// <summary>A plan is looked through again where it is carried out: what came from storage is not trusted to be
/// whole.</summary>
internal static class PlanCheck
{
    /// <exception cref="ViewException">The plan contradicts itself, or a key is missing.</exception>
    public static void Whole(AccessPlan plan, IReadOnlyList<MaskKey> keys)
    {
        if (plan.Columns.Count == 0) throw Bad("shows no column");
        if (!Distinct(plan.Schema.Columns.Select(c => c.Name)) || !Distinct(plan.Columns.Select(c => c.Name)))
            throw Bad("names a column twice");
        if (plan.Columns.Any(c => plan.Schema.Find(c.Name)?.Type != c.Type))
            throw Bad("shows a column that its schema does not have with that type");
        if (plan.Columns.Any(c => c.Mask is { } mask && !mask.Fits(c.Type)))
            throw Bad("puts a mask on a column that it does not fit");
        if (plan.Rows is { } rows) RowSql.Of(rows, plan.Schema);
        if (plan.MaskKeyScopes.Any(scope => keys.Count(k => k.Scope == scope) != 1))
            throw new ViewException("missing-key", "The view needs a key for its pseudonyms; hand in one for each "
                + "scope.");
    }

    // DuckDB does not tell names apart by letter case.
    private static bool Distinct(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return names.All(seen.Add);
    }

    private static ViewException Bad(string what) =>
        new("bad-plan", $"The access plan {what}; nothing is released until the policy is mended.");
}
