using System.Globalization;

namespace Millrace.Protocol.Policies;

/// <summary>
/// Offers that many holders need. Since plain ODRL's <c>use</c> would include them, what is not meant is prohibited in
/// words.
/// </summary>
public static class PolicyTemplates
{
    private static readonly (Blank, Func<string, bool>) _reads = (
        new Blank("reads", "how often it may be read at most", "最多读取次数", "a whole number, or nothing", ""),
        text => Fits(Terms.Count, Operator.Lteq, text));

    private static readonly (Blank, Func<string, bool>) _until = (
        new Blank("until", "when the use ends", "使用截止时间", "a day like 2027-01-01, or a time with its zone"),
        text => ConditionReader.Moment(new PolicyValue(Moment(text))) is not null);

    private static readonly (Blank, Func<string, bool>) _amount = (
        new Blank("amount", "the price", "单价", "a decimal like 0.02"), text => Pays(text, "CNY", "read"));

    private static readonly (Blank, Func<string, bool>) _currency = (
        new Blank("currency", "its currency", "币种", "an ISO 4217 code like CNY", "CNY"),
        text => Pays("1", text, "read"));

    private static readonly (Blank, Func<string, bool>) _per = (
        new Blank("per", "what is paid for", "计价单位", "read, row or agreement", "read"), text => Pays("1", "CNY", text));

    private static readonly (Blank, Func<string, bool>) _group = (
        new Blank("group", "how many units stand behind each number", "每个数值背后的最少单位数", "a whole number from 1 on", "10"),
        text => Fits(Terms.MinGroupSize, Operator.Gteq, text));

    private static readonly (Blank, Func<string, bool>) _purpose = (
        new Blank(
            "purpose", "what it may be used for", "使用目的", "a purpose of the space, like medical-research", "research"),
        text => Purposes.Resolve(text) is not null);

    /// <summary>All of them; names are unique.</summary>
    public static IReadOnlyList<PolicyTemplate> All { get; } =
    [
        new("open-attribution", "Open to all uses; the source is named.", "开放使用，须注明来源。", [], _ => Offer(
            [.. new[] { Terms.Use, Terms.Derive, Terms.Distribute, Terms.Train, Terms.Evaluate, Terms.Retrieve }
                .Select(action => Rule(action))],
            [],
            [Rule(Terms.Attribute)])),
        new("research", "For research, until a day; then copies are deleted.", "限期用于研究，到期删除副本。",
            [_until, _purpose, _reads], of => Offer(
                [Rule(Terms.Use, [
                    If(Terms.Purpose, Operator.IsA, Purposes.Resolve(of("purpose"))!.Iri),
                    If(Terms.DateTime, Operator.Lt, Moment(of("until")), "xsd:dateTime"), .. Count(of)])],
                [Terms.Derive, Terms.Distribute, Terms.Train, Terms.Evaluate, Terms.Retrieve],
                [Rule(Terms.Attribute), Rule(Terms.Delete, [
                    If(Terms.DateTime, Operator.Lteq, Moment(of("until")), "xsd:dateTime")])])),
        new("analysis", "For analyses in a room; only aggregates leave.", "仅限在隐私计算环境中分析，只输出汇总结果。",
            [_group], of => Offer(
                [Rule(Terms.Analyse, [If(Terms.MinGroupSize, Operator.Gteq, of("group"), "xsd:integer")])],
                [Terms.Use, Terms.Derive, Terms.Distribute, Terms.Train, Terms.Evaluate, Terms.Retrieve], [])),
        new("pay-per-use", "For one's own purposes, at a price.", "自用，按使用量付费。",
            [_amount, _currency, _per, _reads], of => Offer(
                [Rule(Terms.Use, Count(of))],
                [Terms.Derive, Terms.Distribute, Terms.Train, Terms.Evaluate, Terms.Retrieve],
                [Pay(of("amount"), of("currency"), of("per"))])),
        new("training", "For use and the training of models; nothing is passed on.", "可自用及训练模型，不得转让数据。",
            [_reads], of => Offer(
                [Rule(Terms.Use, Count(of)), Rule(Terms.Train), Rule(Terms.Evaluate)],
                [Terms.Derive, Terms.Distribute, Terms.Retrieve],
                [Rule(Terms.Attribute)])),
    ];

    /// <summary>The template of this name, or null.</summary>
    public static PolicyTemplate? Find(string name) => All.FirstOrDefault(template => template.Name == name);

    private static Policy Offer(
        IReadOnlyList<Rule> permissions, IReadOnlyList<string> prohibited, IReadOnlyList<Rule> obligations) => new()
        {
            Kind = PolicyKind.Offer,
            Id = "draft",
            Profiles = [Terms.Profile],
            Permissions = permissions,
            Prohibitions = [.. prohibited.Select(action => Rule(action))],
            Obligations = obligations,
        };

    private static Rule Rule(string action, params IReadOnlyList<Constraint> constraints) =>
        new() { Action = action, Constraints = constraints };

    private static AtomicConstraint If(string left, Operator op, string value, string? type = null) =>
        new(left, op, RightOperand.Of(value, type));

    private static List<Constraint> Count(Func<string, string> of) =>
        of("reads").Length == 0 ? [] : [If(Terms.Count, Operator.Lteq, of("reads"), "xsd:integer")];

    private static Rule Pay(string amount, string currency, string per) => Rule(
        Terms.Compensate, If(Terms.PayAmount, Operator.Eq, amount, "xsd:decimal"),
        If(Terms.Currency, Operator.Eq, currency), If(Terms.Per, Operator.Eq, per));

    /// <summary>People name days; the wire needs moments.</summary>
    private static string Moment(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? text + "T00:00:00Z"
            : text;

    private static bool Fits(string left, Operator op, string value) =>
        !ConditionReader.Read(If(left, op, value), "").Refused(out _, out _);

    private static bool Pays(string amount, string currency, string per) =>
        !Price.Read(Pay(amount, currency, per), "").Refused(out _, out _);
}
