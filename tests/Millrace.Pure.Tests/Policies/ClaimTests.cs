using CsCheck;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class ClaimTests
{
    private const string Issuer = "did:web:space.example";

    /// <summary>Operator, codes of the rule, code claimed: does a permission hold, does a prohibition match?</summary>
    public static TheoryData<Operator, string, string?, bool, bool> Where => new()
    {
        { Operator.Eq, "CN", "CN", true, true },
        { Operator.Eq, "CN", "US", false, false },
        // The exact code only; but who sits in a part of it is not let through by that.
        { Operator.Eq, "CN", "CN-SH", false, true },
        // Somewhere in China may be Shanghai.
        { Operator.Eq, "CN-SH", "CN", false, true },
        { Operator.Eq, "CN-SH", "CN-BJ", false, false },
        { Operator.IsPartOf, "CN", "CN-SH", true, true },
        { Operator.IsPartOf, "CN", "CN", true, true },
        { Operator.IsPartOf, "CN-SH", "CN", false, true },
        { Operator.IsPartOf, "CN", "US", false, false },
        { Operator.IsAnyOf, "CN DE", "DE", true, true },
        { Operator.IsAnyOf, "CN DE", "DE-BY", false, true },
        { Operator.IsAnyOf, "CN DE", "US", false, false },
        { Operator.IsNoneOf, "CN DE", "US", true, true },
        { Operator.IsNoneOf, "CN DE", "DE-BY", false, false },
        { Operator.IsNoneOf, "DE-BY", "DE", false, true },
        // Silence gets round nothing.
        { Operator.Eq, "CN", null, false, true },
        { Operator.IsNoneOf, "CN", null, false, true },
    };

    [Theory, MemberData(nameof(Where))]
    public void A_place_is_weighed_so_that_doubt_helps_nobody(
        Operator op, string codes, string? claimed, bool permits, bool prohibits)
    {
        (string Operand, Claims Claims)[] kinds =
        [
            (Terms.Seat, new Claims(Seat: claimed)), (Terms.Spatial, new Claims(Place: claimed)),
        ];
        foreach (var (operand, claims) in kinds)
        {
            var rule = A.Use(A.IfAny(operand, op, codes.Split(' ')));
            var name = operand == Terms.Seat ? "seat" : "place";
            foreach (var stage in new[] { UseStage.Transfer, UseStage.Read })
            {
                var request = A.Read(stage) with { Claims = claims };
                Assert.Equal(
                    permits ? "ok" : claimed is null ? $"no-{name}" : $"wrong-{name}",
                    A.Answer(A.Policy(rule), request));
                Assert.Equal(
                    prohibits ? "prohibited" : "ok",
                    A.Answer(A.Policy(A.Use()) with { Prohibitions = [rule] }, request));
            }
        }
    }

    [Fact]
    public void A_negotiation_asks_for_the_seat_and_leaves_the_place_of_use_open()
    {
        var request = A.Read(UseStage.Negotiation) with { Claims = new Claims(Seat: "US", Place: "US") };
        var (seat, place) = (A.If(Terms.Seat, Operator.Eq, "CN"), A.If(Terms.Spatial, Operator.Eq, "CN"));
        Assert.Equal("wrong-seat", A.Answer(A.Policy(A.Use(seat)), request));
        Assert.Equal("ok", A.Answer(A.Policy(A.Use(place)), request));
        Assert.Equal("ok", A.Answer(A.Policy(A.Use()) with { Prohibitions = [A.Use(place)] }, request));
        Assert.Equal("ok", A.Answer(A.Policy(A.Use(A.Xone(place, seat))), request));
    }

    [Theory]
    [InlineData(Operator.Eq, "G5412", "G5412", true, true)]
    [InlineData(Operator.Eq, "G5412", "A01", false, false)]
    [InlineData(Operator.IsAnyOf, "A01 G5412", "G5412", true, true)]
    [InlineData(Operator.IsNoneOf, "A01 G5412", "G5412", false, false)]
    [InlineData(Operator.IsNoneOf, "A01 G5412", "B06", true, true)]
    [InlineData(Operator.IsNoneOf, "A01", null, false, true)]
    public void A_field_of_business_is_compared_as_a_code(
        Operator op, string codes, string? claimed, bool permits, bool prohibits)
    {
        var rule = A.Use(A.IfAny(Terms.Industry, op, codes.Split(' ')));
        foreach (var stage in Enum.GetValues<UseStage>())
        {
            var request = A.Read(stage) with { Claims = new Claims(Industry: claimed) };
            Assert.Equal(permits, A.Answer(A.Policy(rule), request) == "ok");
            var prohibiting = A.Policy(A.Use()) with { Prohibitions = [rule] };
            Assert.Equal(prohibits, A.Answer(prohibiting, request) == "prohibited");
        }
    }

    [Fact]
    public void A_membership_is_of_a_type_from_an_issuer_until_its_end()
    {
        var member = A.Policy(A.Use(A.If(Terms.Membership, Operator.Eq, $"Member@{Issuer}")));
        Assert.Equal("ok", Answer(member, new Membership("Member", Issuer)));
        Assert.Equal("ok", Answer(member, new Membership("Member", Issuer, A.Now.AddTicks(1))));
        Assert.Equal("no-membership", Answer(member, new Membership("Member", Issuer, A.Now)));
        Assert.Equal("no-membership", Answer(member, new Membership("Guest", Issuer)));
        Assert.Equal("no-membership", Answer(member, new Membership("Member", "did:web:mallory.example")));
        Assert.Equal("no-membership", Answer(member));
        Assert.Equal("no-membership", A.Answer(member, A.Read()));

        var others = A.Policy(A.Use()) with { Prohibitions = member.Permissions };
        Assert.Equal("prohibited", Answer(others, new Membership("Member", Issuer)));
        Assert.Equal("ok", Answer(others, new Membership("Guest", Issuer)));
        Assert.Equal("prohibited", A.Answer(others, A.Read())); // Nobody knows what they are a member of.
    }

    [Fact]
    public void More_knowledge_never_forbids_what_its_absence_allowed() =>
        Gen.Select(PolicyGen.Policy, PolicyGen.Request).Sample((policy, request) =>
        {
            var unknown = A.Answer(policy, request with { Claims = Claims.None });
            // Where silence suffices, every claim does; a second permission may come to hold besides.
            return unknown != "ok" || policy.Permissions.Any(HasXone) || policy.Prohibitions.Any(HasXone)
                   || A.Answer(policy, request) is "ok" or "choose-permission";
        });

    [Theory]
    [InlineData("CN", true)]
    [InlineData("HK", true)]
    [InlineData("CN-SH", true)]
    [InlineData("GB-ENG", true)]
    [InlineData("CN-HK", false)]
    [InlineData("cn", false)]
    [InlineData("XX", false)]
    [InlineData("CHN", false)]
    [InlineData("CN-SHAN", false)]
    [InlineData("CN-S-H", false)]
    [InlineData("", false)]
    public void A_place_has_one_code(string code, bool known) => Assert.Equal(known, Places.IsCode(code));

    [Fact]
    public void Claims_are_looked_at_before_they_are_kept()
    {
        Assert.Null(Claims.None.Objection());
        Assert.Null(new Claims("CN", "CN-SH", "G5412", [new Membership("Member", Issuer)]).Objection());
        Assert.Equal("seat", new Claims(Seat: "China").Objection()?.Rule);
        Assert.Equal("place", new Claims(Place: "x").Objection()?.Rule);
        Assert.Equal("industry", new Claims(Industry: "a b").Objection()?.Rule);
        Assert.Equal("memberships", new Claims(Memberships: [new Membership("M", "space")]).Objection()?.Rule);
    }

    [Fact]
    public void Claims_are_looked_up_only_where_a_rule_asks()
    {
        Assert.False(Claims.AreAsked(A.Policy(A.Use(A.Purpose("research")))));
        foreach (var operand in new[] { Terms.Seat, Terms.Spatial, Terms.Industry, Terms.Membership })
        {
            var deep = A.Or(A.And(A.If(operand, Operator.Eq, "CN")));
            Assert.True(Claims.AreAsked(A.Policy(A.Use(deep))));
            Assert.True(Claims.AreAsked(A.Policy(A.Use()) with { Prohibitions = [A.Use(deep)] }));
        }
    }

    private static string Answer(Policy policy, params IReadOnlyList<Membership> memberships) =>
        A.Answer(policy, A.Read() with { Claims = new Claims(Memberships: memberships) });

    private static bool HasXone(Rule rule) => rule.Constraints.Any(HasXone);

    private static bool HasXone(Constraint constraint) =>
        constraint is LogicalConstraint c && (c.Connective == Connective.Xone || c.Constraints.Any(HasXone));
}
