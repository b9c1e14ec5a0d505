using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>A request for an offer, first one or counter-offer.</summary>
/// <param name="Asker">The DID of who asks.</param>
/// <param name="Offer">The terms of the offer.</param>
/// <param name="Asked">The terms asked for.</param>
/// <param name="Claims">What is known of who asks; null: nothing.</param>
public sealed record OfferRequest(
    string Asker, Policy Offer, Policy Asked, DateTimeOffset Now, Claims? Claims = null)
{
    internal Claims Known => Claims ?? Policies.Claims.None;
}

/// <summary>What a rule says to a request.</summary>
/// <param name="Path">The line that decided: <c>lines[0]</c> or <c>otherwise</c>.</param>
/// <param name="Reason">
/// Of a refusal, as the other side reads it; else why a person is asked although the line says otherwise, or null.
/// </param>
public sealed record RuleVerdict(string Path, RuleAct Act, string? Reason = null);

/// <summary>
/// Decides a request by a written rule. It accepts only what the policy evaluator permits and this node can keep; in
/// every doubt a person is asked, a fault in here included, and no line is ever skipped for one.
/// </summary>
public static class RuleEvaluator
{
    public static RuleVerdict Decide(WrittenRule rule, OfferRequest request)
    {
        var path = "";
        try
        {
            var unknown = PolicyCheck.Unkept(request.Asked);
            if (unknown is [var first, ..])
                return new RuleVerdict("", RuleAct.Ask, $"This node does not know all of the terms: {first.Reason}");
            var facts = new RequestFacts(request);
            for (var i = 0; i < rule.Lines.Count; i++)
            {
                path = WrittenRule.PathOf(i);
                if (rule.Lines[i].When.All(facts.Holds)) return Said(path, rule.Lines[i].Then, request);
            }
            return Said(WrittenRule.OtherwisePath, rule.Otherwise, request);
        }
        catch (UnknownClaimException)
        {
            return new RuleVerdict(path, RuleAct.Ask, "No register says of who asks what the line needs to know.");
        }
        catch (Exception fault)
        {
            return new RuleVerdict(path, RuleAct.Ask, $"The rule could not be evaluated ({fault.GetType().Name}).");
        }
    }

    /// <summary>A constraint that was found good when the rule was published.</summary>
    internal static RuleCondition Read(AtomicConstraint atomic) =>
        RuleConditionReader.Read(atomic, "").Refused(out var refusal, out var condition)
            ? throw new InvalidOperationException($"A constraint was not refused before: {refusal.Code}")
            : condition;

    private static RuleVerdict Said(string path, RuleAnswer answer, OfferRequest request)
    {
        if (answer.Act != RuleAct.Accept) return new RuleVerdict(path, answer.Act, answer.Reason);
        var use = new UseRequest
        {
            Stage = UseStage.Negotiation,
            Now = request.Now,
            AgreedAt = request.Now,
            Claims = request.Known,
        };
        return PolicyEvaluator.Evaluate(request.Asked, use).Refused(out var refusal, out _)
            ? new RuleVerdict(path, RuleAct.Ask, $"The terms permit nothing: {refusal.Reason}")
            : new RuleVerdict(path, RuleAct.Accept);
    }
}
