using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class WrittenRuleTests
{
    private static readonly Policy _free = A.Policy(A.Use());
    private static readonly Policy _offer = W.Priced(_free, W.Price("100"));

    private static readonly string _bargain = W.Rule(
        W.Line("""{"refuse":"We do not deal with you."}""", W.If("mr:participant", "eq", W.Bob)),
        W.Line("accept", W.AsOffered),
        W.Line(
            "accept", W.If("mr:request", "eq", "other-price"), W.If("mr:price", "gteq", "80 CNY per agreement")),
        W.Line("""{"refuse":"That is too little."}""", W.If("mr:price", "lt", "50 CNY per agreement")));

    [Theory]
    [InlineData(W.Alice, "100", RuleAct.Accept, "lines[1]")]
    [InlineData(W.Alice, "80", RuleAct.Accept, "lines[2]")]
    [InlineData(W.Alice, "120.50", RuleAct.Accept, "lines[2]")]
    [InlineData(W.Alice, "79.99", RuleAct.Ask, "otherwise")]
    [InlineData(W.Alice, "50", RuleAct.Ask, "otherwise")]
    [InlineData(W.Alice, "49.99", RuleAct.Refuse, "lines[3]")]
    [InlineData(W.Bob, "100", RuleAct.Refuse, "lines[0]")]
    [InlineData(W.Bob, "1", RuleAct.Refuse, "lines[0]")]
    public void The_first_line_that_holds_decides(string asker, string price, RuleAct act, string line)
    {
        var verdict = Decide(_bargain, W.Priced(_free, W.Price(price)), asker);
        Assert.Equal((act, line), (verdict.Act, verdict.Path));
        Assert.Equal(act == RuleAct.Refuse, verdict.Reason is not null);
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "other currency", "otherwise" },
        { "no price at all", "lines[3]" },
        { "other unit", "lines[3]" },
        { "price on top", "lines[2]" },
        { "may distribute", "otherwise" },
        { "another obligation", "otherwise" },
        { "narrower", "otherwise" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void A_floor_is_no_way_to_other_terms(string change, string line)
    {
        var asked = change switch
        {
            "other currency" => W.Priced(_free, W.Price("100", currency: "EUR")),
            "no price at all" => _free,
            "other unit" => W.Priced(_free, W.Price("100", "row")),
            "price on top" => W.Priced(_free, W.Price("90"), W.Price("0.01", "row")),
            "may distribute" => _offer with { Permissions = [A.Use(), A.Rule(Terms.Distribute)] },
            "another obligation" => W.Priced(_free, W.Price("100"), A.Rule(Terms.Attribute)),
            _ => _offer with { Permissions = [A.Use(A.If(Terms.Count, Operator.Lteq, "3"))] },
        };
        Assert.Equal(line, Decide(_bargain, asked).Path);
    }

    [Theory]
    [InlineData("mr:participant", "eq", W.Alice, true)]
    [InlineData("mr:participant", "eq", W.Bob, false)]
    [InlineData("mr:participant", "neq", W.Bob, true)]
    [InlineData("mr:participant", "isAnyOf", W.Alice, true)]
    [InlineData("mr:participant", "isNoneOf", W.Alice, false)]
    [InlineData("mr:request", "eq", "as-offered", true)]
    [InlineData("mr:request", "eq", "other-price", false)]
    [InlineData("mr:request", "eq", "other-terms", false)]
    [InlineData("odrl:dateTime", "lt", "2026-06-15T12:00:00Z", false)]
    [InlineData("odrl:dateTime", "lteq", "2026-06-15T12:00:00Z", true)]
    [InlineData("odrl:dateTime", "gt", "2026-06-15T12:00:00Z", false)]
    [InlineData("odrl:dateTime", "gteq", "2026-06-15T20:00:00+08:00", true)]
    [InlineData("mr:price", "gteq", "100 CNY per agreement", true)]
    [InlineData("mr:price", "gt", "100 CNY per agreement", false)]
    [InlineData("mr:price", "lteq", "100 CNY per agreement", true)]
    [InlineData("mr:price", "lt", "100 CNY per agreement", false)]
    [InlineData("mr:price", "lteq", "0 CNY per row", true)]
    [InlineData("mr:price", "gteq", "0 EUR per agreement", false)]
    [InlineData("mr:price", "lt", "9999 EUR per agreement", false)]
    public void A_constraint_holds_of_a_request_as_offered(string left, string op, string right, bool holds) =>
        Assert.Equal(holds, W.Holds(W.If(left, op, right), Request(_offer)));

    [Theory]
    [InlineData("research", "eq", "research", true)]
    [InlineData("research", "eq", "medical-research", false)]
    [InlineData("medical-research", "isA", "research", true)]
    [InlineData("marketing", "isA", "research", false)]
    [InlineData("marketing", "isNoneOf", "marketing", false)]
    [InlineData("research", "isNoneOf", "marketing", true)]
    [InlineData(null, "isA", "research", false)]
    [InlineData(null, "isNoneOf", "marketing", false)]
    public void A_purpose_holds_where_the_terms_allow_no_other(string? agreed, string op, string named, bool holds)
    {
        var asked = agreed is null ? _free : A.Policy(A.Use(A.Purpose(agreed)));
        Assert.Equal(holds, W.Holds(W.If("odrl:purpose", op, Purposes.Namespace + named), Request(asked)));
    }

    [Theory]
    [InlineData("and", true, true, true)]
    [InlineData("and", true, false, false)]
    [InlineData("or", true, false, true)]
    [InlineData("or", false, false, false)]
    [InlineData("xone", true, false, true)]
    [InlineData("xone", true, true, false)]
    public void Constraints_nest_as_in_a_policy(string connective, bool first, bool second, bool holds)
    {
        string Part(bool good) => W.If("mr:participant", "eq", good ? W.Alice : W.Bob);
        var when = $$"""{"{{connective}}":[{{Part(first)}},{{Part(second)}}]}""";
        Assert.Equal(holds, W.Holds(when, Request(_offer)));
    }

    [Fact]
    public void What_no_line_names_is_asked_unless_the_rule_says_otherwise()
    {
        var never = W.Line("accept", W.AsOffered, W.If("mr:participant", "eq", W.Bob));
        Assert.Equal(new RuleVerdict("otherwise", RuleAct.Ask), Decide(W.Rule(never), _offer));
        var closed = $$$"""{"lines":[{{{never}}}],"otherwise":{"refuse":" Not for sale. "}}""";
        Assert.Equal(new RuleVerdict("otherwise", RuleAct.Refuse, "Not for sale."), Decide(closed, _offer));
    }

    [Fact]
    public void A_person_is_asked_where_the_policy_permits_nothing_any_more()
    {
        var ended = A.Policy(A.Use(A.If(Terms.DateTime, Operator.Lt, "2020-01-01T00:00:00Z", "xsd:dateTime")));
        var rule = W.Read(W.Rule(W.Line("accept", W.AsOffered)));
        var verdict = RuleEvaluator.Decide(rule, new OfferRequest(W.Alice, ended, ended, A.Now));
        Assert.Equal((RuleAct.Ask, "lines[0]"), (verdict.Act, verdict.Path));
        Assert.NotNull(verdict.Reason);
    }

    [Fact]
    public void A_person_is_asked_where_the_terms_are_not_all_known()
    {
        var foreign = A.Policy(A.Use(A.If("https://elsewhere.example/FrameworkAgreement", Operator.Eq, "x")));
        var verdict = Decide(W.Rule(W.Line("""{"refuse":"No."}""", W.If("mr:participant", "neq", W.Bob))), foreign);
        Assert.Equal((RuleAct.Ask, ""), (verdict.Act, verdict.Path));
    }

    [Theory]
    [InlineData("odrl:count", "lteq", "3")]
    [InlineData("mr:participant", "isA", W.Bob)]
    [InlineData("odrl:dateTime", "lt", "tomorrow")]
    public void A_fault_asks_a_person_and_skips_no_line(string left, string op, string right)
    {
        // It could not have been published; a rule in the database of another version can be like that.
        var rule = W.Read(W.Rule(W.Line("""{"refuse":"No."}""", W.If(left, op, right)), W.Line("accept", W.AsOffered)));
        var verdict = RuleEvaluator.Decide(rule, new OfferRequest(W.Alice, _offer, _offer, A.Now));
        Assert.Equal((RuleAct.Ask, "lines[0]"), (verdict.Act, verdict.Path));
        Assert.NotNull(verdict.Reason);
    }

    [Theory]
    [InlineData("mr:seat", "isPartOf", "CN", RuleAct.Accept)]
    [InlineData("mr:seat", "eq", "DE", RuleAct.Refuse)]
    [InlineData("mr:seat", "isNoneOf", "DE", RuleAct.Accept)]
    [InlineData("odrl:industry", "eq", "I65", RuleAct.Accept)]
    [InlineData("odrl:industry", "isNoneOf", "I65", RuleAct.Refuse)]
    [InlineData("mr:membership", "eq", "Member@did:web:space.example", RuleAct.Accept)]
    [InlineData("mr:membership", "eq", "Member@did:web:other.example", RuleAct.Refuse)]
    public void Claims_of_who_asks_decide_and_where_nobody_recorded_them_a_person_does(
        string left, string op, string right, RuleAct act)
    {
        var line = W.Line("accept", W.AsOffered, W.If(left, op, right));
        var rule = W.Read($$$"""{"lines":[{{{line}}}],"otherwise":{"refuse":"No."}}""");
        var claims = new Claims("CN-SH", null, "I65", [new Membership("Member", "did:web:space.example")]);
        Assert.Equal(act, RuleEvaluator.Decide(rule, Request(_offer) with { Claims = claims }).Act);
        var unknown = RuleEvaluator.Decide(rule, Request(_offer));
        Assert.Equal((RuleAct.Ask, "lines[0]"), (unknown.Act, unknown.Path));
    }

    private static OfferRequest Request(Policy asked, string asker = W.Alice) => new(asker, _offer, asked, A.Now);

    private static RuleVerdict Decide(string rule, Policy asked, string asker = W.Alice) =>
        RuleEvaluator.Decide(W.Read(rule), Request(asked, asker));
}
