using CsCheck;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class ForbiddenUseTests
{
    [Fact]
    public void What_is_tried_breaks_a_rule_and_is_refused()
    {
        var (tried, found) = (0, 0);
        PolicyGen.Policy.Sample(
            policy =>
            {
                for (var i = 0; i < policy.Permissions.Count; i++)
                {
                    var allowed = ForbiddenUses.Allowed(policy, $"permission[{i}]", A.Now);
                    if (allowed.Refused(out _, out var use)) continue;
                    found++;
                    Assert.Equal("ok", A.Answer(policy, use));
                    foreach (var forbidden in ForbiddenUses.Of(policy, use))
                    {
                        tried++;
                        Assert.True(A.Answer(policy, forbidden.Request) != "ok", forbidden.ToString());
                        Assert.NotEqual("bad-request", A.Answer(policy, forbidden.Request));
                    }
                }
            },
            iter: 500,
            threads: 1);
        Assert.True(found > 200 && tried > 500, $"{tried} uses were tried on {found} permissions.");
    }

    public static TheoryData<string, string[]> Tried => new()
    {
        { "purpose", ["without a purpose", "for marketing"] },
        { "end", ["after its end, at 2027-01-01T00:00:00Z"] },
        { "begin", ["before its begin, at 2026-01-01T00:00:00Z"] },
        { "since", ["after its end, at 2026-07-15T12:00:00.0000001Z"] },
        { "count", ["after 5 reads, once more"] },
        { "rows", ["after 9 rows, one more"] },
        { "seat", ["by someone seated in AQ", "by someone seated nobody knows where"] },
        { "outside", ["from a place of use in US", "from a place of use nobody knows where"] },
        { "field", ["by someone of the field 0", "by someone of no known field"] },
        { "member", ["by someone who only says so", "by a member whose membership has ended"] },
        { "way", ["by query"] },
    };

    [Theory, MemberData(nameof(Tried))]
    public void Each_condition_is_broken_in_its_own_ways(string name, string[] whats)
    {
        Dictionary<string, Constraint> all = new()
        {
            ["purpose"] = A.Purpose("research"),
            ["end"] = A.If(Terms.DateTime, Operator.Lt, "2027-01-01T00:00:00Z"),
            ["begin"] = A.If(Terms.DateTime, Operator.Gt, "2026-01-01T00:00:00Z"),
            ["since"] = A.If(Terms.SinceAgreement, Operator.Lteq, "P30D"),
            ["count"] = A.If(Terms.Count, Operator.Lteq, "5"),
            ["rows"] = A.If(Terms.Rows, Operator.Lteq, "9"),
            ["seat"] = A.If(Terms.Seat, Operator.IsPartOf, "CN"),
            ["outside"] = A.IfAny(Terms.Spatial, Operator.IsNoneOf, "US"),
            ["field"] = A.If(Terms.Industry, Operator.Eq, "G5412"),
            ["member"] = A.If(Terms.Membership, Operator.Eq, "Member@did:web:space.example"),
            ["way"] = A.If(Terms.Environment, Operator.Eq, "download"),
        };
        // With all others, so that what is tried breaks just this one; but whoever outlives one end outlives both.
        var others = all.Where(c => c.Key != name && (c.Key, name) is not (("end", "since") or ("since", "end")));
        var policy = A.Policy(A.Use([all[name], A.And([.. others.Select(c => c.Value)])]));
        var allowed = A.Value(ForbiddenUses.Allowed(policy, "permission[0]", A.Now));
        var broken = ForbiddenUses.Of(policy, allowed).Where(f => f.Path == "permission[0].constraint[0]").ToList();
        Assert.Superset(whats.ToHashSet(), broken.Select(f => f.What).ToHashSet());
        Assert.All(broken, f => Assert.Equal(
            "permission[0].constraint[0]", A.Refused(PolicyEvaluator.Evaluate(policy, f.Request)).Rule));
    }

    [Fact]
    public void What_a_prohibition_is_about_is_tried_and_so_is_a_duty_that_waits()
    {
        var policy = A.Policy(A.Use() with { Duties = [A.Rule(Terms.Inform)] }) with
        {
            Prohibitions = [A.Use(A.If(Terms.Purpose, Operator.IsA, Purposes.Namespace + "research"))],
        };
        var allowed = A.Value(ForbiddenUses.Allowed(policy, "permission[0]", A.Now));
        Assert.Equal(
            ["permission[0].duty[0] duty-open", "prohibition[0].constraint[0] prohibited",
                "prohibition[0].constraint[0] prohibited", "prohibition[0].constraint[0] prohibited"],
            ForbiddenUses.Of(policy, allowed).Select(f => $"{f.Path} {A.Answer(policy, f.Request)}"));
    }

    [Fact]
    public void Where_nobody_may_read_it_says_why()
    {
        var over = A.Policy(A.Use(A.If(Terms.DateTime, Operator.Lt, "2026-01-01T00:00:00Z")));
        Assert.Equal("expired", A.Refused(ForbiddenUses.Allowed(over, "permission[0]", A.Now)).Code);
        Assert.Equal("no-such-permission", A.Refused(ForbiddenUses.Allowed(over, "permission[1]", A.Now)).Code);
    }
}
