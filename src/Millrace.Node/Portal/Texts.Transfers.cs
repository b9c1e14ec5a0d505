namespace Millrace.Node.Portal;

/// <summary>Texts of the pages of transfers.</summary>
public static partial class Texts
{
    public static readonly Text Transfers = new("Transfers", "传输");
    public static readonly Text Transfer = new("Transfer", "传输");
    public static readonly Text NoTransfers = new(
        "No access runs or ran. As consumer, ask for it under an agreement.", "尚无传输。作为使用方，可依据协议申请访问。");
    public static readonly Text HeldBecause = new("Why it is held: {0}", "暂停原因：{0}");
    public static readonly Text Project = new("Project", "项目");
    public static readonly Text Endpoint = new("Endpoint", "数据端点");
    public static readonly Text ArrowFlight = new("Arrow Flight endpoint", "Arrow Flight 端点");
    public static readonly Text AskForAccess = new("Ask for access", "申请访问");
    public static readonly Text AskForAccessWhat = new(
        "As consumer, under an agreement. The purpose is signed for you and sent along; the provider's node checks it.",
        "作为使用方依据协议申请。目的将代您签名并一同发送，由提供方节点核查。");
    public static readonly Text NoPurpose = new("none stated", "不说明");
    public static readonly Text ProjectWhich = new("Project that the purpose belongs to", "目的所属项目");
    public static readonly Text TransferEnded = new("It has ended: there is nothing more to do.", "已结束，无需处理。");
}
