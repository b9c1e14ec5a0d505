namespace Millrace.Protocol.Policies;

/// <summary>Whether what is to be done, before or after, is understood.</summary>
internal static class ObligationShape
{
    /// <summary>What comes later.</summary>
    internal static void Obligation(Rule rule, string path, List<Refusal> refusals)
    {
        PolicyShape.Each(rule.Duties, PolicyShape.Join(path, "duty"), (_, at) => refusals.Add(
            new Refusal("not-in-obligation", "An obligation has no duties.", at)));
        var constraints = PolicyShape.Join(path, "constraint");
        switch (rule.Action)
        {
            case Terms.Compensate:
                if (Price.Read(rule, path).Refused(out var price, out _)) refusals.Add(price);
                break;
            case Terms.Attribute or Terms.Inform:
                None(rule, path, refusals);
                break;
            case Terms.Delete:
                PolicyShape.Each(rule.Constraints, constraints, (part, at) => Deadline(part, at, refusals));
                break;
            case Terms.CarryOver:
                if (CarriedTerms.Read(rule, path).Refused(out var carried, out _)) refusals.Add(carried);
                break;
            default:
                refusals.Add(PolicyShape.UnknownAction(rule, path));
                break;
        }
    }

    /// <summary>
    /// A precondition: to pay, to inform or to sign a form before. The provider finds it met and records that.
    /// </summary>
    internal static void Duty(Rule rule, string path, List<Refusal> refusals)
    {
        PolicyShape.Each(rule.Duties, PolicyShape.Join(path, "duty"), (_, at) => refusals.Add(
            new Refusal("not-in-duty", "A duty has no duties.", at)));
        switch (rule.Action)
        {
            case Terms.Compensate:
                if (Price.Read(rule, path).Refused(out var price, out _)) refusals.Add(price);
                break;
            case Terms.Inform:
                None(rule, path, refusals);
                break;
            case Terms.Sign:
                if (Form(rule) is null)
                    refusals.Add(new Refusal("bad-value", "To sign needs one constraint: form eq its name.", path));
                break;
            default:
                refusals.Add(PolicyShape.UnknownAction(rule, path));
                break;
        }
    }

    /// <summary>The name of the form that a duty to sign asks for; null where it names none.</summary>
    internal static string? Form(Rule rule) =>
        rule.Constraints is
        [
            AtomicConstraint
            {
                LeftOperand: Terms.Form, Operator: Operator.Eq,
                RightOperand.Values: [{ Type: null or "xsd:anyURI" } form],
            },
        ]
            ? form.Text
            : null;

    private static void None(Rule rule, string path, List<Refusal> refusals) =>
        PolicyShape.Each(rule.Constraints, PolicyShape.Join(path, "constraint"), (_, at) => refusals.Add(
            new Refusal("unknown-term", $"{rule.Action} takes no constraint.", at)));

    private static void Deadline(Constraint constraint, string path, List<Refusal> refusals)
    {
        if (constraint is not AtomicConstraint atomic)
            refusals.Add(new Refusal("unknown-term", "A deadline is one dateTime or sinceAgreement.", path));
        else if (ConditionReader.Read(atomic, path).Refused(out var refusal, out var condition))
            refusals.Add(refusal);
        else if (condition is not (SinceAgreementCondition or TimeCondition { Operator: Operator.Lt or Operator.Lteq }))
            refusals.Add(new Refusal("unknown-term", "A deadline is one dateTime or sinceAgreement.", path));
    }
}
