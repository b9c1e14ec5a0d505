namespace Millrace.Protocol.Policies;

/// <summary>A use that terms forbid, ready to be tried.</summary>
/// <param name="Path">The rule or condition that forbids it.</param>
/// <param name="What">What would be done, as a phrase.</param>
public sealed record ForbiddenUse(string Path, string What, string WhatZh, UseRequest Request);

/// <summary>
/// Turns terms round: for each condition of a permission that must hold, uses that break it and nothing else. Of
/// alternatives (<c>or</c>, <c>xone</c>) none is broken: no single part of them forbids anything.
/// </summary>
public static class ForbiddenUses
{
    /// <summary>
    /// A read that a permission allows, by someone of whom all that it asks for is known; refuses where there is none.
    /// </summary>
    /// <param name="permission">Such as <c>permission[0]</c>.</param>
    public static Decision<UseRequest> Allowed(Policy policy, string permission, DateTimeOffset now)
    {
        if (PolicyShape.Check(policy) is [var unknown, ..]) return unknown;
        if (Find(policy, permission) is not { } rule)
            return new Refusal("no-such-permission", "There is no such permission.", permission);
        var request = new UseRequest
        {
            Stage = UseStage.Read,
            Action = rule.Action,
            Now = now,
            AgreedAt = now,
            Environment = Environments.Download,
            PermissionPath = permission,
            DutiesDone = DutyPaths.Of(policy),
            Claims = new Claims(Memberships: []),
        };
        request = rule.Constraints.Aggregate(request, UseBreaks.Keep);
        // A prohibition may still meet it: another purpose may get round that.
        var tries = Purposes.All.Select(purpose => request with { Purpose = purpose.Iri }).Prepend(request).ToList();
        foreach (var use in tries)
            if (!PolicyEvaluator.Evaluate(policy, use).Refused(out _, out _))
                return use;
        PolicyEvaluator.Evaluate(policy, request).Refused(out var refusal, out _);
        return refusal!;
    }

    /// <summary>What to try against a permission and the prohibitions of its action.</summary>
    /// <param name="allowed">A read that the permission allows.</param>
    public static IReadOnlyList<ForbiddenUse> Of(Policy policy, UseRequest allowed)
    {
        var path = allowed.PermissionPath ?? "";
        var rule = Find(policy, path) ?? throw new ArgumentException("It names no permission.", nameof(allowed));
        var uses = new List<ForbiddenUse>();
        All(rule.Constraints, path + ".constraint", allowed, uses);
        for (var i = 0; i < rule.Duties.Count; i++)
        {
            var duty = PolicyShape.At(path + ".duty", i);
            uses.Add(new ForbiddenUse(
                duty, "before the precondition is met", "前提义务尚未履行时",
                allowed with { DutiesDone = [.. allowed.DutiesDone.Where(done => done != duty)] }));
        }

        for (var i = 0; i < policy.Prohibitions.Count; i++)
            if (policy.Prohibitions[i] is { Constraints: [AtomicConstraint only] } prohibition
                && prohibition.Action == allowed.Action)
                uses.AddRange(UseBreaks.Meeting(
                    only, PolicyShape.At(PolicyShape.At("prohibition", i) + ".constraint", 0), allowed));
        return uses;
    }

    private static void All(
        IReadOnlyList<Constraint> constraints, string path, UseRequest allowed, List<ForbiddenUse> uses)
    {
        for (var i = 0; i < constraints.Count; i++)
        {
            var at = PolicyShape.At(path, i);
            if (constraints[i] is AtomicConstraint atomic) uses.AddRange(UseBreaks.Breaking(atomic, at, allowed));
            else if (constraints[i] is LogicalConstraint { Connective: Connective.And } and)
                All(and.Constraints, at + ".and", allowed, uses);
        }
    }

    private static Rule? Find(Policy policy, string path) => policy.Permissions
        .Where((_, i) => PolicyShape.At("permission", i) == path).FirstOrDefault();
}
