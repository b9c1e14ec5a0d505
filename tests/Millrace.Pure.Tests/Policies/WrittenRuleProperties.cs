using CsCheck;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

/// <summary>What a published rule accepts is the offer, or the offer for no less than its floors.</summary>
public sealed class WrittenRuleProperties
{
    private static readonly Policy _offer = W.Priced(A.Policy(A.Use()), W.Price("100"), W.Price("0.02", "row"));

    private static readonly Gen<string> _atom = OneOf(
        W.AsOffered, W.If("mr:request", "eq", "other-price"), W.If("mr:request", "eq", "other-terms"),
        W.IfAny("mr:request", "isAnyOf", "as-offered", "other-price"),
        W.IfAny("mr:request", "isAnyOf", "other-price", "other-terms"),
        W.If("mr:participant", "eq", W.Alice), W.If("mr:participant", "neq", W.Alice),
        W.If("mr:price", "gteq", "80 CNY per agreement"), W.If("mr:price", "gteq", "0.01 CNY per row"),
        W.If("mr:price", "lt", "90 CNY per agreement"), W.If("mr:price", "gt", "1 EUR per agreement"),
        W.If("odrl:dateTime", "lt", "2030-01-01T00:00:00Z"),
        W.If("odrl:purpose", "isA", Purposes.Namespace + "research"));

    private static readonly Gen<string> _constraint = Gen.OneOf(
        _atom, _atom,
        Gen.Select(OneOf("and", "or", "xone"), _atom.Array[1, 3], (word, parts) =>
            $$"""{"{{word}}":[{{string.Join(',', parts)}}]}"""));

    private static readonly Gen<string> _line = Gen.Select(
        OneOf("accept", "accept", "ask", """{"refuse":"No."}"""), _constraint.Array[1, 5],
        (then, when) => W.Line(then, when));

    // Chance alone makes hardly one that may be published and accepts another price.
    private static readonly string _floors = W.Line(
        "accept", W.IfAny("mr:request", "isAnyOf", "as-offered", "other-price"),
        W.If("mr:price", "gteq", "80 CNY per agreement"), W.If("mr:price", "gteq", "0.01 CNY per row"));

    private static readonly Gen<string> _rule = Gen.OneOf(_line, _line, _line, Gen.Const(_floors)).Array[1, 4]
        .Select(lines => W.Rule(lines));

    private static readonly Gen<Policy> _asked = Gen.Select(
        OneOf("100", "99", "80", "79", "0"), OneOf("0.02", "0.01", "0.009", "0"),
        OneOf("CNY", "CNY", "EUR"), Gen.Int[0, 4],
        (amount, row, currency, change) =>
        {
            var priced = W.Priced(_offer, W.Price(amount, currency: currency), W.Price(row, "row", currency));
            return change switch
            {
                0 => priced with { Permissions = [A.Use(), A.Rule(Terms.Distribute)] },
                1 => priced with { Permissions = [A.Use(A.Purpose("research"))] },
                2 => priced with { Obligations = [] },
                _ => priced,
            };
        });

    [Fact]
    public void What_a_published_rule_accepts_is_the_offer_or_no_less_than_a_floor()
    {
        var accepted = 0;
        Gen.Select(_rule, _asked).Sample(
            pair =>
            {
                var (json, asked) = pair;
                if (W.Wrong(json, _offer) is not null) return;
                var verdict = RuleEvaluator.Decide(W.Read(json), new OfferRequest(W.Alice, _offer, asked, A.Now));
                if (verdict.Act != RuleAct.Accept || Policy.SameTerms(_offer, asked)) return;
                Interlocked.Increment(ref accepted);
                Assert.True(Policy.SameTerms(_offer, asked with { Obligations = _offer.Obligations }));
                var prices = A.Value(Price.Of(asked));
                Assert.Equal("CNY", prices.Currency);
                Assert.True(prices.Due(0, 0, 1) >= 80 && prices.Due(0, 1, 0) >= 0.01m);
            },
            iter: 8_000);
        Assert.True(accepted > 0, "No rule accepted another price: the property was not tried.");
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
