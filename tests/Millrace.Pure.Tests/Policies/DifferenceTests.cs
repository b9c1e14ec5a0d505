using CsCheck;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class DifferenceTests
{
    private static readonly Constraint _five = A.If(Terms.Count, Operator.Lteq, "5");
    private static readonly Constraint _nine = A.If(Terms.Count, Operator.Lteq, "9");

    [Fact]
    public void There_is_a_difference_exactly_where_the_terms_differ() =>
        Gen.Select(PolicyGen.Policy, PolicyGen.Policy).Sample((a, b) =>
            PolicyDifference.Between(a, PolicyGen.Reversed(a)).Count == 0
            && PolicyDifference.Between(a, b).Count == 0 == Policy.SameTerms(a, b));

    [Fact]
    public void There_and_back_is_the_same_sentences_turned_round() =>
        Gen.Select(PolicyGen.Policy, PolicyGen.Prohibition, PolicyGen.Constraint).Sample((policy, more, constraint) =>
        {
            var other = policy with
            {
                Permissions = [A.Use([.. policy.Permissions[0].Constraints, constraint]),
                    .. policy.Permissions.Skip(1)],
                Prohibitions = [.. policy.Prohibitions, more],
            };
            var there = PolicyDifference.Between(policy, other);
            var back = PolicyDifference.Between(other, policy);
            return there.Select(c => (c.Added, c.Term.Text)).Order().SequenceEqual(
                back.Select(c => (!c.Added, c.Term.Text)).Order());
        });

    [Fact]
    public void A_changed_condition_is_told_with_the_permission_it_belongs_to()
    {
        var before = A.Policy(A.Rule(Terms.Derive), A.Use(A.Purpose("research"), _five));
        var after = A.Policy(A.Use(_nine, A.Purpose("research")), A.Rule(Terms.Derive));
        Assert.Equal(
            [
                (false, "permission[1].constraint[1]", "Condition: at most 5 reads.", Effect.Widens),
                (true, "permission[0].constraint[0]", "Condition: at most 9 reads.", Effect.Narrows),
            ],
            Said(before, after));
        Assert.All(PolicyDifference.Between(before, after), change =>
            Assert.Equal("You may read the data for your own purposes.", change.Rule?.Text));
    }

    [Fact]
    public void A_condition_that_moves_to_another_action_is_a_difference()
    {
        var before = A.Policy(A.Use(_five), A.Rule(Terms.Derive));
        var after = A.Policy(A.Use(), A.Rule(Terms.Derive, _five));
        Assert.Equal(
            [
                (false, "permission[0].constraint[0]", "Condition: at most 5 reads.", Effect.Widens),
                (true, "permission[1].constraint[0]", "Condition: at most 5 reads.", Effect.Narrows),
            ],
            Said(before, after));
    }

    [Fact]
    public void Whole_rules_come_and_go()
    {
        var before = A.Policy(A.Use(), A.Rule(Terms.Train)) with
        {
            Obligations = [Pay("0.02")],
        };
        var after = A.Policy(A.Use()) with
        {
            Profiles = ["https://other.example/"], Prohibitions = [A.Rule(Terms.Train)], Obligations = [Pay("0.05")],
        };
        Assert.Equal(
            [
                (false, "permission[1]", "You may train AI models with it.", Effect.Narrows),
                (false, "obligation[0]", "You pay 0.02 CNY for each row; both sides' records are signed.",
                    Effect.Widens),
                (true, "profile[0]", "A term this node does not know, and nothing enforces: https://other.example/.",
                    Effect.Narrows),
                (true, "prohibition[0]", "You must not train AI models with it.", Effect.Narrows),
                (true, "obligation[0]", "You pay 0.05 CNY for each row; both sides' records are signed.",
                    Effect.Narrows),
            ],
            Said(before, after));
    }

    [Fact]
    public void What_is_said_twice_counts_twice()
    {
        var twice = A.Policy(A.Use(_five), A.Use(_five));
        Assert.Equal(
            [(false, "permission[1]"), (false, "permission[1].constraint[0]")],
            PolicyDifference.Between(twice, A.Policy(A.Use(_five))).Select(c => (c.Added, c.Term.Path)));
    }

    private static IEnumerable<(bool, string, string, Effect)> Said(Policy before, Policy after) =>
        PolicyDifference.Between(before, after).Select(c => (c.Added, c.Term.Path, c.Term.Text, c.Effect));

    private static Rule Pay(string amount) => A.Rule(
        Terms.Compensate, A.If(Terms.PayAmount, Operator.Eq, amount, "xsd:decimal"),
        A.If(Terms.Currency, Operator.Eq, "CNY"), A.If(Terms.Per, Operator.Eq, "row"));
}
