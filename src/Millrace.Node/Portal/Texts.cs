namespace Millrace.Node.Portal;

/// <summary>Every text of the portal, each in both languages side by side.</summary>
public static partial class Texts
{
    public static readonly Text Tagline = new("A controlled flow of data", "让数据在合约之内流动");
    public static readonly Text SkipToContent = new("Skip to content", "跳到正文");
    public static readonly Text Node = new("Node", "节点");
    public static readonly Text OtherLanguage = new("中文", "English");
    public static readonly Text SignIn = new("Sign in", "登录");
    public static readonly Text SignOut = new("Sign out", "退出");
    public static readonly Text Token = new("Admin token", "管理令牌");
    public static readonly Text TokenWhere = new(
        "It lies in the node's data folder, in the file admin.token. The command serve prints a link that holds it.",
        "令牌在节点数据目录的 admin.token 文件中。serve 命令启动时会打印带有令牌的链接。");
    public static readonly Text WrongToken = new(
        "That is not this node's token. Copy it again from admin.token.", "令牌不正确，请从 admin.token 重新复制。");
    public static readonly Text FormExpired = new("This form has expired", "表单已失效");
    public static readonly Text FormExpiredWhy = new(
        "The node was started again since the page was opened, or the form did not come from this portal. Nothing was "
        + "changed. Go back, load the page again, and repeat.",
        "打开页面后节点曾重新启动，或表单并非来自本门户。未作任何更改。请返回并刷新页面后重试。");
    public static readonly Text NotFound = new("Not found", "未找到");
    public static readonly Text NotFoundWhy = new(
        "Nothing of that name is here. It may belong to another participant.", "这里没有该名称的内容，它可能属于其他参与方。");
    public static readonly Text NotDone = new("That was not done", "操作未完成");
    public static readonly Text WasNotDone = new("That was not done.", "操作未完成。");
    public static readonly Text BackToStart = new("To the start page", "返回首页");

    public static readonly Text Participants = new("Participants", "参与方");
    public static readonly Text NoParticipants = new("This node hosts no participant yet.", "本节点尚未托管任何参与方。");
    public static readonly Text Operator = new("Operator", "运营方");
    public static readonly Text Address = new("Address", "地址");
    public static readonly Text Database = new("Database", "数据库");
    public static readonly Text Version = new("Version", "版本");
    public static readonly Text DataFolder = new("Data folder", "数据目录");
    public static readonly Text Since = new("since {0}", "自 {0}");
    public static readonly Text ByCommand = new("By command line:", "使用命令行：");

    public static readonly Text Overview = new("Overview", "概览");
    public static readonly Text Catalogue = new("Catalogue", "目录");
    public static readonly Text Agreements = new("Agreements", "协议");
    public static readonly Text Evidence = new("Evidence", "存证");
    public static readonly Text UsageTitle = new("Usage", "用量");
    public static readonly Text Scenarios = new("Scenarios", "场景");
    public static readonly Text Menu = new("Pages of the participant", "参与方页面");
    public static readonly Text Products = new("Data products", "数据产品");
    public static readonly Text NoProducts = new("Nothing has been published yet.", "尚未发布数据产品。");
    public static readonly Text CatalogueAddress = new("Catalogue for others", "供他方访问的目录地址");
    public static readonly Text EntriesInLog = new("Entries in the log", "存证条目");
    public static readonly Text Newest = new("Newest evidence", "最新存证");
    public static readonly Text ShowAll = new("Show all", "查看全部");

    public static readonly Text Rows = new("Rows", "行数");
    public static readonly Text RowCount = new("{0} rows", "{0} 行");
    public static readonly Text Bytes = new("Size", "大小");
    public static readonly Text Columns = new("Columns", "列");
    public static readonly Text Column = new("Column", "列名");
    public static readonly Text Type = new("Type", "类型");
    public static readonly Text Quality = new("Quality", "质量");
    public static readonly Text OfHundred = new("{0} of 100", "{0} / 100");
    public static readonly Text Offers = new("Offers", "要约");
    public static readonly Text Offer = new("Offer {0}", "要约 {0}");
    public static readonly Text NoOffers = new("There is no offer: nobody can obtain this.", "没有要约：他方无法取得。");
    public static readonly Text Published = new("Published", "发布时间");
    public static readonly Text Keywords = new("Keywords", "关键词");
    public static readonly Text NoDescription = new("No description.", "暂无说明。");

    public static readonly Text CatalogueOf = new("What the known peers offer", "已知参与方提供的数据");
    public static readonly Text Search = new("Search", "搜索");
    public static readonly Text SearchWords = new("Words in title, description or keywords", "标题、说明或关键词中的词语");
    public static readonly Text Found = new("{0} found", "找到 {0} 项");
    public static readonly Text NothingFound = new("No offer holds these words.", "没有符合条件的数据。");
    public static readonly Text NoPeers = new(
        "No other participant is known, or none of them offers anything.", "尚不知道其他参与方，或他们没有提供数据。");
    public static readonly Text Unreachable = new("Did not answer", "未响应");
    public static readonly Text Provider = new("Provider", "提供方");
    public static readonly Text Consumer = new("Consumer", "使用方");
    public static readonly Text Formats = new("Formats", "格式");
    public static readonly Text UnderTerms = new("Under these terms", "使用条款");
    public static readonly Text ToNegotiate = new("To obtain it by command line:", "使用命令行取得：");

    public static readonly Text Versions = new("Versions", "版本");
    public static readonly Text VersionNumber = new("Version {0}", "版本 {0}");
    public static readonly Text Latest = new("latest", "最新");
    public static readonly Text Manifest = new("Manifest", "清单");
    public static readonly Text File = new("File", "文件");
    public static readonly Text Source = new("Source as handed in", "原始来源");
    public static readonly Text DecimalCommas = new(
        "Read as numbers with a decimal comma: {0}", "按小数逗号读取的数值列：{0}");
    public static readonly Text RenamedColumn = new(
        "{0} is the member {1}, which differs from another in letter case only",
        "{0} 为成员 {1}：与另一成员仅大小写不同");
    public static readonly Text Delimiter = new("delimiter “{0}”", "分隔符“{0}”");
    public static readonly Text Tab = new("tab", "制表符");
    public static readonly Text Schema = new("Schema", "结构");
    public static readonly Text Profile = new("Profile", "数据画像");
    public static readonly Text RepeatedRows = new("{0} rows repeat an earlier one", "{0} 行与前面的行重复");
    public static readonly Text Missing = new("Missing", "缺失");
    public static readonly Text MissingShare = new("{0} of the rows hold no value", "{0} 的行没有值");
    public static readonly Text NothingMissing = new("complete", "完整");
    public static readonly Text Distinct = new("Different values", "不同值");
    public static readonly Text About = new("about {0}", "约 {0}");
    public static readonly Text Defects = new("Defects", "缺陷值");
    public static readonly Text Least = new("Least", "最小");
    public static readonly Text Greatest = new("Greatest", "最大");
    public static readonly Text Mean = new("Mean", "均值");
    public static readonly Text Deviation = new("Deviation", "标准差");
    public static readonly Text Quantiles = new("Middle half", "中间一半");
    public static readonly Text Median = new("Median", "中位数");
    public static readonly Text Range = new("{0} to {1}", "{0} 至 {1}");
    public static readonly Text Bin = new("{0} to {1}: {2} rows", "{0} 至 {1}：{2} 行");
    public static readonly Text Distribution = new(
        "Distribution of {0} from {1} to {2}; the fullest of {3} bins holds {4} rows",
        "{0} 的分布，{1} 至 {2}，共 {3} 个区间，最多的区间有 {4} 行");
    public static readonly Text Frequent = new("Most frequent values", "最常见的值");
    public static readonly Text FrequentInSample = new(
        "Most frequent in {0} rows, an even choice of all", "在均匀抽取的 {0} 行中最常见的值");
    public static readonly Text Shapes = new("Commonest shapes", "常见形式");
    public static readonly Text Length = new("Characters", "字符数");
    public static readonly Text EveryValueDiffers = new("Every value is different.", "每个值都不相同。");
    public static readonly Text TooManyValues = new(
        "Too many values differ to tell a frequent one.", "不同的值太多，无法指出常见的值。");
    public static readonly Text Empty = new("(empty)", "（空）");
    public static readonly Text Blank = new("(blank)", "（空白）");

    public static readonly Text Sensitivity = new("Sensitivity", "敏感性");
    public static readonly Text LevelOfProduct = new("Level {0} of 4.", "级别：{0}（共 4 级）。");
    public static readonly Text LevelsWhat = new(
        "Levels are those of general data in GB/T 43697-2024. From level 3 on a column is guarded whatever an offer "
        + "says.",
        "级别按 GB/T 43697-2024 的一般数据划分。3 级及以上的列，无论要约如何，均受保护。");
    public static readonly Text NotClassified = new(
        "This version is from before tables were classified: publish it again.", "此版本发布时尚未分级，请重新发布。");
    public static readonly Text Level = new("Level", "级别");
    public static readonly Text Guard = new("Guard", "保护");
    public static readonly Text WhatFound = new("What was found", "检测结果");
    public static readonly Text Decided = new("Decided by", "人工认定");
    public static readonly Text GdprArticle = new("GDPR article {0}", "GDPR 第 {0} 条");
    public static readonly Text OfCells = new("{0} of {1} cells", "{1} 个单元格中有 {0} 个");
    public static readonly Text WithinCells = new("inside of {0} cells", "{0} 个单元格内含有");
    public static readonly Text ByItsName = new("by the column's name", "依据列名");
    public static readonly Text DecideOnLevel = new("Decide on the level of a column", "认定某列的级别");
    public static readonly Text Decide = new("Decide", "认定");
    public static readonly Text DecidedWhy = new("Why; it stands in the log", "理由，将记入日志");
    public static readonly Text NotDecided = new("The level was not decided", "未能认定级别");

    public static readonly Text DataContract = new("Data contract", "数据合同");
    public static readonly Text ContractKept = new("The data keep their contract.", "数据符合合同。");
    public static readonly Text ContractBroken = new("The data break their contract.", "数据违反合同。");
    public static readonly Text AsksFor = new("Asks for", "要求");
    public static readonly Text BreakingRows = new("Rows that break it", "违反规则的行号");
    public static readonly Text Promised = new("Promised", "承诺");
    public static readonly Text PromisedAll = new("all", "全部");
    public static readonly Text PromisedAtLeast = new("at least {0}", "至少 {0}");
    public static readonly Text PromisedMoreThan = new("more than {0}", "超过 {0}");
    public static readonly Text PromisedBad = new("at most {0} may break it", "违反者至多 {0} 个");
    public static readonly Text PromisedFewerBad = new("fewer than {0} may break it", "违反者少于 {0} 个");
    public static readonly Text PromisedWithin = new("{0} break it", "违反者 {0}");
    public static readonly Text PromisedOutside = new("not {0} break it", "违反者不在 {0}");
    public static readonly Text PromisedScore = new("A total of at least {0} is promised.", "承诺总分不低于 {0}。");
    public static readonly Text RuleOutcome = new("Outcome", "结果");
    public static readonly Text RuleKept = new("kept", "通过");
    public static readonly Text RuleNotKept = new("not kept", "未通过（警告）");
    public static readonly Text RuleBroken = new("broken", "未通过（错误）");
    public static readonly Text QualityReport = new("Quality report", "质量报告");
    public static readonly Text Dimension = new("Dimension", "维度");
    public static readonly Text Measured = new("Measured (A of B)", "测量值（A / B）");
    public static readonly Text Ratio = new("Ratio", "比率");
    public static readonly Text Rule = new("Rule", "规则");
    public static readonly Text NotEvaluated = new("not evaluated", "未评估");
    public static readonly Text Coverage = new("{0} of the dimensions were evaluated.", "已评估 {0} 的维度。");
    public static readonly Text IndicatorCoverage = new(
        "{0} of the {1} indicators of GB/T 36344-2018 were evaluated ({2}).",
        "已评估 GB/T 36344-2018 的 {1} 项指标中的 {0} 项（{2}）。");
    public static readonly Text AllIndicators = new("All indicators, and what the others need", "全部指标及其余指标所需条件");
    public static readonly Text Indicator = new("Indicator", "指标");
    public static readonly Text MeasuredBy = new("Measured by", "测量项");
    public static readonly Text HeldDown = new("{0} at most: {1}", "上限为 {0}：{1}");
    public static readonly Text HowTotal = new("How the total comes about", "总分的由来");
    public static readonly Text Weight = new("Weight", "权重");
    public static readonly Text Uncapped = new("Weighted mean, before any cap: {0}", "设上限之前的加权平均：{0}");
    public static readonly Text RowsBehind = new("The rows behind the figures", "指标涉及的行");
    public static readonly Text RowsBehindWhat = new(
        "By their numbers from 1, the first ten of a column, of the twenty columns with most; never a value.",
        "行号自 1 起，每列仅列前十行，仅列数量最多的二十列；从不列出数据值。");
    public static readonly Text HowMany = new("How many", "数量");
    public static readonly Text FirstNumbers = new("First rows", "最先的行号");
    public static readonly Text WholeRow = new("the whole row", "整行");
    public static readonly Text NoGrade = new(
        "The standards define no grades: the total is the mean of what was evaluated, weighed as a contract says, and "
        + "held down where a fault would hide in a mean.",
        "标准未规定等级：总分为已评估维度的平均值，权重以合同为准；若平均值会掩盖缺陷，则设上限。");

    public static readonly Text Active = new("active", "有效");
    public static readonly Text Expired = new("expired", "已到期");
    public static readonly Text Withdrawn = new("withdrawn", "已撤回");
    public static readonly Text NoAgreements = new("There is no agreement yet.", "尚无协议。");
    public static readonly Text Agreement = new("Agreement", "协议");
    public static readonly Text OurRole = new("Our role", "我方角色");
    public static readonly Text OtherSide = new("Other side", "对方");
    public static readonly Text Agreed = new("Agreed", "达成时间");
    public static readonly Text State = new("State", "状态");
    public static readonly Text Terms = new("Terms", "条款");
    public static readonly Text Term = new("Term", "条款内容");
    public static readonly Text Reach = new("How far it reaches", "约束方式");
    public static readonly Text UseSoFar = new("Use so far", "目前用量");
    public static readonly Text Reads = new("Reads", "读取次数");
    public static readonly Text Price = new("Price", "价格");
    public static readonly Text PricePer = new("{0} {1} per {2}", "每{2} {0} {1}");
    public static readonly Text Free = new("free", "免费");
    public static readonly Text Due = new("Due", "应付");
    public static readonly Text DueToUs = new("Due to you", "应收");
    public static readonly Text DueEitherWay = new("Due", "金额");
    public static readonly Text Yes = new("yes", "是");
    public static readonly Text No = new("no", "否");
    public static readonly Text ExpiredAt = new("Expired", "到期");
    public static readonly Text ExpiredOn = new(
        "It expired on {0}: nothing can be read under it any more.", "已于 {0} 到期，不能再据此读取数据。");
    public static readonly Text WithdrawnOn = new("Withdrawn on {0}; ground: {1}.", "已于 {0} 撤回，理由：{1}。");
    public static readonly Text Withdrawal = new("Withdraw", "撤回");
    public static readonly Text WithdrawalWhat = new(
        "From the next read on, every use is refused; open streams end within a second. It cannot be undone.",
        "自下一次读取起拒绝一切使用，正在进行的传输在一秒内终止。此操作不可撤销。");
    public static readonly Text Ground = new("Ground", "理由");
    public static readonly Text Note = new("Note for the record (optional)", "备注（选填）");
    public static readonly Text GoOn = new("Go on", "继续");
    public static readonly Text Confirm = new("Withdraw this agreement?", "确认撤回此协议？");
    public static readonly Text ConfirmYes = new("Yes, withdraw it", "确认撤回");
    public static readonly Text ConfirmNo = new("No, keep it", "不撤回");
    public static readonly Text NotWithdrawn = new("It was not withdrawn", "未能撤回");

    public static readonly Text EvidenceWhat = new(
        "Each fact has an entry in this log; the tree over them is signed. Whoever holds a receipt can prove an entry.",
        "每个事实在此日志中都有一个条目，其树由签名保证。持有回执者可以证明该条目。");
    public static readonly Text TreeHead = new("Tree head", "树头");
    public static readonly Text Root = new("Root", "根哈希");
    public static readonly Text Origin = new("Name of the log", "日志名称");
    public static readonly Text Checkpoint = new("Signed checkpoint", "签名检查点");
    public static readonly Text VerifyNow = new("Verify now", "立即验证");
    public static readonly Text VerifyWhat = new(
        "Computes the tree again from all entries, and compares it with what was signed.", "由全部条目重新计算树，并与签名比对。");
    public static readonly Text WholeLog = new("The log is whole", "日志完整");
    public static readonly Text BrokenLog = new("The log is not whole", "日志不完整");
    public static readonly Text Passed = new("passed", "通过");
    public static readonly Text Failed = new("failed", "未通过");
    public static readonly Text Receipt = new("Receipt", "回执");
    public static readonly Text ReceiptOf = new("Receipt of entry {0}", "条目 {0} 的回执");
    public static readonly Text EntryAsLogged = new("As logged", "原文");
    public static readonly Text EntryOf = new("Entry {0} as logged", "条目 {0} 的原文");
    public static readonly Text LogKey = new("Verifier key", "验证密钥");
    public static readonly Text LogKeyWhere = new("Where anybody finds it", "公开地址");
    public static readonly Text ReceiptCheck = new(
        "Whoever has an entry, its receipt and this key can check them without this node:",
        "持有条目原文、回执和此密钥者，无需本节点即可验证：");
    public static readonly Text Details = new("Details", "详情");
    public static readonly Text Older = new("Older entries", "更早的条目");
    public static readonly Text ToNewest = new("Newest entries", "最新条目");
    public static readonly Text NoEntries = new("The log is empty.", "日志为空。");

    public static readonly Text NoUsage = new("Nothing has been used yet.", "尚无使用记录。");
    public static readonly Text WeOwe = new("To pay", "应付合计");
    public static readonly Text WeAreOwed = new("To receive", "应收合计");
    public static readonly Text NoScenarios = new(
        "No need has been recorded. A scenario says what data are wanted for, and how success is measured.",
        "尚未记录需求。场景说明数据的用途以及成效的衡量方法。");
    public static readonly Text Before = new("Before", "之前");
    public static readonly Text After = new("After", "之后");
    public static readonly Text Unknown = new("not measured yet", "尚未测量");
    public static readonly Text Measure = new("Measure", "衡量指标");
    public static readonly Text Purpose = new("Purpose", "目的");
    public static readonly Text Change = new("Change: {0}", "变化：{0}");
    public static readonly Text Open = new("open", "进行中");
    public static readonly Text Closed = new("closed on {0}", "已于 {0} 结束");
    public static readonly Text MetBy = new("Met by {0} agreements", "由 {0} 项协议满足");
}
