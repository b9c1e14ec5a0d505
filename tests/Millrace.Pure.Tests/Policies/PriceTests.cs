using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class PriceTests
{
    [Theory]
    [InlineData("0.02", PriceUnit.Read, 3, 500, 1, "0.06")]
    [InlineData("0.02", PriceUnit.Row, 3, 500, 1, "10")]
    [InlineData("100", PriceUnit.Agreement, 3, 500, 1, "100")]
    [InlineData("0", PriceUnit.Row, 3, 500, 1, "0")]
    [InlineData("0.000000001", PriceUnit.Row, 0, long.MaxValue, 0, "9223372036.854775807")]
    [InlineData("123456789.123456789", PriceUnit.Row, 0, 10_000_000_000, 0, "1234567891234567890")]
    public void What_is_due_is_exact(string amount, PriceUnit per, long reads, long rows, long agreements, string due)
    {
        var policy = Paying(Pay(amount, "CNY", per.ToString().ToLowerInvariant()));
        var price = Assert.Single(A.Value(Price.Of(policy)).Prices);
        Assert.Equal(new Price(decimal.Parse(amount, null), "CNY", per), price);
        Assert.Equal(decimal.Parse(due, null), price.Due(reads, rows, agreements));
    }

    [Fact]
    public void An_amount_too_long_for_a_decimal_is_never_rounded() =>
        Assert.Throws<OverflowException>(() =>
            new Price(999_999_999.999999999m, "CNY", PriceUnit.Row).Due(0, long.MaxValue, 0));

    [Fact]
    public void Several_prices_add_up_in_one_currency()
    {
        var prices = A.Value(Price.Of(Paying(Pay("10", "CNY", "agreement"), Pay("0.5", "CNY", "read"))));
        Assert.Equal(("CNY", 11.5m), (prices.Currency, prices.Due(3, 0, 1)));
        Assert.Null(A.Value(Price.Of(A.Policy(A.Use()))).Currency);
        var mixed = Paying(Pay("10", "CNY", "agreement"), Pay("0.5", "EUR", "read"));
        Assert.Equal("mixed-currency", A.Refused(Price.Of(mixed)).Code);
        Assert.Equal("mixed-currency", Assert.Single(PolicyCheck.Check(mixed, A.Schema)).Code);
    }

    [Theory]
    [InlineData("-1", "CNY", "row")]
    [InlineData("1e3", "CNY", "row")]
    [InlineData("1,000", "CNY", "row")]
    [InlineData("1000000001", "CNY", "row")]
    [InlineData("0.0000000001", "CNY", "row")]
    [InlineData("1", "cny", "row")]
    [InlineData("1", "YUAN", "row")]
    [InlineData("1", "CNY", "byte")]
    public void A_price_that_is_not_understood_is_refused(string amount, string currency, string per)
    {
        var policy = Paying(Pay(amount, currency, per));
        var refusal = A.Refused(Price.Of(policy));
        Assert.Equal(("bad-value", "obligation[0]"), (refusal.Code, refusal.Rule));
        Assert.Equal("bad-value", A.Answer(policy, A.Read()));
    }

    [Fact]
    public void A_price_has_each_part_once_and_nothing_else()
    {
        var pay = Pay("1", "CNY", "row");
        Constraint[] more = [pay.Constraints[0], A.If("refinement", Operator.Eq, "x"), A.Or(pay.Constraints[0])];
        foreach (var constraint in more)
        {
            var policy = Paying(pay with { Constraints = [.. pay.Constraints, constraint] });
            Assert.Equal("obligation[0].constraint[3]", A.Refused(Price.Of(policy)).Rule);
        }
    }

    private static Policy Paying(params IReadOnlyList<Rule> prices) => A.Policy(A.Use()) with { Obligations = prices };

    private static Rule Pay(string amount, string currency, string per) => A.Rule(
        Terms.Compensate, A.If(Terms.PayAmount, Operator.Eq, amount, "xsd:decimal"),
        A.If(Terms.Currency, Operator.Eq, currency), A.If(Terms.Per, Operator.Eq, per));
}
