using CsCheck;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class PolicyProperties
{
    [Fact]
    public void Random_policies_may_be_published_and_both_answers_occur()
    {
        var answers = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        Gen.Select(PolicyGen.Policy, PolicyGen.Request).Sample((policy, request) =>
        {
            answers.AddOrUpdate(A.Answer(policy, request), 1, (_, n) => n + 1);
            return PolicyCheck.Check(policy, A.Schema).Count == 0;
        }, iter: 2_000);
        Assert.Contains("ok", answers.Keys);
        HashSet<string> codes = ["prohibited", "choose-permission", "expired", "no-membership", "wrong-place"];
        Assert.Superset(codes, answers.Keys.ToHashSet());
    }

    [Fact]
    public void Nothing_is_allowed_under_an_agreement_that_is_over()
    {
        var over = 0;
        Gen.Select(PolicyGen.Policy, PolicyGen.Request).Sample((policy, request) =>
        {
            if (PolicyEnd.Of(policy, request.AgreedAt ?? request.Now) is not { } end || request.Now < end)
                return true;
            Interlocked.Increment(ref over);
            return A.Answer(policy, request) != "ok";
        }, iter: 2_000);
        Assert.True(over > 0);
    }

    [Fact]
    public void One_more_prohibition_never_widens_access() =>
        Gen.Select(PolicyGen.Policy, PolicyGen.Prohibition, PolicyGen.Request).Sample((policy, more, request) =>
            NoWider(A.Answer(policy, request), A.Answer(
                policy with { Prohibitions = [.. policy.Prohibitions, more] }, request)));

    [Fact]
    public void One_more_constraint_never_widens_access() =>
        Gen.Select(PolicyGen.Policy, PolicyGen.Constraint, PolicyGen.Request).Sample((policy, more, request) =>
        {
            // Of one permission: with several, a constraint may leave exactly one, which then decides.
            var rule = policy.Permissions[0];
            var narrower = rule with { Constraints = [.. rule.Constraints, more] };
            return NoWider(
                A.Answer(policy with { Permissions = [rule] }, request),
                A.Answer(policy with { Permissions = [narrower] }, request));
        });

    [Fact]
    public void One_more_constraint_never_shows_more() =>
        Gen.Select(PolicyGen.Constraint.Array[0, 4], PolicyGen.Constraint).Sample((constraints, more) =>
        {
            var wide = A.Value(AccessPlan.Compile(A.Use(constraints), A.Schema, DefaultPlan.None));
            var narrow = A.Value(AccessPlan.Compile(A.Use([.. constraints, more]), A.Schema, DefaultPlan.None));
            return narrow.Columns.All(column =>
            {
                var before = wide.Columns.Single(other => other.Name == column.Name).Mask;
                // The masks together are those of the narrower plan: they add nothing to it.
                return before is null || Mask.Combine([before, column.Mask ?? before]) == column.Mask;
            });
        });

    [Fact]
    public void Order_does_not_matter() =>
        Gen.Select(PolicyGen.Policy, PolicyGen.Request).Sample((policy, request) =>
        {
            var reversed = PolicyGen.Reversed(policy);
            var plans = policy.Permissions.All(rule =>
                A.Value(AccessPlan.Compile(rule, A.Schema, DefaultPlan.None)).Hash
                == A.Value(AccessPlan.Compile(PolicyGen.Reversed(rule), A.Schema, DefaultPlan.None)).Hash);
            return A.Answer(policy, request) == A.Answer(reversed, request)
                   && PolicyHash.Of(policy) == PolicyHash.Of(reversed) && Policy.SameTerms(policy, reversed) && plans;
        });

    [Fact]
    public void What_is_written_reads_back_with_the_same_terms() =>
        PolicyGen.Policy.Sample(policy =>
        {
            var written = policy with { Target = "urn:t", Assigner = "did:web:a", Assignee = "did:web:b" };
            var read = A.Value(PolicyJson.Read(PolicyJson.ToBytes(written)));
            return Policy.SameTerms(written, read)
                   && PolicyJson.ToBytes(read).AsSpan().SequenceEqual(PolicyJson.ToBytes(written));
        });

    [Fact]
    public void One_more_rule_is_another_policy() =>
        Gen.Select(PolicyGen.Policy, PolicyGen.Prohibition).Sample((policy, more) =>
            !Policy.SameTerms(policy, policy with { Prohibitions = [.. policy.Prohibitions, more] }));

    private static bool NoWider(string before, string after) =>
        after is not "ok" || before is "ok" or "choose-permission";
}
