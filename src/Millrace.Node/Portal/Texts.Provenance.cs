namespace Millrace.Node.Portal;

/// <summary>What is stated of where data come from.</summary>
public static partial class Texts
{
    public static readonly Text Provenance = new("Provenance, as its holder states it", "数据来源（持有方声明）");
    public static readonly Text CollectedBy = new("Collected by", "采集方");
    public static readonly Text CollectedIn = new("Collected in", "采集地");
    public static readonly Text CollectedFrom = new("Collected from", "采集时间");
    public static readonly Text CollectedHow = new("Collected how", "采集方法");
    public static readonly Text MadeFor = new("Made for", "预期用途");
    public static readonly Text Consents = new("Consents", "同意文件");
    public static readonly Text ProcessedIn = new("May be processed in", "可处理地区");
    public static readonly Text NotProcessedIn = new("May not be processed in", "不可处理地区");
    public static readonly Text StoredIn = new("May be stored in", "可存储地区");
    public static readonly Text NotStoredIn = new("May not be stored in", "不可存储地区");
    public static readonly Text Rights = new("Licence and rights", "许可与权利");
}
