namespace Millrace.Node.Portal;

/// <summary>The texts of what a table holds.</summary>
public static partial class Texts
{
    public static readonly Text Step = new("Usual step", "常见间隔");
    public static readonly Text MissingSteps = new("Missing steps", "缺失的间隔点");
    public static readonly Text Gaps = new("Gaps", "缺口数");
    public static readonly Text LargestGaps = new("Largest gaps", "最大的缺口");
    public static readonly Text Gap = new("between {0} and {1}: {2} missing", "{0} 与 {1} 之间：缺 {2} 个");

    public static readonly Text KeyCandidate = new("key candidate", "候选键");
    public static readonly Text KeysAre = new(
        "Columns that may be keys, for nothing is missing and no value was found twice:",
        "可作为键的列（没有缺失，且未发现重复值）：");
    public static readonly Text Key = new("As a key", "作为键");
    public static readonly Text KeyOfAll = new("each value occurs once", "每个值仅出现一次");
    public static readonly Text KeyOfSample = new(
        "no value twice among {0} sampled; fewer than {1} of all repeat, with 99 % confidence",
        "抽取的 {0} 个值均不重复；以 99% 的置信度，重复值占全部值的比例低于 {1}");

    public static readonly Text KeysTogether = new(
        "Columns that together may be keys, for no combination of their values was found twice:",
        "可合起来作为键的列（未发现重复的取值组合）：");
    public static readonly Text KeysTogetherOfAll = new("Looked for in all {0} rows.", "已检查全部 {0} 行。");
    public static readonly Text KeysTogetherOfSample = new(
        "Looked for in {0} rows, an even choice; fewer than {1} of all rows repeat one, with 99 % confidence.",
        "已检查均匀抽取的 {0} 行；以 99% 的置信度，组合重复的行占全部行的比例低于 {1}。");

    public static readonly Text Languages = new("Languages, by cells", "语言（按单元格）");
    public static readonly Text LanguageNotTold = new("not told", "未判定");

    public static readonly Text Correlations = new("Columns that go together", "相关的列");
    public static readonly Text CorrelationsWhat = new(
        "The strongest pairs, by the correlation of ranks (Spearman): 1 is always together, -1 always against. It "
        + "names no cause.",
        "相关性最强的列对，按秩相关（Spearman）排序：1 为始终同向，-1 为始终反向。相关不表示因果。");
    public static readonly Text CorrelationsOfAll = new("Measured in all {0} rows.", "按全部 {0} 行计算。");
    public static readonly Text CorrelationsOfSample = new(
        "Measured in {0} rows, an even choice.", "按均匀抽取的 {0} 行计算。");
    public static readonly Text CorrelationOfRanks = new("Ranks", "秩相关");
    public static readonly Text CorrelationOfValues = new("Values (Pearson)", "线性相关（Pearson）");

    public static readonly Text ValuesWithheld = new(
        "Values are withheld: the column is sensitive.", "该列敏感，不显示取值。");
    public static readonly Text ReportTitle = new("What {0} holds", "{0} 的数据画像");
    public static readonly Text ReportFiles = new("Files", "文件");
    public static readonly Text Cells = new("Cells", "单元格");
    public static readonly Text ReportSensitivity = new("Sensitive data that was found", "检测到的敏感数据");
    public static readonly Text ReportWithheld = new(
        "Of columns from level 3 on no value is told. Detection can overlook something: read before you hand this on.",
        "3 级及以上的列不显示取值。检测可能有遗漏，转发前请先核对。");
}
