namespace Millrace.Node.Portal;

/// <summary>The indicators of GB/T 36344-2018, their dimensions, and what those need that nothing measures.</summary>
public static class StandardTexts
{
    private static readonly Dictionary<string, Text> _indicators = new()
    {
        ["0101"] = new("data standards", "数据标准"),
        ["0102"] = new("data model", "数据模型"),
        ["0103"] = new("metadata", "元数据"),
        ["0104"] = new("business rules", "业务规则"),
        ["0105"] = new("authoritative reference data", "权威参考数据"),
        ["0106"] = new("security specifications", "安全规范"),
        ["0201"] = new("completeness of data elements", "数据元素完整性"),
        ["0202"] = new("completeness of data records", "数据记录完整性"),
        ["0301"] = new("correctness of data contents", "数据内容正确性"),
        ["0302"] = new("compliance of data formats", "数据格式合规性"),
        ["0304"] = new("uniqueness of data", "数据唯一性"),
        ["0401"] = new("consistency of the same data", "相同数据一致性"),
        ["0402"] = new("consistency of related data", "关联数据一致性"),
        ["0501"] = new("correctness by period of time", "基于时间段的正确性"),
        ["0502"] = new("timeliness by point in time", "基于时间点的及时性"),
        ["0503"] = new("sequence in time", "时序性"),
        ["0601"] = new("accessible", "可访问"),
        ["0602"] = new("usable", "可用性"),
    };

    private static readonly Dictionary<string, Text> _standardDimensions = new()
    {
        ["01"] = new("normativity", "规范性"),
        ["04"] = new("consistency", "一致性"),
        ["02"] = new("completeness", "完整性"),
        ["03"] = new("accuracy", "准确性"),
        ["05"] = new("timeliness", "时效性"),
        ["06"] = new("accessibility", "可访问性"),
    };

    private static readonly Dictionary<string, Text> _needs = new Text[]
    {
        new(
            "It needs rules of a contract on ranges, lengths, patterns or allowed values.",
            "需要合同中关于取值范围、长度、格式或允许值的规则。"),
        new("It needs a data model apart from the table to compare it with.", "需要独立于该表的数据模型用于比对。"),
        new("It needs a standard that says which metadata must be given.", "需要规定必备元数据的标准。"),
        new("It needs business rules: conditions in a contract.", "需要业务规则：合同中的条件。"),
        new("It needs an authoritative list of the values to compare them with.", "需要用于比对的权威参考数据。"),
        new("It needs the rules of security that the data must keep.", "需要数据须遵守的安全规范。"),
        new("It needs the number of rows to expect: a rule in a contract.", "需要应有记录数：合同中的行数规则。"),
        new("It needs the true values to compare with.", "需要用于比对的真实值。"),
        new("It needs another copy of the same data to compare with.", "需要同一数据的另一副本用于比对。"),
        new("It needs references or sums in a contract.", "需要合同中的引用或求和规则。"),
        new("It needs the period that the data must cover.", "需要数据应覆盖的时间段。"),
        new("It needs dates in the table, or a promise of freshness in a contract.", "需要表中的日期，或合同中的时效承诺。"),
        new("It needs the order in which the records must follow one another.", "需要记录应遵循的先后顺序。"),
        new(
            "It needs a promise of access and measurements of it; no table tells them.",
            "需要可访问性承诺及其测量结果，仅凭表无法得知。"),
        new(
            "It needs a promise of use and measurements of it; no table tells them.",
            "需要可用性承诺及其测量结果，仅凭表无法得知。"),
    }.ToDictionary(t => t.En);

    /// <summary>Every text of this list.</summary>
    public static IEnumerable<Text> All => _indicators.Values.Concat(_standardDimensions.Values).Concat(_needs.Values);

    /// <summary>An indicator, by its four digits.</summary>
    public static Text Indicator(string code) => _indicators.GetValueOrDefault(code) ?? new Text(code, code);

    /// <summary>The dimension that an indicator belongs to.</summary>
    public static Text Dimension(string code) =>
        _standardDimensions.GetValueOrDefault(code[..Math.Min(2, code.Length)]) ?? new Text(code, code);

    /// <summary>What an indicator needs, by the English sentence of the report.</summary>
    public static Text Need(string english) => _needs.GetValueOrDefault(english) ?? CodeTexts.Sentence(english);
}
