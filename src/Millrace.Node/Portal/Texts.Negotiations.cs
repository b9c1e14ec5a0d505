namespace Millrace.Node.Portal;

/// <summary>Texts of the pages of negotiations, and of asking for an offer.</summary>
public static partial class Texts
{
    public static readonly Text Negotiations = new("Negotiations", "协商");
    public static readonly Text NoNegotiations = new(
        "Nothing is being negotiated. Find an offer in the catalogue, and ask for it there.",
        "目前没有协商。请在目录中找到要约并发起请求。");
    public static readonly Text WaitForYou = new("Waiting for you", "等待您处理");
    public static readonly Text WaitsForYou = new("waits for you", "等待您处理");
    public static readonly Text FirstOf = new("The first {0} of {1}.", "共 {1} 项，此处为前 {0} 项。");
    public static readonly Text AllOfThem = new("All, the newest first", "全部（最新在前）");
    public static readonly Text AllOthers = new("All others, the newest first", "其他（最新在前）");
    public static readonly Text OlderOnes = new("Older ones", "更早的");
    public static readonly Text NextStep = new("Next step", "下一步");
    public static readonly Text OurTurn = new("ours", "我方");
    public static readonly Text TheirTurn = new("the other side's", "对方");
    public static readonly Text NoTurn = new("none: it has ended", "无，已结束");
    public static readonly Text Begun = new("Begun", "开始时间");
    public static readonly Text LastStep = new("Last step", "最近一步");
    public static readonly Text Product = new("Data product", "数据产品");
    public static readonly Text EndedBecause = new("Why it ended: {0}", "终止原因：{0}");
    public static readonly Text ToAgreement = new("To the agreement", "查看协议");

    public static readonly Text WhatNow = new("What you can do now", "现在可以做什么");
    public static readonly Text WaitForThem = new(
        "The other side has the next step. This page shows it once it has come; load it again to see.",
        "下一步由对方进行。对方处理后将显示在本页，请重新加载查看。");
    public static readonly Text NodeGoesOn = new(
        "The node takes the next step by itself. Load this page again to see it.", "节点将自动进行下一步，请重新加载本页查看。");
    public static readonly Text LookAgain = new("Load again", "重新加载");
    public static readonly Text OnTheTable = new("Terms on the table", "当前条款");
    public static readonly Text History = new("Round by round", "各轮经过");
    public static readonly Text RoundBy = new("Round {0}, by {1}", "第 {0} 轮，{1}提出");
    public static readonly Text Us = new("us", "我方");
    public static readonly Text Them = new("the other side", "对方");
    public static readonly Text NoLonger = new("no longer", "不再包含");
    public static readonly Text NowAlso = new("new", "新增");
    public static readonly Text SameTerms = new("The same terms as before.", "条款与之前相同。");
    public static readonly Text RuleSaid = new("By our rule: {0}.", "按我方规则：{0}。");
    public static readonly Text HandledAtOnce = new(
        "Requests as offered are agreed to at once.", "按要约提出的请求将立即同意。");
    public static readonly Text HandledByPerson = new("A person decides on each request.", "每个请求由人工决定。");
    public static readonly Text HandledByHand = new(
        "A person decides on each request, and takes each further step.", "每个请求由人工决定，之后的每一步也由人工处理。");
    public static readonly Text HandledByRule = new(
        "Our written rule decides on each request. The other side does not see it.",
        "每个请求按我方规则决定，对方看不到该规则。");
    public static readonly Text WhatChanges = new("What changes", "变更内容");
    public static readonly Text AllTerms = new("All terms as they would be", "变更后的全部条款");
    public static readonly Text TheTerms = new("The terms", "条款");

    public static readonly Text NotNow = new("Not now", "暂不");
    public static readonly Text ChangeAgain = new("Change again", "继续修改");
    public static readonly Text WentOn = new(
        "The negotiation went on since you opened the page: that step is not open any more. This is how it stands now.",
        "打开页面后协商已向前推进，该步骤不再可用。以下为当前情况。");
    public static readonly Text Reason = new(
        "Reason, a sentence for the other side (optional)", "原因，将告知对方（选填）");
    public static readonly Text ForeignTerms = new(
        "Terms that this node cannot keep by itself", "本节点无法自行保证的条款");
    public static readonly Text ForeignTermsWhat = new(
        "Your organisation must see to these. Accept each by itself; your name is logged with it.",
        "须由贵单位自行保证履行。请逐项接受，您的姓名将记入存证。");
    public static readonly Text Person = new("Your name", "您的姓名");

    public static readonly Text UsualChanges = new("What people usually change", "常用修改项");
    public static readonly Text LastDay = new("Last day of use, in UTC (empty: no end)", "最后使用日期，UTC（留空表示不限）");
    public static readonly Text MostReads = new("Reads at most (empty: as many as wanted)", "最多读取次数（留空表示不限）");
    public static readonly Text Amount = new("Price (empty: free)", "价格（留空表示免费）");
    public static readonly Text Currency = new("Currency, like EUR or CNY", "货币，如 CNY、EUR");
    public static readonly Text PerWhat = new("For each", "计价单位");
    public static readonly Text LimitsElsewhere = new(
        "These terms limit use in more than one place: change that in the text below.",
        "条款中有多处使用限制，请在下方文本中修改。");
    public static readonly Text PricesElsewhere = new(
        "These terms state more than one price: change that in the text below.", "条款中有多处价格，请在下方文本中修改。");
    public static readonly Text WholePolicy = new("The whole policy", "完整策略");
    public static readonly Text PolicyText = new(
        "ODRL as JSON. Id, target and parties stay as they are.", "ODRL 策略（JSON）。标识、标的和双方不变。");
    public static readonly Text Review = new("See what changes", "查看变更");
    public static readonly Text NothingSentYet = new(
        "Nothing is sent yet: the next page shows the changes in sentences.", "此时尚未发送，下一页将以语句列出变更。");

    public static readonly Text AskForOffer = new("Ask for this offer", "请求此要约");
    public static readonly Text AskForOther = new("Ask for other terms instead", "改为请求其他条款");
    public static readonly Text OfferToSomebody = new("Offer this to somebody", "向指定方提供");
    public static readonly Text ToWhom = new(
        "To whom: the participant's DID, like did:web:data.example.org:noaa",
        "提供给谁：对方的 DID，如 did:web:data.example.org:noaa");
    public static readonly Text Manual = new(
        "Wait for me before each further step of ours", "我方之后的每一步都等我处理");
}
