namespace Millrace.Node.Portal;

/// <summary>Texts about query products and calls of them.</summary>
public static partial class Texts
{
    public static readonly Text Call = new("Call the query", "调用查询");
    public static readonly Text CallWhat = new(
        "Each call counts as a read, and is paid as one. Only the answer leaves the provider.",
        "每次调用计为一次读取，并按读取计费。只有结果离开提供方。");
    public static readonly Text Query = new("Query", "查询");
    public static readonly Text QueryWhat = new(
        "This product is a query: others call it and get answers; its table never leaves.",
        "此产品是查询：他方调用并获得结果，数据表从不外传。");
    public static readonly Text HoldsFiles = new(
        "This product is a collection of files. The rows are its index: a contract that shows a row has its file.",
        "此产品是文件集合，数据行为其索引：合约可见的行，即可取得对应文件。");
    public static readonly Text Parameters = new("Parameters", "参数");
    public static readonly Text NoParameters = new("It is called without values.", "调用时无需填写参数。");
    public static readonly Text SmallestGroup = new(
        "Groups of fewer than {0} rows are left out.", "少于 {0} 行的分组不予显示。");
    public static readonly Text Between = new("{0} to {1}", "{0} 至 {1}");
    public static readonly Text OneOf = new("one of: {0}", "可选值：{0}");
    public static readonly Text LengthAtMost = new("at most {0} characters", "最多 {0} 个字符");
    public static readonly Text Matching = new("matching {0}", "须匹配 {0}");
    public static readonly Text Usually = new("usually {0}", "默认为 {0}");
    public static readonly Text Answer = new("Answer", "结果");
    public static readonly Text NoAnswerRows = new("The answer has no rows.", "结果没有数据行。");
    public static readonly Text FirstRows = new("The first {0} of {1} rows.", "共 {1} 行，显示前 {0} 行。");
    public static readonly Text Download = new("Download as CSV", "下载 CSV");
    public static readonly Text MomentForm = new("such as 2024-02-29T12:00:00Z", "例如 2024-02-29T12:00:00Z");
}
