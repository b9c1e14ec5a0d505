namespace Millrace.Protocol.Policies;

/// <summary>
/// Whether a use is allowed: (1) a prohibition that matches refuses; (2) exactly one permission decides; (3) what is
/// not named is not allowed. Anything unknown, anywhere in the policy, refuses, and so does a fault in here.
/// </summary>
public static class PolicyEvaluator
{
    /// <summary>
    /// The permission that allows the use. Codes of refusals: <c>prohibited</c>, <c>action-not-allowed</c>,
    /// <c>not-yet</c>, <c>expired</c>, <c>no-purpose</c>, <c>wrong-purpose</c>, <c>wrong-environment</c>,
    /// <c>no-seat</c>, <c>wrong-seat</c>, <c>no-place</c>, <c>wrong-place</c>, <c>no-industry</c>,
    /// <c>wrong-industry</c>, <c>no-membership</c>, <c>duty-open</c>,
    /// <c>count-used-up</c>, <c>rows-used-up</c>, <c>bytes-used-up</c>, <c>not-exactly-one</c>,
    /// <c>choose-permission</c>, <c>no-such-permission</c>, <c>bad-request</c>, <c>evaluation-failed</c>, and those of
    /// <see cref="PolicyCheck"/> (<c>unknown-term</c>, …). The refusal names the rule that was nearest to allowing.
    /// </summary>
    public static Decision<Permit> Evaluate(Policy agreement, UseRequest request)
    {
        try
        {
            return Decide(agreement, request);
        }
        catch (Exception fault)
        {
            return new Refusal("evaluation-failed", $"The policy could not be evaluated ({fault.GetType().Name}).");
        }
    }

    /// <summary>
    /// The IRIs of the purposes for which a policy may allow something, now or later; null among them stands for a use
    /// without a purpose. Empty when it never allows anything, or is not understood.
    /// </summary>
    internal static IReadOnlySet<string?> Purposes(Policy policy, DateTimeOffset now, Claims claims)
    {
        if (PolicyShape.Check(policy).Count > 0) return new HashSet<string?>();
        var request = new UseRequest { Stage = UseStage.Negotiation, Now = now, AgreedAt = now, Claims = claims };
        return Worlds(request)
            .Where(world => policy.Permissions.Any(permission => world.Allows(policy, permission).Reaches(now)))
            .Select(world => world.Purpose).ToHashSet();
    }

    private static Decision<Permit> Decide(Policy policy, UseRequest request)
    {
        if (PolicyShape.Check(policy) is [var unknown, ..]) return unknown;
        if (Unusable(request) is { } unusable) return unusable;

        bool Open(TimeSet set) =>
            request.Stage == UseStage.Negotiation ? set.Reaches(request.Now) : set.Contains(request.Now);
        // Where the action use is prohibited, so is all that goes beyond it.
        var prohibitions = Named(policy.Prohibitions, "prohibition")
            .Where(p => p.Rule.Action == request.Action || p.Rule.Action == Terms.Use).ToList();
        var worlds = Worlds(request).ToList();
        var forbidden = worlds
            .Select(world => prohibitions.Aggregate(TimeSet.Never, (set, p) => set.Or(world.Matches(p.Rule)))).ToList();
        Refusal Prohibited() => prohibitions
            .Where(p => worlds.Any(world => Open(world.Matches(p.Rule))))
            .OrderBy(p => PolicyHash.Canonical(p.Rule), StringComparer.Ordinal)
            .Select(p => new Refusal("prohibited", $"The policy prohibits {request.Action} here.", p.Path)).First();
        if (forbidden.All(set => !Open(set.Not()))) return Prohibited();

        var permissions = Named(policy.Permissions, "permission").Where(p => p.Rule.Action == request.Action).ToList();
        if (permissions.Count == 0)
            return new Refusal("action-not-allowed", $"No permission names {request.Action}.", "permission");
        if (request.PermissionPath is { } chosen) permissions.RemoveAll(p => p.Path != chosen);
        if (permissions.Count == 0)
            return new Refusal("no-such-permission", "The chosen permission does not exist or is for another action.");

        var holding = permissions
            .Where(p => worlds.Zip(forbidden).Any(x => Open(x.First.Holds(p.Rule).Except(x.Second))))
            .OrderBy(p => PolicyHash.Canonical(p.Rule), StringComparer.Ordinal).ToList();
        if (holding.Count == 0)
            return permissions.Any(p => worlds.Any(world => Open(world.Holds(p.Rule)))) ? Prohibited()
                : NearestMiss.Explain(permissions, worlds, Open);
        // One that waits for something does not hold yet, and so does not compete with the others.
        var waiting = holding.Select(p => OpenDuty(p.Rule, p.Path, request)).ToList();
        if (waiting.All(duty => duty is not null))
            return waiting[0]!;
        holding = [.. holding.Where((_, i) => waiting[i] is null)];
        if (holding.Count > 1 && request.Stage == UseStage.Read)
            return new Refusal(
                "choose-permission", $"Several permissions hold; name one of {string.Join(", ", Sorted(holding))}.");
        return Permitted(holding[0], request);
    }

    /// <summary>The first precondition that nobody has found met; before signing there is none yet to meet.</summary>
    private static Refusal? OpenDuty(Rule permission, string path, UseRequest request)
    {
        if (request.Stage == UseStage.Negotiation) return null;
        var open = Named(permission.Duties, PolicyShape.Join(path, "duty"))
            .Where(duty => !request.DutiesDone.Contains(duty.Path))
            .OrderBy(duty => PolicyHash.Canonical(duty.Rule), StringComparer.Ordinal).ToList();
        return open.Count == 0
            ? null
            : new Refusal(
                "duty-open", "Something must be done before, and the provider has not recorded that it was.",
                open[0].Path);
    }

    private static IEnumerable<string> Sorted(IEnumerable<(Rule Rule, string Path)> rules) =>
        rules.Select(p => p.Path).Order(StringComparer.Ordinal);

    private static Refusal? Unusable(UseRequest request)
    {
        if (!PolicyShape.Actions.Contains(request.Action))
            return new Refusal("unknown-term", $"{request.Action} is not known as an action.");
        if (request.Purpose is { } purpose && Policies.Purposes.Find(purpose) is null)
            return new Refusal("unknown-term", "The purpose is not in the space's taxonomy.");
        if (request.Environment is { } environment && !Environments.Served.Contains(environment))
            return new Refusal("unknown-term", "The environment is not served here.");
        long[] counts =
        [
            request.ReadsSoFar, request.RowsSoFar, request.BytesSoFar, request.ReadsAsked, request.RowsAsked,
            request.BytesAsked,
        ];
        var known = request.Stage == UseStage.Negotiation || request.AgreedAt is not null;
        if (request.Stage == UseStage.Read) known &= request.Environment is not null;
        return known && counts.All(count => count >= 0) && Enum.IsDefined(request.Stage)
            ? null
            : new Refusal("bad-request", "A use needs the time of the agreement, an environment and whole counts.");
    }

    /// <summary>Every way that what is still open may turn out.</summary>
    private static IEnumerable<Facts> Worlds(UseRequest request)
    {
        IEnumerable<string?> purposes = request is { Purpose: null, Stage: UseStage.Negotiation }
            ? [null, .. Policies.Purposes.All.Select(purpose => purpose.Iri)]
            : [request.Purpose];
        IEnumerable<string> environments = request.Environment is { } known ? [known] : Environments.Served;
        return from purpose in purposes
               from environment in environments
               select new Facts(request, purpose, environment);
    }

    private static IEnumerable<(Rule Rule, string Path)> Named(IReadOnlyList<Rule> rules, string name) =>
        rules.Select((rule, i) => (rule, PolicyShape.At(name, i)));

    private static Permit Permitted((Rule Rule, string Path) chosen, UseRequest request)
    {
        var limits = Conditions(chosen.Rule.Constraints).OfType<LimitCondition>().ToList();
        long? Left(Counted counted, long soFar) =>
            limits.Where(limit => limit.Counted == counted).Min(limit => (long?)(limit.Max - soFar));
        return new Permit(
            chosen.Path, chosen.Rule, Left(Counted.Reads, request.ReadsSoFar), Left(Counted.Rows, request.RowsSoFar),
            Left(Counted.Bytes, request.BytesSoFar));
    }

    /// <summary>All conditions; a limit stands alone or under <c>and</c>, so each of them holds.</summary>
    private static IEnumerable<Condition> Conditions(IEnumerable<Constraint> constraints) =>
        constraints.SelectMany(constraint => constraint is AtomicConstraint atomic
            ? [Facts.Read(atomic)]
            : Conditions(((LogicalConstraint)constraint).Constraints));
}
