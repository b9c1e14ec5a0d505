using System.Globalization;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Portal;

/// <summary>
/// What people usually change in terms, as fields of a form: the last day, the number of reads, the price. They are
/// read out of a policy and written back into it, and everything else in it stays; where a policy says such a thing in
/// more than one place, a field would be a guess, and there is none.
/// </summary>
/// <param name="LastDay">As in a date field; empty: no end.</param>
/// <param name="Reads">A whole number; empty: no limit.</param>
/// <param name="Amount">A decimal number; empty: free.</param>
public sealed record TermFields(string LastDay, string Reads, string Amount, string Currency, string Per)
{
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>What a price may be for, as policies name it.</summary>
    public static IReadOnlyList<string> Units { get; } = ["read", "row", "agreement"];

    /// <summary>Whether the policy has one place for the last day and the number of reads.</summary>
    public static bool HasLimits(Policy policy) =>
        policy.Permissions is [{ Action: Terms.Use } use]
        && Stated(use, Terms.DateTime) is [] or [{ Moment: not null }]
        && Stated(use, Terms.Count) is [] or [{ Number: not null }];

    /// <summary>Whether the policy has one place for the price.</summary>
    public static bool HasPrice(Policy policy) =>
        policy.Obligations.Count(o => o.Action == Terms.Compensate) <= 1 && !Price.Of(policy).Refused(out _, out _);

    public static TermFields Of(Policy policy)
    {
        var end = HasLimits(policy) ? Stated(policy.Permissions[0], Terms.DateTime).FirstOrDefault() : null;
        var reads = HasLimits(policy) ? Stated(policy.Permissions[0], Terms.Count).FirstOrDefault() : null;
        var price = HasPrice(policy) && !Price.Of(policy).Refused(out _, out var list) && list.Prices is [var one]
            ? one
            : null;
        return new TermFields(
            end?.LastDay.ToString(DayFormat, CultureInfo.InvariantCulture) ?? "",
            reads?.Most.ToString(CultureInfo.InvariantCulture) ?? "",
            price?.Amount.ToString(CultureInfo.InvariantCulture) ?? "", price?.Currency ?? "",
            price?.Per.ToString().ToLowerInvariant() ?? Units[0]);
    }

    /// <summary>The policy with what these fields say. A field that was left alone leaves its part as it is.</summary>
    /// <returns>The policy, or a refusal: <c>bad-day</c>, <c>bad-count</c>, <c>bad-price</c>.</returns>
    public Decision<Policy> ApplyTo(Policy policy)
    {
        var before = Of(policy);
        if (HasLimits(policy) && (LastDay != before.LastDay || Reads != before.Reads))
        {
            if ((LastDay == before.LastDay ? policy.Permissions[0] : End(policy.Permissions[0]))
                .Refused(out var refusal, out var use)
                || (Reads == before.Reads ? use : Count(use)).Refused(out refusal, out use))
            {
                return refusal;
            }
            policy = policy with { Permissions = [use] };
        }
        var same = (Amount, Currency, Per) == (before.Amount, before.Currency, before.Per);
        return HasPrice(policy) && !same ? Priced(policy) : policy;
    }

    private Decision<Rule> End(Rule use)
    {
        if (LastDay.Length == 0)
            return Without(use, Terms.DateTime);
        // The whole of the last day belongs to the use: it ends where the next one begins.
        return DateOnly.TryParseExact(
                LastDay, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day < DateOnly.MaxValue
            ? With(
                use, Terms.DateTime, Operator.Lt,
                $"{day.AddDays(1).ToString(DayFormat, CultureInfo.InvariantCulture)}T00:00:00Z", "xsd:dateTime")
            : new Refusal("bad-day", "Write the last day as year, month and day, like 2026-12-31.");
    }

    private Decision<Rule> Count(Rule use)
    {
        if (Reads.Length == 0)
            return Without(use, Terms.Count);
        return long.TryParse(Reads, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? With(use, Terms.Count, Operator.Lteq, count.ToString(CultureInfo.InvariantCulture), "xsd:integer")
            : new Refusal("bad-count", "The number of reads is a whole number, 1 or more.");
    }

    private Decision<Policy> Priced(Policy policy)
    {
        var priced = policy with
        {
            Obligations =
            [
                .. policy.Obligations.Where(o => o.Action != Terms.Compensate),
                .. Amount.Length == 0 ? [] : new[] { Compensation() },
            ],
        };
        return Price.Of(priced).Refused(out _, out _)
            ? new Refusal("bad-price", "A price is a number like 2.50, with a currency of three capitals like EUR.")
            : priced;
    }

    private Rule Compensation() => new()
    {
        Action = Terms.Compensate,
        Constraints =
        [
            new AtomicConstraint(Terms.PayAmount, Operator.Eq, RightOperand.Of(Amount, "xsd:decimal")),
            new AtomicConstraint(Terms.Currency, Operator.Eq, RightOperand.Of(Currency)),
            new AtomicConstraint(Terms.Per, Operator.Eq, RightOperand.Of(Per)),
        ],
    };

    private static Rule Without(Rule use, string operand) => use with
    {
        Constraints = [.. use.Constraints.Where(c => !IsUpper(c, operand))],
    };

    private static Rule With(Rule use, string operand, Operator op, string value, string type) => use with
    {
        Constraints =
        [
            .. Without(use, operand).Constraints, new AtomicConstraint(operand, op, RightOperand.Of(value, type)),
        ],
    };

    private static bool IsUpper(Constraint constraint, string operand) =>
        constraint is AtomicConstraint { Operator: Operator.Lt or Operator.Lteq } c && c.LeftOperand == operand;

    private static List<Bound> Stated(Rule use, string operand) =>
        [.. use.Constraints.Where(c => IsUpper(c, operand)).Select(c => new Bound((AtomicConstraint)c))];

    /// <summary>An upper bound as it stands in a policy.</summary>
    private sealed record Bound(AtomicConstraint Constraint)
    {
        private bool IsOpen => Constraint.Operator == Operator.Lt;

        private string Text => Constraint.RightOperand.Values is [var one] ? one.Text : "";

        public DateTimeOffset? Moment =>
            DateTimeOffset.TryParse(
                Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? moment
                : null;

        public long? Number =>
            long.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        /// <summary>The last day of which some part is within.</summary>
        public DateOnly LastDay =>
            DateOnly.FromDateTime(Moment!.Value.UtcDateTime.AddTicks(IsOpen && Moment.Value.Ticks > 0 ? -1 : 0));

        public long Most => IsOpen ? Number!.Value - 1 : Number!.Value;
    }
}
