using System.Text;
using System.Text.Json;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class WrittenRuleFormTests
{
    private const string No = """{"refuse":"No."}""";

    private static readonly Policy _offer = W.Priced(
        A.Policy(A.Use()), W.Price("100"), W.Price("0.02", "row"));

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{}", "lines")]
    [InlineData("""{"lines":[]}""", "lines")]
    [InlineData("""{"lines":{}}""", "lines")]
    [InlineData("""{"lines":[7]}""", "lines[0]")]
    [InlineData("""{"lines":[{"when":[],"then":"ask"}],"else":"ask"}""", "else")]
    [InlineData("""{"lines":[{"when":[]}]}""", "lines[0].then")]
    [InlineData("""{"lines":[{"then":"ask"}]}""", "lines[0].when")]
    [InlineData("""{"lines":[{"when":{},"then":"ask"}]}""", "lines[0].when")]
    [InlineData("""{"lines":[{"when":[7],"then":"ask"}]}""", "lines[0].when[0]")]
    [InlineData("""{"lines":[{"when":[{"leftOperand":"mr:price"}],"then":"ask"}]}""", "lines[0].when[0].operator")]
    [InlineData("""{"lines":[{"when":[],"then":"agree"}]}""", "lines[0].then")]
    [InlineData("""{"lines":[{"when":[],"then":{"refuse":""}}]}""", "lines[0].then.refuse")]
    [InlineData("""{"lines":[{"when":[],"then":{"refuse":7}}]}""", "lines[0].then.refuse")]
    [InlineData("""{"lines":[{"when":[],"then":{"accept":"yes"}}]}""", "lines[0].then.accept")]
    [InlineData("""{"lines":[{"when":[],"then":"ask","unless":[]}]}""", "lines[0].unless")]
    [InlineData("""{"lines":[{"when":[],"then":"ask","then":"ask"}]}""", "lines[0].then")]
    [InlineData("""{"lines":[{"when":[],"then":"ask"}],"otherwise":"sell"}""", "otherwise")]
    public void A_form_that_is_no_rule_is_refused_with_its_path(string json, string path)
    {
        var refusal = A.Refused(RuleJson.Read(JsonElement.Parse(json)));
        Assert.Equal(("bad-rule", path), (refusal.Code, refusal.Rule));
        Assert.StartsWith(path, refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("odrl:count", "lteq", "3", "unknown-term")]
    [InlineData("mr:environment", "eq", "query", "unknown-term")]
    [InlineData("odrl:spatial", "eq", "CN", "unknown-term")]
    [InlineData("mr:seat", "eq", "China", "bad-value")]
    [InlineData("odrl:industry", "lt", "I65", "unknown-operator")]
    [InlineData("mr:membership", "eq", "x", "bad-value")]
    [InlineData("mr:participant", "gt", W.Bob, "unknown-operator")]
    [InlineData("mr:request", "neq", "as-offered", "unknown-operator")]
    [InlineData("mr:request", "eq", "cheaper", "bad-value")]
    [InlineData("mr:price", "eq", "100 CNY per agreement", "unknown-operator")]
    [InlineData("mr:price", "gteq", "100", "bad-value")]
    [InlineData("mr:price", "gteq", "100 RMB¥ per agreement", "bad-value")]
    [InlineData("mr:price", "gteq", "-1 CNY per agreement", "bad-value")]
    [InlineData("mr:price", "gteq", "1 CNY per year", "bad-value")]
    [InlineData("odrl:dateTime", "lt", "2026-12-31", "bad-value")]
    [InlineData("odrl:purpose", "eq", "https://millrace.dev/purpose/fun", "bad-value")]
    public void What_cannot_be_decided_is_not_published(string left, string op, string right, string code)
    {
        var constraint = W.If(left, op, right);
        var rule = W.Rule(
            W.Line("ask", W.AsOffered), W.Line(No, W.AsOffered, $$"""{"or":[{{W.AsOffered}},{{constraint}}]}"""));
        Assert.Equal((code, "lines[1].when[1].or[1]"), Wrong(rule));
        Assert.Equal((code, "lines[0].when[0]"), Wrong(W.Rule(W.Line("accept", constraint))));
    }

    public static TheoryData<string, string?, string?> Width => new()
    {
        { W.Line("accept", W.AsOffered), null, null },
        { W.Line("accept", W.AsOffered, W.If("mr:participant", "eq", W.Bob)), null, null },
        { W.Line("accept", W.If("mr:participant", "eq", W.Bob)), "accepts-anything", "lines[0].when" },
        { W.Line("accept", W.If("mr:request", "eq", "other-terms")), "accepts-anything", "lines[0].when" },
        {
            W.Line("accept", W.IfAny("mr:request", "isAnyOf", "as-offered", "other-terms")), "accepts-anything",
            "lines[0].when"
        },
        { W.Line("accept", $$"""{"or":[{{W.AsOffered}}]}"""), "accepts-anything", "lines[0].when" },
        { W.Line("accept", W.If("mr:request", "eq", "other-price")), "no-floor", "lines[0].when" },
        { W.Line("accept", Bargain, Ceiling, Row), "no-floor", "lines[0].when" },
        { W.Line("accept", Bargain, Floor), "no-floor", "lines[0].when" },
        { W.Line("accept", Bargain, Euro, Row), "no-floor", "lines[0].when" },
        { W.Line("accept", Bargain, Floor, Row), null, null },
        { W.Line("ask", W.If("mr:request", "eq", "other-terms")), null, null },
        { W.Line(No, W.If("mr:participant", "neq", W.Bob)), null, null },
        { W.Line("ask"), "bad-value", "lines[0].when" },
        { W.Line("ask", $$"""{"andSequence":[{{W.AsOffered}}]}"""), "no-sequence", "lines[0].when[0].andSequence" },
    };

    private static string Bargain => W.IfAny("mr:request", "isAnyOf", "as-offered", "other-price");

    private static string Floor => W.If("mr:price", "gteq", "80 CNY per agreement");

    private static string Ceiling => W.If("mr:price", "lteq", "80 CNY per agreement");

    private static string Euro => W.If("mr:price", "gteq", "80 EUR per agreement");

    private static string Row => W.If("mr:price", "gt", "0.01 CNY per row");

    [Theory, MemberData(nameof(Width))]
    public void A_line_accepts_no_more_than_it_names(string line, string? code, string? path) =>
        Assert.Equal((code, path), Wrong(W.Rule(line)));

    [Fact]
    public void What_no_line_names_is_never_accepted() => Assert.Equal(
        ("accepts-anything", "otherwise"),
        Wrong($$"""{"lines":[{{W.Line("ask", W.AsOffered)}}],"otherwise":"accept"}"""));

    [Fact]
    public void A_rule_has_limits()
    {
        var line = W.Line("ask", W.AsOffered);
        Assert.Null(W.Wrong(W.Rule([.. Enumerable.Repeat(line, 50)]), _offer));
        Assert.Equal(("bad-rule", "lines"), Wrong(W.Rule([.. Enumerable.Repeat(line, 51)])));
        var wide = W.Line("ask", [.. Enumerable.Repeat(W.AsOffered, 501)]);
        Assert.Equal(("too-large", "lines"), Wrong(W.Rule(wide)));
        Assert.Equal(
            ("bad-rule", "lines[0].then.refuse"),
            Wrong(W.Rule(W.Line($$"""{"refuse":"{{new string('x', 501)}}"}""", W.AsOffered))));
    }

    [Fact]
    public void A_rule_is_written_as_it_was_read_and_its_hash_follows_what_it_says()
    {
        const string Json =
            """
            {"lines":[{"when":[{"leftOperand":"https://millrace.dev/odrl/request","operator":"isAnyOf",
            "rightOperand":["as-offered","other-price"]}],"then":"accept"},{"when":[{"or":[{"leftOperand":
            "odrl:dateTime","operator":"lt","rightOperand":{"@value":"2027-01-01T00:00:00Z","@type":"xsd:dateTime"}}]}],
            "then":{"refuse":"No."}}],"otherwise":"ask"}
            """;
        var rule = W.Read(Json);
        Assert.Equal(Json.Replace("\n", "", StringComparison.Ordinal), Encoding.UTF8.GetString(RuleJson.ToBytes(rule)));
        Assert.Equal(RuleJson.Hash(rule), RuleJson.Hash(W.Read(Json)));
        Assert.NotEqual(
            RuleJson.Hash(rule), RuleJson.Hash(rule with { Otherwise = new RuleAnswer(RuleAct.Refuse, "No.") }));
        Assert.NotEqual(RuleJson.Hash(rule), RuleJson.Hash(rule with { Lines = [.. rule.Lines.Reverse()] }));
    }

    [Fact]
    public void A_rule_reads_as_sentences()
    {
        var research = Purposes.Namespace + "research";
        var rule = W.Read(
            $$"""
            {"lines":[
             {{W.Line("""{"refuse":"Not to you."}""", W.IfAny("mr:participant", "isAnyOf", W.Alice, W.Bob))}},
             {{W.Line("accept", Bargain, Floor, W.If("odrl:purpose", "isA", research))}},
             {{W.Line("ask", $$"""{"or":[{{W.If("odrl:dateTime", "lt", "2027-01-01T00:00:00Z")}},{{Row}}]}""")}}]}
            """);
        Assert.Equal(
            [
                "If did:web:alice.example or did:web:bob.example asks: refuse and say “Not to you.”.",
                "If the terms are as offered or nothing but the price differs from the offer, and the price is at "
                + "least 80 CNY per agreement, and the terms allow use only for the purpose of research, or a narrower "
                + "one: agree at once.",
                "If (the request comes before 2027-01-01T00:00:00Z or the price is more than 0.01 CNY per row): "
                + "ask a person.",
                "Otherwise: ask a person.",
            ],
            RuleSentences.Describe(rule).Select(s => s.Text));
        Assert.Equal(
            [
                "如果请求方为did:web:alice.example或did:web:bob.example：拒绝，并告知“Not to you.”。",
                "如果条款与要约一致或仅价格与要约不同，并且价格不低于每份协议80 CNY，并且条款仅允许用于研究（含其细分目的）：立即同意。",
                "如果（请求在2027-01-01T00:00:00Z之前提出或价格高于每行0.01 CNY）：由人工决定。",
                "其他情况：由人工决定。",
            ],
            RuleSentences.Describe(rule).Select(s => s.TextZh));
        Assert.Equal(
            ["lines[0]", "lines[1]", "lines[2]", "otherwise"], RuleSentences.Describe(rule).Select(s => s.Path));
    }

    private static (string? Code, string? Path) Wrong(string json) =>
        W.Wrong(json, _offer) is { } refusal ? (refusal.Code, refusal.Rule) : (null, null);
}
