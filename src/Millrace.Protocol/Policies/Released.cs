namespace Millrace.Protocol.Policies;

/// <summary>What offers show of a table to whoever accepts one of them.</summary>
/// <param name="Seen">Columns that some permission shows, masked or not.</param>
/// <param name="Open">
/// By column, a plan that shows it as it is; one that shows all rows, if there is any such plan.
/// </param>
public sealed record Released(IReadOnlySet<string> Seen, IReadOnlyDictionary<string, AccessPlan> Open)
{
    /// <summary>A permission that cannot be kept shows nothing.</summary>
    /// <param name="holder">What is hidden whatever is agreed.</param>
    public static Released Of(IEnumerable<Policy> offers, TableSchema schema, DefaultPlan holder)
    {
        var seen = new HashSet<string>();
        var open = new Dictionary<string, AccessPlan>();
        foreach (var permission in offers.SelectMany(o => o.Permissions))
        {
            if (AccessPlan.Compile(permission, schema, holder).Refused(out _, out var plan))
                continue;
            seen.UnionWith(plan.Columns.Select(c => c.Name));
            foreach (var column in plan.Columns.Where(c => c.Mask is null))
            {
                if (plan.Rows is null || !open.ContainsKey(column.Name))
                    open[column.Name] = plan;
            }
        }
        return new Released(seen, open);
    }
}
