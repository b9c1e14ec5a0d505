using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Drift;
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

    private static readonly Dictionary<string, Text> _joinKeys = new()
    {
        ["mine"] = new("here", "本方"),
        ["theirs"] = new("there", "对方"),
        ["both"] = new("here and there", "双方"),
        ["none"] = new("on neither side", "双方都不是"),
    };

    private static readonly Dictionary<string, Text> _proved = new()
    {
        ["held"] = new("held", "已守住"),
        ["broken"] = new("let through", "未守住"),
        ["not-tried"] = new("not tried: technique does not reach it", "未尝试：技术手段无法触及"),
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
        ["required"] = new("Required values", "必填值"),
        ["keys"] = new("Keys", "键唯一性"),
        ["conformity"] = new("Conformity", "规范性"),
        ["consistency"] = new("Consistency across columns and products", "关联一致性"),
        ["business-rules"] = new("Business rules", "业务规则"),
        ["timeliness"] = new("Promised timeliness", "承诺时效"),
        ["volume"] = new("Number of rows", "记录数量"),
        ["stability"] = new("Stability from version to version", "版本间稳定性"),
    };

    private static readonly Dictionary<string, Text> _rules = new()
    {
        ["not-null"] = new("has a value", "必须有值"),
        ["unique"] = new("is unique", "值唯一"),
        ["key-not-null"] = new("has a value, as a part of the key", "作为主键列必须有值"),
        ["primary-key"] = new("is the primary key", "主键"),
        ["range"] = new("lies in the range", "取值范围"),
        ["length"] = new("has the length", "长度范围"),
        ["pattern"] = new("has the form", "格式"),
        ["allowed-values"] = new("is one of", "允许值"),
        ["reference"] = new("stands in", "引用"),
        ["sum"] = new("add up to the last one", "各列之和等于末列"),
        ["ascending"] = new("ascends from row to row (within the others)", "逐行不减（按其余列分组）"),
        ["dependency"] = new("determine the last one", "各列决定末列"),
        ["condition"] = new("meets the condition", "满足条件"),
        ["freshness"] = new("is at most so old", "数据时龄不超过"),
        ["row-count"] = new("as many rows", "行数"),
        ["drift"] = new("moved no further since the version before", "相对上一版本的分布偏移"),
    };

    private static readonly Dictionary<string, Text> _characteristics = new()
    {
        ["Completeness"] = new("Completeness", "完备性"),
        ["Consistency"] = new("Consistency", "一致性"),
        ["Accuracy"] = new("Accuracy", "准确性"),
        ["Currentness"] = new("Currentness", "现时性"),
        ["Compliance"] = new("Compliance", "依从性"),
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
        new("No date in the table is before its publication.", "表中没有早于发布时间的日期。"),
        new("There is nothing to measure.", "没有可测量的内容。"),
        new("No text has 40 characters.", "没有达到 40 个字符的文本。"),
        new("No column was named as the label.", "未指定标签列。"),
        new("The label has more than 1000 values: it is none.", "该列取值超过 1000 种，不能作为标签。"),
        new("The profile does not tell the languages of texts.", "数据画像未给出文本语言。"),
        new("No benchmark was named to compare with.", "未指定用于比较的基准。"),
        new("No column holds texts.", "没有文本列。"),
        new(
            "The benchmark is too large: 4000000 runs of 13 words are the most.",
            "基准过大：最多 4000000 个 13 词片段。"),
        new("The benchmark holds no 13 words in a row.", "基准中没有连续 13 个词的文本。"),
        new("No register says of who asks what the line needs to know.", "登记册中没有该行规则所需的请求方信息。"),
    }.ToDictionary(t => t.En);

    private static readonly Dictionary<string, Text> _steps = new()
    {
        ["Microsecond"] = new("every microsecond", "每微秒"), ["Millisecond"] = new("every millisecond", "每毫秒"),
        ["Second"] = new("every second", "每秒"), ["Minute"] = new("every minute", "每分钟"),
        ["Hour"] = new("every hour", "每小时"), ["Day"] = new("every day", "每天"),
        ["Weekday"] = new("Monday to Friday", "周一至周五"), ["Week"] = new("every week", "每周"),
        ["Month"] = new("every month", "每月"), ["Year"] = new("every year", "每年"),
    };

    private static readonly Dictionary<string, Text> _longSteps = new()
    {
        ["Microsecond"] = new("every {0} microseconds", "每 {0} 微秒"),
        ["Millisecond"] = new("every {0} milliseconds", "每 {0} 毫秒"),
        ["Second"] = new("every {0} seconds", "每 {0} 秒"), ["Minute"] = new("every {0} minutes", "每 {0} 分钟"),
        ["Hour"] = new("every {0} hours", "每 {0} 小时"), ["Day"] = new("every {0} days", "每 {0} 天"),
        ["Week"] = new("every {0} weeks", "每 {0} 周"), ["Month"] = new("every {0} months", "每 {0} 个月"),
        ["Year"] = new("every {0} years", "每 {0} 年"),
    };

    /// <summary>By their codes in ISO 639-1.</summary>
    private static readonly Dictionary<string, Text> _languages = new()
    {
        ["ar"] = new("Arabic", "阿拉伯语"), ["bg"] = new("Bulgarian", "保加利亚语"), ["ca"] = new("Catalan", "加泰罗尼亚语"),
        ["cs"] = new("Czech", "捷克语"), ["da"] = new("Danish", "丹麦语"), ["de"] = new("German", "德语"),
        ["el"] = new("Greek", "希腊语"), ["en"] = new("English", "英语"), ["es"] = new("Spanish", "西班牙语"),
        ["fa"] = new("Persian", "波斯语"), ["fi"] = new("Finnish", "芬兰语"), ["fr"] = new("French", "法语"),
        ["he"] = new("Hebrew", "希伯来语"), ["hi"] = new("Hindi", "印地语"), ["hr"] = new("Croatian", "克罗地亚语"),
        ["hu"] = new("Hungarian", "匈牙利语"), ["id"] = new("Indonesian", "印度尼西亚语"), ["it"] = new("Italian", "意大利语"),
        ["ja"] = new("Japanese", "日语"), ["ko"] = new("Korean", "韩语"), ["nl"] = new("Dutch", "荷兰语"),
        ["no"] = new("Norwegian", "挪威语"), ["pl"] = new("Polish", "波兰语"), ["pt"] = new("Portuguese", "葡萄牙语"),
        ["ro"] = new("Romanian", "罗马尼亚语"), ["ru"] = new("Russian", "俄语"), ["sk"] = new("Slovak", "斯洛伐克语"),
        ["sv"] = new("Swedish", "瑞典语"), ["th"] = new("Thai", "泰语"), ["tr"] = new("Turkish", "土耳其语"),
        ["uk"] = new("Ukrainian", "乌克兰语"), ["ur"] = new("Urdu", "乌尔都语"), ["vi"] = new("Vietnamese", "越南语"),
        ["zh"] = new("Chinese", "中文"),
    };

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
        ["broken-primary-key/2"] = new("the primary key is broken", "主键重复或缺失"),
        ["undeclared-sensitive/1"] = new(
            "the contract does not declare sensitive columns as such", "合同未声明敏感列"),
        ["failed-error-rule/1"] = new("a rule of severity error fails", "有错误级规则未通过"),
        ["many-duplicates/1"] = new("more than a tenth of the rows repeat another row", "超过十分之一的行与其他行重复"),
    };

    private static readonly Dictionary<string, Text> _kinds = new()
    {
        ["cn-resident-id"] = new("Chinese resident's number", "居民身份证号"),
        ["cn-credit-code"] = new("unified social credit code", "统一社会信用代码"),
        ["email"] = new("e-mail address", "电子邮箱"),
        ["iban"] = new("IBAN", "国际银行账号"),
        ["card-number"] = new("payment card number", "银行卡号"),
        ["cn-mobile"] = new("Chinese mobile number", "手机号"),
        ["phone"] = new("telephone number", "电话号码"),
        ["cn-landline"] = new("Chinese landline number", "固定电话"),
        ["cn-plate"] = new("Chinese number plate", "车牌号"),
        ["vin"] = new("vehicle's number (VIN)", "车辆识别代号"),
        ["imei"] = new("IMEI of a device", "设备 IMEI"),
        ["sim"] = new("number of a SIM card", "SIM 卡号"),
        ["mac-address"] = new("MAC address", "MAC 地址"),
        ["ipv4"] = new("IPv4 address", "IPv4 地址"),
        ["ipv6"] = new("IPv6 address", "IPv6 地址"),
        ["us-ssn"] = new("US social security number", "美国社会保障号"),
        ["hk-id"] = new("Hong Kong identity card", "香港身份证"),
        ["cn-military-id"] = new("Chinese military ID", "军官证号"),
        ["cn-passport"] = new("Chinese passport", "护照号"),
        ["cn-permit"] = new("travel permit", "港澳通行证号"),
        ["bic"] = new("BIC of a bank", "银行识别代码"),
        ["cn-postcode"] = new("postcode", "邮政编码"),
        ["diagnosis"] = new("diagnosis (ICD-10)", "诊断编码（ICD-10）"),
        ["cn-address"] = new("Chinese address", "中文地址"),
        ["cn-name"] = new("Chinese name of a person", "中文姓名"),
        ["person-name"] = new("name of a person", "姓名"),
        ["identity-document"] = new("number of an identity document", "证件号码"),
        ["bank-account"] = new("bank account or card", "银行账号或卡号"),
        ["address"] = new("address", "地址"),
        ["contact"] = new("telephone", "电话"),
        ["birth-date"] = new("date of birth", "出生日期"),
        ["coordinates"] = new("coordinates", "经纬度"),
        ["sex"] = new("sex or family status", "性别、婚姻等"),
        ["special"] = new("origin, belief or body (GDPR, article 9)", "民族、信仰、生物特征等特殊信息"),
        ["credential"] = new("password or key", "密码或密钥"),
        ["health"] = new("health record", "健康医疗信息"),
    };

    private static readonly Dictionary<string, Text> _likelihoods = new()
    {
        ["Possible"] = new("possible", "可能"),
        ["Likely"] = new("likely", "很可能"),
        ["VeryLikely"] = new("very likely", "几乎确定"),
    };

    private static readonly Dictionary<string, Text> _levels = new()
    {
        ["1"] = new("nobody is harmed", "无危害"),
        ["2"] = new("general harm", "一般危害"),
        ["3"] = new("serious harm", "严重危害"),
        ["4"] = new("especially serious harm", "特别严重危害"),
    };

    private static readonly Dictionary<string, Text> _extents = new()
    {
        ["Small"] = new("little", "小"),
        ["Moderate"] = new("moderately", "中等"),
        ["Large"] = new("far", "大"),
    };

    private static readonly Dictionary<string, Text> _fitness = new()
    {
        ["exact-duplicates"] = new("Rows that repeat no other", "无重复行"),
        ["near-duplicates"] = new("Texts that are not nearly another", "无近似重复文本"),
        ["label-balance"] = new("Balance of the labels (bits of entropy)", "标签均衡（熵，比特）"),
        ["language"] = new("Texts in the commonest language", "主要语言占比"),
        ["personal-data"] = new("Cells without personal data", "无个人信息的单元格"),
        ["contamination"] = new("Rows that are not in the benchmark", "未出现在基准中的行"),
    };

    /// <summary>Every text of this list.</summary>
    public static IEnumerable<Text> All => new[]
    {
        _reach, _proved, _grounds, _types, _units, _dimensions, _rules,
        _characteristics, _checks, _sentences, _caps, _states, _purposes, _outcomes, _kinds, _likelihoods, _levels,
        _extents, _fitness, _joinKeys, _steps, _longSteps, _languages,
    }.SelectMany(list => list.Values).Distinct();

    public static Text Reach(string code) => Of(_reach, code);

    /// <summary>What came of trying a clause.</summary>
    public static Text Proved(string status) => Of(_proved, status);

    /// <summary>On which side of a join a value stands in one row only.</summary>
    public static Text JoinKeys(string keys) => Of(_joinKeys, keys);

    public static Text Ground(string code) => Of(_grounds, code);

    public static Text Type(string name) => Of(_types, name.ToLowerInvariant());

    /// <summary>A kind of sensitive value, by its detector.</summary>
    public static Text Kind(string kind) => Of(_kinds, kind);

    public static Text Likelihood(string likelihood) => Of(_likelihoods, likelihood);

    /// <summary>The harm that a level stands for.</summary>
    public static Text Level(int level) => Of(_levels, $"{level}");

    /// <summary>How far values moved.</summary>
    public static Text Extent(DriftExtent extent) => Of(_extents, extent.ToString());

    /// <summary>A measure of fitness for AI.</summary>
    public static Text Fitness(string name) => Of(_fitness, name);

    /// <summary>How dates follow one another; with a place for how many units.</summary>
    public static Text Step(StepUnit unit, long every) => Of(every == 1 ? _steps : _longSteps, unit.ToString());

    /// <summary>A language, by its code in ISO 639-1.</summary>
    public static Text Language(string code) => Of(_languages, code);

    /// <summary>What an amount is asked for.</summary>
    public static Text Unit(string per) => Of(_units, per);

    public static Text Dimension(string name) => Of(_dimensions, name);

    /// <summary>What a rule of a contract asks for, by its kind.</summary>
    public static Text Rule(string kind) => Of(_rules, kind);

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
