using System.Text.Json;
using Millrace.Protocol;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

/// <summary>Short words to write rules and requests with.</summary>
internal static class W
{
    internal const string Alice = "did:web:alice.example";
    internal const string Bob = "did:web:bob.example";

    internal static string If(string left, string op, string right) =>
        $$"""{"leftOperand":"{{left}}","operator":"{{op}}","rightOperand":"{{right}}"}""";

    internal static string IfAny(string left, string op, params string[] right) =>
        $$"""{"leftOperand":"{{left}}","operator":"{{op}}","rightOperand":["{{string.Join("\",\"", right)}}"]}""";

    internal static string AsOffered { get; } = If("mr:request", "eq", "as-offered");

    internal static string Line(string then, params string[] when) =>
        $$"""{"when":[{{string.Join(',', when)}}],"then":{{(then.StartsWith('{') ? then : $"\"{then}\"")}}}""";

    internal static string Rule(params string[] lines) => $$"""{"lines":[{{string.Join(',', lines)}}]}""";

    internal static WrittenRule Read(string json) => A.Value(RuleJson.Read(JsonElement.Parse(json)));

    /// <summary>The code of the refusal to read it, or of the first that keeps it from being published.</summary>
    internal static Refusal? Wrong(string json, Policy offer) =>
        RuleJson.Read(JsonElement.Parse(json)).Refused(out var refusal, out var rule)
            ? refusal
            : RuleCheck.Check(rule, offer) is [var first, ..] ? first : null;

    /// <summary>A price of a policy.</summary>
    internal static Rule Price(string amount, string per = "agreement", string currency = "CNY") => A.Rule(
        Terms.Compensate, A.If(Terms.PayAmount, Operator.Eq, amount, "xsd:decimal"),
        A.If(Terms.Currency, Operator.Eq, currency), A.If(Terms.Per, Operator.Eq, per));

    internal static Policy Priced(Policy policy, params IReadOnlyList<Rule> prices) =>
        policy with { Obligations = prices };

    /// <summary>What a rule with this one line that refuses says: <c>Refuse</c> where the constraints hold.</summary>
    internal static bool Holds(string when, OfferRequest request) =>
        RuleEvaluator.Decide(Read(Rule(Line("""{"refuse":"No."}""", when))), request).Act == RuleAct.Refuse;
}
