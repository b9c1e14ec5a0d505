using Millrace.Protocol.Policies;

namespace Millrace.Node.Portal;

/// <summary>What codes and fixed sentences of other parts of the program are called in the portal.</summary>
public static class CodeTexts
{
    private static readonly Dictionary<string, Text> _reach = new()
    {
        ["provider"] = new("enforced by the provider", "由提供方强制执行"),
        ["consumer"] = new("enforced by the consumer's node", "由使用方节点强制执行"),
        ["attested"] = new("attested", "签名承诺"),
        ["legal"] = new("legal only", "仅法律约束"),
    };

    private static readonly Dictionary<string, Text> _grounds = new()
    {
        ["breach"] = new("the terms were broken", "违反条款"),
        ["lost-basis"] = new("the legal basis is gone", "法律依据消失"),
        ["authority"] = new("an authority demands it", "主管机关要求"),
        ["mutual"] = new("both sides agree", "双方同意"),
        ["notice"] = new("notice was given", "依约通知终止"),
    };

    private static readonly Dictionary<string, Text> _types = new()
    {
        ["boolean"] = new("yes or no", "是否"),
        ["integer"] = new("integer", "整数"),
        ["decimal"] = new("decimal", "定点小数"),
        ["number"] = new("number", "浮点数"),
        ["date"] = new("date", "日期"),
        ["time"] = new("time", "时刻"),
        ["timestamp"] = new("timestamp", "时间戳"),
        ["text"] = new("text", "文本"),
        ["binary"] = new("binary", "二进制"),
    };

    private static readonly Dictionary<string, Text> _units = new()
    {
        ["read"] = new("read", "次读取"),
        ["row"] = new("row", "行"),
        ["agreement"] = new("agreement", "份协议"),
    };

    private static readonly Dictionary<string, Text> _dimensions = new()
    {
        ["completeness"] = new("Completeness", "完整性"),
        ["uniqueness"] = new("Uniqueness", "唯一性"),
        ["validity"] = new("Validity", "有效性"),
        ["freshness"] = new("Freshness", "时效性"),
    };

    private static readonly Dictionary<string, Text> _indicators = new()
    {
        ["0201"] = new("completeness of data elements", "数据元素完整性"),
        ["0302"] = new("compliance of data formats", "数据格式合规性"),
        ["0304"] = new("uniqueness of data", "数据唯一性"),
        ["0502"] = new("timeliness by point in time", "基于时间点的及时性"),
    };

    private static readonly Dictionary<string, Text> _standardDimensions = new()
    {
        ["02"] = new("completeness", "完整性"),
        ["03"] = new("accuracy", "准确性"),
        ["05"] = new("timeliness", "时效性"),
    };

    private static readonly Dictionary<string, Text> _characteristics = new()
    {
        ["Completeness"] = new("Completeness", "完备性"),
        ["Consistency"] = new("Consistency", "一致性"),
        ["Accuracy"] = new("Accuracy", "准确性"),
        ["Currentness"] = new("Currentness", "现时性"),
    };

    private static readonly Dictionary<string, Text> _checks = new()
    {
        ["signature"] = new("Signature", "签名"),
        ["size"] = new("Size", "条目数"),
        ["root"] = new("Root", "根哈希"),
        ["growth"] = new("Growth", "增长"),
        ["history"] = new("History", "历史"),
        ["earlier-signature"] = new("Earlier signature", "先前的签名"),
    };

    private static readonly Dictionary<string, Text> _sentences = new Text[]
    {
        new("The table has no rows.", "表中没有行。"),
        new("No column holds dates; name the date that the data are of.", "没有日期列，请指明数据所属日期。"),
        new(
            "The latest date is after publication; name the date that the data are of.",
            "最晚日期在发布之后，请指明数据所属日期。"),
        new("There is nothing to measure.", "没有可测量的内容。"),
    }.ToDictionary(t => t.En);

    private static readonly Dictionary<string, Text> _states = new()
    {
        ["REQUESTED"] = new("requested", "已请求"),
        ["OFFERED"] = new("offered", "已提出要约"),
        ["ACCEPTED"] = new("accepted", "已接受"),
        ["AGREED"] = new("agreed, not confirmed", "已同意，待确认"),
        ["VERIFIED"] = new("confirmed, not in force", "已确认，待生效"),
        ["FINALIZED"] = new("agreement in force", "协议已生效"),
        ["STARTED"] = new("running", "进行中"),
        ["SUSPENDED"] = new("held", "已暂停"),
        ["COMPLETED"] = new("completed", "已完成"),
        ["TERMINATED"] = new("ended", "已终止"),
    };

    private static readonly Dictionary<string, Text> _purposes =
        Purposes.All.ToDictionary(p => p.Iri, p => new Text(p.English, p.Chinese));

    private static readonly Dictionary<string, Text> _outcomes = new()
    {
        ["accept"] = new("agreed to", "同意"),
        ["ask"] = new("a person is asked", "由人工决定"),
        ["refuse"] = new("refused", "拒绝"),
    };

    private static readonly Dictionary<string, Text> _caps = new()
    {
        ["empty-column/1"] = new("at least one column holds no value at all", "至少一列没有任何值"),
        ["many-duplicates/1"] = new("more than a tenth of the rows repeat another row", "超过十分之一的行与其他行重复"),
    };

    /// <summary>Every text of this list.</summary>
    public static IEnumerable<Text> All => new[]
    {
        _reach, _grounds, _types, _units, _dimensions, _indicators, _standardDimensions, _characteristics, _checks,
        _sentences, _caps, _states, _purposes, _outcomes,
    }.SelectMany(list => list.Values).Distinct();

    public static Text Reach(string code) => Of(_reach, code);

    public static Text Ground(string code) => Of(_grounds, code);

    public static Text Type(string name) => Of(_types, name.ToLowerInvariant());

    /// <summary>What an amount is asked for.</summary>
    public static Text Unit(string per) => Of(_units, per);

    public static Text Dimension(string name) => Of(_dimensions, name);

    /// <summary>An indicator of GB/T 36344-2018.</summary>
    public static Text Indicator(string code) => Of(_indicators, code);

    /// <summary>The dimension of GB/T 36344-2018 that an indicator belongs to.</summary>
    public static Text StandardDimension(string code) => Of(_standardDimensions, code[..Math.Min(2, code.Length)]);

    /// <summary>A characteristic of ISO/IEC 25012.</summary>
    public static Text Characteristic(string name) => Of(_characteristics, name);

    /// <summary>A check of a log.</summary>
    public static Text Check(string name) => Of(_checks, name);

    /// <summary>A fixed English sentence of the measuring rules.</summary>
    public static Text Sentence(string english) => Of(_sentences, english);

    /// <summary>A state of a negotiation or transfer, as the management API names it.</summary>
    public static Text State(string name) => Of(_states, name);

    /// <summary>A purpose of the space's taxonomy, by its IRI.</summary>
    public static Text Purpose(string iri) => Of(_purposes, iri);

    /// <summary>What a written rule said to a request.</summary>
    public static Text Outcome(string code) => Of(_outcomes, code);

    /// <summary>A fault that holds a score down.</summary>
    public static Text Cap(string rule) => Of(_caps, rule);

    /// <summary>What is not known yet is shown as it is: a newer peer or rule may name it.</summary>
    private static Text Of(Dictionary<string, Text> list, string code) =>
        list.TryGetValue(code, out var text) ? text : new Text(code, code);
}
