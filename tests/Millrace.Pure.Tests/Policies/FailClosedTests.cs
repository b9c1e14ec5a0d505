using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class FailClosedTests
{
    public static TheoryData<string, Operator, string, string?, string> BadConstraints => new()
    {
        { "shoeSize", Operator.Eq, "1", null, "unknown-term" },
        { Terms.Profile + "shoeSize", Operator.Eq, "1", null, "unknown-term" },
        { Terms.Profile + "mask/", Operator.Eq, "null", null, "unknown-term" },
        { Terms.DateTime, Operator.Eq, "2027-01-01T00:00:00Z", null, "unknown-operator" },
        { Terms.DateTime, Operator.TermLteq, "2027-01-01T00:00:00Z", null, "unknown-operator" },
        { Terms.DateTime, Operator.Lt, "2027-01-01T00:00:00", null, "bad-value" },
        { Terms.DateTime, Operator.Lt, "2027-01-01", "xsd:date", "bad-value" },
        { Terms.DateTime, Operator.Lt, "2027-01-01T00:00:00Z", "xsd:integer", "bad-value" },
        { Terms.DateTime, Operator.Lt, "soon", null, "bad-value" },
        { Terms.SinceAgreement, Operator.Gt, "P1Y", null, "unknown-operator" },
        { Terms.SinceAgreement, Operator.Lt, "-P1Y", null, "bad-value" },
        { Terms.SinceAgreement, Operator.Lt, "P", null, "bad-value" },
        { Terms.SinceAgreement, Operator.Lt, "P1DT", null, "bad-value" },
        { Terms.SinceAgreement, Operator.Lt, "P1Y\n", null, "bad-value" },
        { Terms.SinceAgreement, Operator.Lt, "P9999999Y", null, "bad-value" },
        { Terms.Count, Operator.Gteq, "5", null, "unknown-operator" },
        { Terms.Count, Operator.Eq, "5", null, "unknown-operator" },
        { Terms.Count, Operator.Lteq, "-5", null, "bad-value" },
        { Terms.Count, Operator.Lteq, "5.5", null, "bad-value" },
        { Terms.Count, Operator.Lteq, "5", "xsd:decimal", "bad-value" },
        { Terms.Count, Operator.Lteq, "99999999999999999999", null, "bad-value" },
        { Terms.Rows, Operator.Lt, "5", null, "unknown-operator" },
        { Terms.Bytes, Operator.Lt, "5", null, "unknown-operator" },
        { Terms.Purpose, Operator.Neq, Purposes.Namespace + "research", null, "unknown-operator" },
        { Terms.Purpose, Operator.Eq, "research", null, "bad-value" },
        { Terms.Purpose, Operator.Eq, "https://other.example/purpose", null, "bad-value" },
        { Terms.Environment, Operator.Neq, "query", null, "unknown-operator" },
        { Terms.Environment, Operator.Eq, "moon", null, "bad-value" },
        { Terms.Environment, Operator.Eq, "room", null, "not-enforceable-yet" },
        { Terms.Column, Operator.Eq, "name", null, "unknown-operator" },
        { Terms.Mask("name"), Operator.Neq, "hash", null, "unknown-operator" },
        { Terms.Mask("name"), Operator.Eq, "blur", null, "bad-value" },
        { Terms.Mask("name"), Operator.Eq, "first:0", null, "bad-value" },
        { Terms.Mask("name"), Operator.Eq, "hash:", null, "bad-value" },
        { Terms.Row("name"), Operator.IsA, "x", null, "unknown-operator" },
        { Terms.Seat, Operator.Neq, "CN", null, "unknown-operator" },
        { Terms.Seat, Operator.Eq, "ZZ", null, "bad-value" },
        { Terms.Seat, Operator.Eq, "cn", null, "bad-value" },
        { Terms.Seat, Operator.Eq, "CN-HK", null, "bad-value" },
        { Terms.Spatial, Operator.IsA, "CN", null, "unknown-operator" },
        { Terms.Spatial, Operator.IsPartOf, "CN-", null, "bad-value" },
        { Terms.Industry, Operator.IsPartOf, "A01", null, "unknown-operator" },
        { Terms.Industry, Operator.Eq, "A 01", null, "bad-value" },
        { Terms.Membership, Operator.IsAnyOf, "x@did:web:a", null, "unknown-operator" },
        { Terms.Membership, Operator.Eq, "x", null, "bad-value" },
        { Terms.Membership, Operator.Eq, "@did:web:a", null, "bad-value" },
        { Terms.Membership, Operator.Eq, "x@did:web:", null, "bad-value" },
        { Terms.MinGroupSize, Operator.Lteq, "10", null, "unknown-operator" },
        { Terms.MinGroupSize, Operator.Gteq, "0", null, "bad-value" },
        { Terms.Epsilon, Operator.Lteq, "0", null, "bad-value" },
        { Terms.MinGroupSize, Operator.Gteq, "10", null, "not-enforceable-yet" },
        { Terms.Epsilon, Operator.Lteq, "1", null, "not-enforceable-yet" },
    };

    [Theory, MemberData(nameof(BadConstraints))]
    public void A_constraint_that_is_not_understood_refuses_everywhere(
        string left, Operator op, string value, string? type, string code)
    {
        var bad = A.If(left, op, value, type);
        var good = A.Use();
        const string At = "permission[1].constraint[0].and[0]";
        var policy = A.Policy(good, A.Rule(Terms.Derive, A.And(bad)));
        var refusal = Assert.Single(PolicyCheck.Check(policy, A.Schema));
        Assert.Equal((code, At), (refusal.Code, refusal.Rule));
        foreach (var stage in Enum.GetValues<UseStage>())
            Assert.Equal(refusal, A.Refused(PolicyEvaluator.Evaluate(policy, A.Read(stage))));
        Assert.Equal(code, A.Refused(AccessPlan.Compile(A.Use(bad), A.Schema, DefaultPlan.None)).Code);
        var prohibition = A.Policy(good) with { Prohibitions = [A.Use(bad)] };
        Assert.Equal(code, A.Answer(prohibition, A.Read()));
        // What is not understood is shown, and said to be enforced by nobody.
        Assert.Contains(PolicySentences.Describe(A.Policy(A.Use(bad))), term => term.Reach == Reach.LegalOnly);
    }

    public static TheoryData<string, Policy, string, string> BadPolicies
    {
        get
        {
            var time = A.If(Terms.DateTime, Operator.Lt, "2027-01-01T00:00:00Z");
            var row = A.If(Terms.Row("id"), Operator.Eq, "1");
            var count = A.If(Terms.Count, Operator.Lteq, "1");
            var column = A.IfAny(Terms.Column, Operator.IsAnyOf, "id");
            var list = new AtomicConstraint(Terms.Count, Operator.Lteq, RightOperand.List("1", "2"));
            var none = new AtomicConstraint(Terms.Purpose, Operator.IsAnyOf, RightOperand.List());
            var use = A.Policy(A.Use());
            Policy Owing(string action, params IReadOnlyList<Constraint> constraints) =>
                use with { Obligations = [A.Rule(action, constraints)] };
            return new TheoryData<string, Policy, string, string>
            {
                { "profile", use with { Profiles = ["https://other.example/"] }, "unknown-profile", "profile[0]" },
                { "nothing", A.Policy() with { Prohibitions = [A.Use()] }, "no-permission", "permission" },
                { "action", A.Policy(A.Rule("play")), "unknown-term", "permission[0].action" },
                { "analyse", A.Policy(A.Rule(Terms.Analyse)), "not-enforceable-yet", "permission[0]" },
                { "no action", use with { Prohibitions = [A.Rule("play")] }, "unknown-term", "prohibition[0].action" },
                { "sequence", A.Policy(A.Use(new LogicalConstraint(Connective.AndSequence, [time]))), "no-sequence",
                    "permission[0].constraint[0].andSequence" },
                { "mixed", A.Policy(A.Use(A.Or(time, row))), "mixed-constraints", "permission[0].constraint[0].or" },
                { "deep", A.Policy(A.Use(A.Or(time, A.And(row)))), "mixed-constraints",
                    "permission[0].constraint[0].or" },
                { "limit", A.Policy(A.Use(A.Or(time, count))), "limit-inside-or", "permission[0].constraint[0].or" },
                { "xone rows", A.Policy(A.Use(A.Xone(row, row))), "plan-inside-or",
                    "permission[0].constraint[0].xone" },
                { "or columns", A.Policy(A.Use(A.Or(column, column))), "plan-inside-or",
                    "permission[0].constraint[0].or" },
                { "empty or", A.Policy(A.Use(A.Or())), "bad-value", "permission[0].constraint[0].or" },
                { "deep nesting", A.Policy(A.Use(Nested(time, 17))), "too-large", "" },
                { "huge", A.Policy(A.Use([.. Enumerable.Repeat(time, 501)])), "too-large", "" },
                { "list", A.Policy(A.Use(list)), "bad-value", "permission[0].constraint[0]" },
                { "no value", A.Policy(A.Use(none)), "bad-value", "permission[0].constraint[0]" },
                { "duty", A.Policy(A.Use() with { Duties = [A.Rule(Terms.Attribute)] }), "unknown-term",
                    "permission[0].duty[0].action" },
                { "form", A.Policy(A.Use() with { Duties = [A.Rule(Terms.Sign)] }), "bad-value",
                    "permission[0].duty[0]" },
                { "price before", A.Policy(A.Use() with { Duties = [A.Rule(Terms.Compensate)] }), "bad-value",
                    "permission[0].duty[0]" },
                { "duty of a duty", A.Policy(A.Use() with { Duties = [A.Rule(Terms.Inform) with
                    { Duties = [A.Rule(Terms.Inform)] }] }), "not-in-duty", "permission[0].duty[0].duty[0]" },
                { "limit in prohibition", use with { Prohibitions = [A.Use(count)] }, "not-in-prohibition",
                    "prohibition[0].constraint[0]" },
                { "rows in prohibition", use with { Prohibitions = [A.Use(row)] }, "not-in-prohibition",
                    "prohibition[0].constraint[0]" },
                { "obligation", Owing("sing"), "unknown-term", "obligation[0].action" },
                { "carry over", Owing(Terms.CarryOver), "unknown-term", "obligation[0]" },
                { "carry what", Owing(Terms.CarryOver, A.IfAny(Terms.Term, Operator.IsAllOf, "all")), "bad-value",
                    "obligation[0].constraint[0]" },
                { "attribute", Owing(Terms.Attribute, time), "unknown-term", "obligation[0].constraint[0]" },
                { "delete", Owing(Terms.Delete, count), "unknown-term", "obligation[0].constraint[0]" },
                { "pay", Owing(Terms.Compensate), "bad-value", "obligation[0]" },
            };
        }
    }

    [Theory, MemberData(nameof(BadPolicies))]
    public void A_policy_with_an_unknown_part_is_neither_published_nor_evaluated(
        string name, Policy policy, string code, string path)
    {
        Assert.NotEmpty(name);
        var refusal = Assert.Single(PolicyCheck.Check(policy, A.Schema));
        Assert.Equal((code, path), (refusal.Code, refusal.Rule ?? ""));
        Assert.Equal(code, A.Answer(policy, A.Read()));
    }

    private static Constraint Nested(Constraint inner, int depth) =>
        Enumerable.Range(0, depth).Aggregate(inner, (part, _) => A.And(part));

    [Fact]
    public void A_request_that_is_not_understood_is_refused()
    {
        var policy = A.Policy(A.Use());
        Assert.Equal("ok", A.Answer(policy, A.Read()));
        Assert.Equal("unknown-term", A.Answer(policy, A.Read() with { Action = "play" }));
        Assert.Equal("unknown-term", A.Answer(policy, A.Read() with { Purpose = "research" }));
        Assert.Equal("unknown-term", A.Answer(policy, A.Read() with { Environment = "moon" }));
        Assert.Equal("bad-request", A.Answer(policy, A.Read() with { Environment = null }));
        Assert.Equal("bad-request", A.Answer(policy, A.Read() with { AgreedAt = null }));
        Assert.Equal("bad-request", A.Answer(policy, A.Read() with { ReadsSoFar = -1 }));
        Assert.Equal("bad-request", A.Answer(policy, A.Read() with { BytesAsked = long.MinValue }));
        Assert.Equal("bad-request", A.Answer(policy, A.Read() with { Stage = (UseStage)9 }));
    }

    [Fact]
    public void A_fault_inside_is_a_refusal()
    {
        Assert.Equal("evaluation-failed", A.Answer(A.Policy(A.Use()) with { Obligations = null! }, A.Read()));
        Assert.Equal("evaluation-failed", A.Answer(null!, A.Read()));
    }

    [Fact]
    public void Columns_that_the_schema_lacks_are_refused_before_publishing()
    {
        var policy = A.Policy(A.Use(
            A.IfAny(Terms.Column, Operator.IsNoneOf, "id", "Name"), A.If(Terms.Mask("nobody"), Operator.Eq, "null"),
            A.If(Terms.Mask("id"), Operator.Eq, "first:2"), A.If(Terms.Row("id"), Operator.Lt, "many")));
        Assert.Equal(
            [
                ("unknown-column", "permission[0].constraint[0]"), ("unknown-column", "permission[0].constraint[1]"),
                ("bad-value", "permission[0].constraint[2]"), ("bad-value", "permission[0].constraint[3]"),
            ],
            PolicyCheck.Check(policy, A.Schema).Select(refusal => (refusal.Code, refusal.Rule!)));
    }

    [Fact]
    public void The_default_offer_may_be_published_and_allows_use_only()
    {
        var offer = DefaultOffer.Create("urn:offer", "did:web:holder.example");
        Assert.Empty(PolicyCheck.Check(offer, A.Schema));
        Assert.Equal("ok", A.Answer(offer, A.Read()));
        foreach (var action in new[] { Terms.Distribute, Terms.Derive, Terms.Train })
            Assert.Equal("prohibited", A.Answer(offer, A.Read() with { Action = action }));
        Assert.True(Policy.SameTerms(offer, A.Value(PolicyJson.Read(PolicyJson.ToBytes(offer)))));
    }
}
