namespace Millrace.Protocol.Policies;

/// <summary>
/// Asked before a provider publishes or agrees: it never promises what it cannot enforce or have attested.
/// </summary>
public static class PolicyCheck
{
    /// <summary>
    /// The parts of a policy that this version neither enforces nor knows how to have attested, each with its path. As
    /// consumer of somebody else's offer a person may accept them as obligations of the organisation.
    /// </summary>
    public static IReadOnlyList<Refusal> Unkept(Policy policy) => [.. PolicyShape.Check(policy).Distinct()];

    /// <summary>
    /// Everything that is unknown or cannot be enforced, each with the path of its rule; empty when the policy may be
    /// published for a product with this schema.
    /// </summary>
    public static IReadOnlyList<Refusal> Check(Policy policy, TableSchema schema) =>
        Check(policy, schema, DefaultPlan.None);

    /// <inheritdoc cref="Check(Policy, TableSchema)"/>
    /// <param name="holder">What the holder hides of the product whatever is agreed.</param>
    public static IReadOnlyList<Refusal> Check(Policy policy, TableSchema schema, DefaultPlan holder)
    {
        var refusals = PolicyShape.Check(policy);
        for (var i = 0; i < policy.Permissions.Count; i++)
        {
            var path = PolicyShape.At("permission", i);
            refusals.AddRange(PlanBuilder.Build(policy.Permissions[i], schema, holder, path).Refusals);
        }

        return [.. refusals.Distinct()];
    }
}
