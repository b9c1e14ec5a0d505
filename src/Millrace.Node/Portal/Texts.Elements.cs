namespace Millrace.Node.Portal;

/// <summary>The texts of what columns hold and what they meet.</summary>
public static partial class Texts
{
    public static readonly Text Elements = new("What the columns hold", "各列的数据元");
    public static readonly Text ElementsWhat = new(
        "Common data elements. A confirmed one is told to others; a proposal is only the program's guess.",
        "通用数据元。已确认的会告知他人；建议仅为程序的推测。");
    public static readonly Text Element = new("Element", "数据元");
    public static readonly Text ElementStatus = new("Status", "状态");
    public static readonly Text ElementConfirmed = new("confirmed", "已确认");
    public static readonly Text ElementProposed = new("proposed", "建议");
    public static readonly Text ElementRejected = new("not so", "已否定");
    public static readonly Text ElementAsProposed = new("as proposed", "采纳建议");
    public static readonly Text ElementReject = new("not what is proposed or confirmed", "不是所建议或确认的数据元");
    public static readonly Text DecideOnElement = new("Decide what a column holds", "认定某列的数据元");

    public static readonly Text Joins = new("Joins with", "可连接的数据");
    public static readonly Text JoinsShow = new("What it joins with", "查看可连接的数据");
    public static readonly Text JoinsWhat = new(
        "Columns of other products on this node that meet the columns of this one, as far as you see them in the "
        + "catalogue and an offer shows them unmasked. Shares are told in steps, with a little chance in them; values "
        + "never are.",
        "本节点其他产品中与本产品各列相合的列，仅限您在目录中可见且要约不脱敏提供的列。比例分级显示并含少量随机扰动，绝不显示取值。");
    public static readonly Text JoinsCompared = new("Compared with {0} products.", "已比较 {0} 个产品。");
    public static readonly Text JoinsMore = new(" There are more than are compared.", "另有产品未比较。");
    public static readonly Text JoinsNone = new("Nothing meets its columns.", "没有相合的列。");
    public static readonly Text JoinsOther = new("Meets", "相合列");
    public static readonly Text JoinsKeys = new("One row for each value", "每值一行");
    public static readonly Text JoinsMine = new("Of yours among theirs", "本方值在对方中");
    public static readonly Text JoinsTheirs = new("Of theirs among yours", "对方值在本方中");
    public static readonly Text JoinsBy = new("By", "依据");
    public static readonly Text JoinsByValues = new("values", "取值");
    public static readonly Text JoinsByDay = new("values, by day", "取值（按日）");
}
