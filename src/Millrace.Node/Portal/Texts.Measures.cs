namespace Millrace.Node.Portal;

/// <summary>The texts of what is measured when somebody asks.</summary>
public static partial class Texts
{
    public static readonly Text Drift = new("What changed", "版本变化");
    public static readonly Text DriftWhat = new(
        "Versions {0} and {1} compared. PSI, the population stability index, tells how far values moved: from 0.1 on "
        + "moderately, from 0.25 on far, where it is more than chance gives. KS is the largest distance of both "
        + "distributions.",
        "比较版本 {0} 与版本 {1}。PSI（群体稳定性指数）表示取值分布偏移的程度：0.1 起为中等，0.25 起为大，且须超过随机波动。"
        + "KS 为两个分布的最大距离。");
    public static readonly Text DriftShow = new("What changed since version {0}", "自版本 {0} 以来的变化");
    public static readonly Text DriftNone = new("No column moved far.", "各列取值没有明显偏移。");
    public static readonly Text DriftNewValues = new("Rows with values not there before", "含新出现值的行");

    public static readonly Text DriftColumns = new("Columns", "各列");
    public static readonly Text DriftBreaks = new("breaks running contracts", "破坏现有合同");
    public static readonly Text Extent = new("Moved", "偏移");

    public static readonly Text Fitness = new("Fitness for AI", "AI 适用度");
    public static readonly Text FitnessWhat = new(
        "How fit the latest version is to train and test models on: a score of its own, apart from quality. Each "
        + "measure is the share of elements that are as they should be.",
        "最新版本用于训练和测试模型的适用程度，单独计分，不计入质量分。每项指标为符合要求的元素所占比例。");
    public static readonly Text FitnessShow = new("Measure the fitness for AI", "测量 AI 适用度");
    public static readonly Text FitnessMeasure = new("Measure", "测量");
    public static readonly Text FitnessLabel = new("Label: the column to be learnt", "标签列（学习目标）");
    public static readonly Text FitnessNoLabel = new("as the contract says, or none", "依合同，或不指定");
    public static readonly Text FitnessAgainst = new(
        "Benchmark: the id of a product that models are tested on", "基准：用于测试模型的产品编号");
    public static readonly Text FitnessCoverage = new("{0} of the measures were evaluated.", "已评估 {0} 的指标。");
    public static readonly Text FitnessName = new("Measure", "指标");
    public static readonly Text FitnessSample = new("of one text in {0}", "每 {0} 条文本取 1 条");
}
