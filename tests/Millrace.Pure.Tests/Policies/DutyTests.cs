using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class DutyTests
{
    private static readonly Rule _sign = A.Rule(Terms.Sign, A.If(Terms.Form, Operator.Eq, "no-resale-2026"));

    private static readonly Rule _pay = A.Rule(
        Terms.Compensate, A.If(Terms.PayAmount, Operator.Eq, "100", "xsd:decimal"),
        A.If(Terms.Currency, Operator.Eq, "CNY"), A.If(Terms.Per, Operator.Eq, "agreement"));

    [Fact]
    public void A_permission_waits_for_each_of_its_duties()
    {
        var policy = A.Policy(A.Use() with { Duties = [_sign, _pay] });
        Assert.Empty(PolicyCheck.Check(policy, A.Schema));
        Assert.Equal("ok", A.Answer(policy, A.Read(UseStage.Negotiation)));
        foreach (var stage in new[] { UseStage.Transfer, UseStage.Read })
        {
            var request = A.Read(stage);
            Assert.Equal("duty-open", A.Answer(policy, request));
            var one = A.Refused(PolicyEvaluator.Evaluate(
                policy, request with { DutiesDone = ["permission[0].duty[0]"] }));
            Assert.Equal(("duty-open", "permission[0].duty[1]"), (one.Code, one.Rule));
            Assert.Equal("ok", A.Answer(
                policy, request with { DutiesDone = ["permission[0].duty[1]", "permission[0].duty[0]"] }));
        }
    }

    [Fact]
    public void What_waits_does_not_compete_with_what_holds()
    {
        var policy = A.Policy(A.Use() with { Duties = [_sign] }, A.Use(A.If(Terms.Count, Operator.Lteq, "1")));
        Assert.Equal("permission[1]", A.Value(PolicyEvaluator.Evaluate(policy, A.Read())).PermissionPath);
        var done = A.Read() with { DutiesDone = ["permission[0].duty[0]"] };
        Assert.Equal("choose-permission", A.Answer(policy, done));
        Assert.Equal("duty-open", A.Answer(policy, A.Read() with { PermissionPath = "permission[0]" }));
    }

    [Fact]
    public void Duties_are_said_with_who_sees_to_them()
    {
        var policy = A.Policy(A.Use() with { Duties = [_sign, _pay, A.Rule(Terms.Inform), A.Rule("sing")] });
        var said = PolicySentences.Describe(policy).Skip(1).Select(term => (term.Text, term.Reach));
        Assert.Equal(
            [
                ("Before the first read you must sign the form no-resale-2026; the provider records that you did.",
                    Reach.Attested),
                ("Before the first read you must pay 100 CNY for each agreement; the provider records that you did.",
                    Reach.Attested),
                ("Before the first read you must inform the provider; the provider records that you did.",
                    Reach.Attested),
                ("Before that, this must be done, which this node cannot check: sing.", Reach.LegalOnly),
            ],
            said);
    }

    [Fact]
    public void What_a_derived_offer_must_keep_is_told_by_name()
    {
        var source = A.Policy(A.Rule(Terms.Derive, A.Purpose("research"))) with
        {
            Obligations =
            [
                A.Rule(Terms.CarryOver, A.IfAny(
                    Terms.Term, Operator.IsAllOf, "purpose", "no-distribution", "attribution", "deletion")),
                A.Rule(Terms.Delete, A.If(Terms.SinceAgreement, Operator.Lteq, "P1Y")),
            ],
        };
        Assert.Empty(PolicyCheck.Check(source, A.Schema));
        var kept = A.Policy(A.Use(A.Purpose("research"), A.If(Terms.Count, Operator.Lteq, "1"))) with
        {
            Prohibitions = [A.Rule(Terms.Distribute)],
            Obligations = [A.Rule(Terms.Attribute), source.Obligations[1]],
        };
        Assert.Empty(CarriedTerms.Lacking(source, kept));
        Policy[] lacking =
        [
            kept with { Permissions = [A.Use()] }, kept with { Permissions = [.. kept.Permissions, A.Use()] },
            kept with { Prohibitions = [A.Rule(Terms.Distribute, A.Purpose("research"))] },
            kept with { Obligations = [A.Rule(Terms.Attribute)] }, kept with { Obligations = [source.Obligations[1]] },
        ];
        foreach (var offer in lacking)
        {
            var refusal = Assert.Single(CarriedTerms.Lacking(source, offer));
            Assert.Equal(("not-carried-over", "obligation[0]"), (refusal.Code, refusal.Rule));
        }
    }
}
