namespace Millrace.Node.Portal;

/// <summary>Where the node reads a product, and when.</summary>
public static partial class Texts
{
    public static readonly Text ReadBySource = new("Read by the node", "由节点读取");
    public static readonly Text ConvertedUnit =
        new("{0} is {1} converted from {2} to {3}.", "{0} 由 {1} 换算：{2} → {3}。");

    public static readonly Text ConvertedCodes = new("{0} is {1} by the codes of {2}.", "{0} 由 {1} 改用 {2} 的代码。");
    public static readonly Text ReadFrom = new("Read from", "读取自");
    public static readonly Text ReadAt = new("This version read at", "本版本读取时间");
    public static readonly Text ReadOnBy = new("Only new rows, by", "仅读新行，依据列");
    public static readonly Text Refreshed = new("Refreshed", "刷新");
    public static readonly Text RefreshedEvery = new("every {0}", "每 {0}");
    public static readonly Text RefreshedAt = new("each day at {0}, {1}", "每天 {0}（{1}）");
    public static readonly Text RefreshedNever = new("not by the clock", "未设定时刷新");
    public static readonly Text RefreshNext = new("Next refresh", "下次刷新");
    public static readonly Text RefreshRunning = new("running now", "正在进行");
    public static readonly Text RefreshLast = new("Last refresh", "上次刷新");
    public static readonly Text RefreshMade = new("{0}: version {1}", "{0}：版本 {1}");
    public static readonly Text RefreshUnchanged = new("{0}: unchanged", "{0}：无变化");
    public static readonly Text RefreshFailed = new("{0}: failed. {1}", "{0}：失败。{1}");
    public static readonly Text RefreshFailures = new("Failures in a row", "连续失败次数");
}
