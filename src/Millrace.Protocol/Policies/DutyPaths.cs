namespace Millrace.Protocol.Policies;

/// <summary>Where the preconditions of a policy stand.</summary>
public static class DutyPaths
{
    /// <summary>All of them, as <c>permission[0].duty[0]</c>.</summary>
    public static IReadOnlyList<string> Of(Policy policy) =>
    [
        .. policy.Permissions.SelectMany((rule, i) => rule.Duties.Select(
            (_, j) => PolicyShape.At($"{PolicyShape.At("permission", i)}.duty", j))),
    ];
}
