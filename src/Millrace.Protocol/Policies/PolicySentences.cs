namespace Millrace.Protocol.Policies;

/// <summary>Says a policy in plain sentences, English and Chinese, each with how far it reaches.</summary>
public static class PolicySentences
{
    /// <summary>
    /// One term for each rule and each constraint right in it, in the order of the policy. Nothing is left out:
    /// what this version does not know or cannot check is shown as such.
    /// </summary>
    public static IReadOnlyList<Term> Describe(Policy policy)
    {
        var terms = new List<Term>();
        for (var i = 0; i < policy.Profiles.Count; i++)
            if (policy.Profiles[i] != Terms.Profile)
                terms.Add(UnknownTerm(PolicyShape.At("profile", i), policy.Profiles[i]));
        Each(policy.Permissions, "permission", (rule, path) => Permission(rule, path, terms));
        Each(policy.Prohibitions, "prohibition", (rule, path) => Prohibition(rule, path, terms));
        Each(policy.Obligations, "obligation", (rule, path) => Obligation(rule, path, terms));
        return terms;
    }

    private static void Permission(Rule rule, string path, List<Term> terms)
    {
        var reach = rule.Action == Terms.Use ? Reach.EnforcedByProvider : Reach.LegalOnly;
        terms.Add(ActionWords(rule.Action) is { } words
            ? new Term(path, $"You may {words.English}.", $"允许{words.Chinese}。", reach)
            : UnknownTerm(path, rule.Action));
        Each(rule.Constraints, path + ".constraint", (constraint, at) => terms.Add(Condition(constraint, at)));
        Each(rule.Duties, path + ".duty", (duty, at) => terms.Add(Duty(duty, at)));
    }

    internal static Term Condition(Constraint constraint, string path)
    {
        var (condition, reach) = ConditionWords.Of(constraint);
        return new Term(path, $"Condition: {condition.English}.", $"条件：{condition.Chinese}。", reach);
    }

    /// <summary>A precondition: the provider records in its log that it was met, and reads wait for that.</summary>
    internal static Term Duty(Rule duty, string path)
    {
        var (english, chinese) = duty.Action switch
        {
            Terms.Compensate when !Price.Read(duty, path).Refused(out _, out var price) =>
                (FormattableString.Invariant($"pay {price.Amount} {price.Currency} for each {Unit(price).English}"),
                    FormattableString.Invariant($"按{Unit(price).Chinese}支付{price.Amount} {price.Currency}")),
            Terms.Inform when duty.Constraints.Count == 0 => ("inform the provider", "告知提供方"),
            Terms.Sign when ObligationShape.Form(duty) is { } form =>
                ($"sign the form {Words.Shown(form)}", $"签署文件{Words.Shown(form)}"),
            _ => ("", ""),
        };
        if (english.Length > 0)
            return new Term(
                path, $"Before the first read you must {english}; the provider records that you did.",
                $"首次读取前须{chinese}，并由提供方登记确认。", Reach.Attested);
        var (name, conditions) = (Words.Shown(duty.Action), Conditions(duty));
        return new Term(
            path, $"Before that, this must be done, which this node cannot check: {name}{conditions.English}.",
            $"前提义务（本节点无法核查）：{name}{conditions.Chinese}。", Reach.LegalOnly);
    }

    private static void Prohibition(Rule rule, string path, List<Term> terms)
    {
        if (ActionWords(rule.Action) is not { } words)
        {
            terms.Add(UnknownTerm(path, rule.Action));
            words = new Words(Words.Shown(rule.Action), Words.Shown(rule.Action));
        }

        // What happens to a copy is beyond this node; a read is not.
        var reach = rule.Action == Terms.Use ? Reach.EnforcedByProvider : Reach.LegalOnly;
        var weakest = rule.Constraints.Select(constraint => ConditionWords.Of(constraint).Reach).Append(reach).Max();
        var (english, chinese) = rule.Constraints.Count == 0 ? new Words("", "") : Conditions(rule);
        terms.Add(new Term(path, $"You must not {words.English}{english}.", $"禁止{words.Chinese}{chinese}。", weakest));
    }

    private static void Obligation(Rule rule, string path, List<Term> terms)
    {
        var conditions = Conditions(rule);
        terms.Add(rule.Action switch
        {
            Terms.Compensate when !Price.Read(rule, path).Refused(out _, out var price) => Pay(path, price),
            Terms.Attribute => new Term(
                path, $"You must name the source wherever you use it{conditions.English}.",
                $"使用时须注明来源{conditions.Chinese}。", Reach.LegalOnly),
            Terms.Inform => new Term(
                path, $"You must inform the provider of your use{conditions.English}.",
                $"须将使用情况告知提供方{conditions.Chinese}。", Reach.LegalOnly),
            Terms.Delete => Delete(path, rule),
            Terms.CarryOver when !CarriedTerms.Read(rule, path).Refused(out _, out var carried) => new Term(
                path, $"Offers of products derived from it must keep: {string.Join(", ", carried.Names)}.",
                $"由此衍生的产品，其要约须保留：{string.Join("、", carried.Names)}。", Reach.LegalOnly),
            _ => new Term(
                path, $"An obligation this node does not know: {Words.Shown(rule.Action)}{conditions.English}.",
                $"本节点不认识的义务：{Words.Shown(rule.Action)}{conditions.Chinese}。", Reach.LegalOnly),
        });
    }

    private static Term Pay(string path, Price price)
    {
        var unit = Unit(price);
        var money = FormattableString.Invariant($"{price.Amount} {price.Currency}");
        return new Term(
            path, $"You pay {money} for each {unit.English}; both sides' records are signed.",
            $"{unit.Chinese}支付{money}，双方记录均经签名。", Reach.Attested);
    }

    private static Words Unit(Price price) => price.Per switch
    {
        PriceUnit.Read => new Words("read", "每次读取"),
        PriceUnit.Row => new Words("row", "每行"),
        _ => new Words("agreement", "每份协议"),
    };

    private static Term Delete(string path, Rule rule)
    {
        var (english, chinese) = Words.Joined(rule.Constraints.Select(Deadline), " and ", "，并且");
        var when = rule.Constraints.Count == 0 ? ("when the agreement ends", "在协议结束时") : (english, chinese);
        return new Term(
            path, $"You must delete your copies {when.Item1}, and sign that you did.",
            $"须{when.Item2}删除所持副本，并签署证明。", Reach.Attested);
    }

    /// <summary>A moment that ends a use is one by which something is done.</summary>
    private static Words Deadline(Constraint constraint) =>
        constraint is AtomicConstraint atomic
        && !ConditionReader.Read(atomic, "").Refused(out _, out var condition)
        && condition is TimeCondition { Operator: Operator.Lteq } time
            ? new Words($"by {PolicyJson.Time(time.Moment)}", $"最迟于{PolicyJson.Time(time.Moment)}")
            : ConditionWords.Of(constraint).Words;

    /// <summary>The constraints of a rule after its verb; empty where there are none.</summary>
    private static Words Conditions(Rule rule)
    {
        if (rule.Constraints.Count == 0) return new Words("", "");
        var words = Words.Joined(rule.Constraints.Select(c => ConditionWords.Of(c).Words), " and ", "，并且");
        return new Words($", in this case: {words.English}", $"，限以下情形：{words.Chinese}");
    }

    private static Words? ActionWords(string action) => action switch
    {
        Terms.Use => new Words("read the data for your own purposes", "为自身目的读取数据"),
        Terms.Derive => new Words("make derived products from it", "据此制作衍生产品"),
        Terms.Distribute => new Words("pass it on to others", "向他人转让或分发"),
        Terms.Train => new Words("train AI models with it", "用于训练人工智能模型"),
        Terms.Evaluate => new Words("evaluate AI models with it", "用于评测人工智能模型"),
        Terms.Retrieve => new Words("let AI systems retrieve it", "供人工智能系统检索"),
        Terms.Analyse => new Words("analyse it so that only aggregates leave", "进行分析，且仅输出汇总结果"),
        _ => null,
    };

    private static Term UnknownTerm(string path, string name) => new(
        path, $"A term this node does not know, and nothing enforces: {Words.Shown(name)}.",
        $"本节点不认识且无法执行的条款：{Words.Shown(name)}。", Reach.LegalOnly);

    private static void Each<T>(IReadOnlyList<T> items, string path, Action<T, string> visit)
    {
        for (var i = 0; i < items.Count; i++) visit(items[i], PolicyShape.At(path, i));
    }
}
