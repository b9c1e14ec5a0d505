using System.Globalization;
using System.Numerics;

namespace Millrace.Protocol.Policies;

/// <summary>What a price is multiplied by.</summary>
public enum PriceUnit
{
    Read,
    Row,
    Agreement,
}

/// <summary>What an <c>odrl:compensate</c> obligation asks for.</summary>
/// <param name="Amount">Not negative, at most a thousand million, at most nine digits after the point.</param>
/// <param name="Currency">ISO 4217, three capital letters.</param>
public sealed record Price(decimal Amount, string Currency, PriceUnit Per)
{
    private const decimal AmountMax = 1_000_000_000;
    private const int ScaleMax = 9;

    /// <summary>The price of every compensate obligation of a policy; refuses one that cannot be read.</summary>
    public static Decision<PriceList> Of(Policy policy)
    {
        var prices = new List<Price>();
        for (var i = 0; i < policy.Obligations.Count; i++)
        {
            if (policy.Obligations[i].Action != Terms.Compensate) continue;
            if (Read(policy.Obligations[i], $"obligation[{i}]").Refused(out var refusal, out var price)) return refusal;
            if (prices.Any(other => other.Currency != price.Currency))
                return new Refusal("mixed-currency", "All prices of a policy are in one currency.", $"obligation[{i}]");
            prices.Add(price);
        }

        return new PriceList(prices);
    }

    /// <summary>What is due, exact to the last digit.</summary>
    /// <exception cref="OverflowException">The amount has more digits than a decimal holds.</exception>
    public decimal Due(long reads, long rows, long agreements)
    {
        var count = Per switch { PriceUnit.Read => reads, PriceUnit.Row => rows, _ => agreements };
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        // Multiplying decimals rounds silently beyond 28 digits; whole numbers do not.
        int scale = Amount.Scale;
        var units = new BigInteger(Amount * (decimal)BigInteger.Pow(10, scale)) * count;
        while (scale > 0 && units % 10 == 0) (units, scale) = (units / 10, scale - 1);
        var bits = decimal.GetBits((decimal)units);
        return new decimal(bits[0], bits[1], bits[2], isNegative: false, (byte)scale);
    }

    /// <summary>Reads <c>100 CNY per agreement</c>, one space between the words; null for anything else.</summary>
    internal static Price? Parse(string text) =>
        text.Split(' ') is [var amount, var currency, "per", ("read" or "row" or "agreement") and var per] &&
        Money(amount) is { } money && IsCurrency(currency)
            ? new Price(money, currency, per switch
            {
                "read" => PriceUnit.Read,
                "row" => PriceUnit.Row,
                _ => PriceUnit.Agreement,
            })
            : null;

    internal static Decision<Price> Read(Rule compensate, string path)
    {
        var parts = new Dictionary<string, string>();
        for (var i = 0; i < compensate.Constraints.Count; i++)
        {
            var at = $"{path}.constraint[{i}]";
            if (compensate.Constraints[i] is not AtomicConstraint
                {
                    LeftOperand: Terms.PayAmount or Terms.Currency or Terms.Per, Operator: Operator.Eq,
                    RightOperand.Values: [var value],
                } c)
                return new Refusal("unknown-term", "A price is payAmount, currency and per, each with eq.", at);
            var typed = value.Type is null
                        || (c.LeftOperand == Terms.PayAmount && value.Type is "xsd:decimal" or "xsd:integer");
            if (!typed || !parts.TryAdd(c.LeftOperand, value.Text))
                return new Refusal("bad-value", $"{c.LeftOperand} is there twice or has the wrong type.", at);
        }

        if (parts.Count < 3)
            return new Refusal("bad-value", "A price needs payAmount, currency and per.", path);
        if (Money(parts[Terms.PayAmount]) is not { } amount)
            return new Refusal("bad-value", $"payAmount is a decimal from 0 to {AmountMax}.", path);
        var currency = parts[Terms.Currency];
        if (!IsCurrency(currency))
            return new Refusal("bad-value", "currency is an ISO 4217 code, like CNY.", path);
        return parts[Terms.Per] switch
        {
            "read" => new Price(amount, currency, PriceUnit.Read),
            "row" => new Price(amount, currency, PriceUnit.Row),
            "agreement" => new Price(amount, currency, PriceUnit.Agreement),
            _ => new Refusal("bad-value", "per is read, row or agreement.", path),
        };
    }

    private static bool IsCurrency(string text) => text.Length == 3 && text.All(char.IsAsciiLetterUpper);

    private static decimal? Money(string text) =>
        text.Length <= 20
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
        && amount is >= 0 and <= AmountMax && amount.Scale <= ScaleMax
            ? amount
            : null;
}

/// <summary>All prices of a policy, in one currency; empty when its use is free.</summary>
public sealed record PriceList(IReadOnlyList<Price> Prices)
{
    /// <summary>Null when nothing is to be paid.</summary>
    public string? Currency => Prices.Count == 0 ? null : Prices[0].Currency;

    /// <inheritdoc cref="Price.Due"/>
    public decimal Due(long reads, long rows, long agreements) =>
        Prices.Sum(price => price.Due(reads, rows, agreements));
}
