using System.Globalization;
using Millrace.Protocol;

namespace Millrace.Node.Portal;

/// <summary>
/// Refusals as sentences. Rules give a code and an English sentence with the particulars: an English reader gets that
/// sentence, a Chinese one what the code means, with the sentence where it holds more.
/// </summary>
public static class RefusalTexts
{
    /// <summary>By code; the place is for the rule's own sentence.</summary>
    public static IReadOnlyDictionary<string, Text> All { get; } = new Dictionary<string, Text>
    {
        ["peer-silent"] = new("{0}", "对方尚未回应，请稍后重试。（{0}）"),
        ["bad-act"] = new("{0}", "此步骤现在不可用，协商可能已向前推进，请重新查看。（{0}）"),
        ["bad-transition"] = new("{0}", "此步骤现在不可用，状态可能已改变，请重新查看。（{0}）"),
        ["terms-changed"] = new("{0}", "打开页面后条款已经改变，请先查看新条款。（{0}）"),
        ["too-many-offers"] = new("{0}", "轮次已达上限，请接受最后的条款或终止协商。（{0}）"),
        ["too-many-open"] = new("{0}", "进行中的协商已达对方的上限，请先完成或终止一些。（{0}）"),
        ["unknown-terms"] = new("{0}", "有些条款本节点无法自行保证，须由一人逐项接受。（{0}）"),
        ["no-person"] = new("{0}", "条款须由具名人员接受，请填写姓名。（{0}）"),
        ["bad-policy"] = new("{0}", "策略无法读取，请修改所指位置。（{0}）"),
        ["bad-json"] = new("{0}", "文本不是有效的 JSON，请修改所指位置。（{0}）"),
        ["bad-value"] = new("{0}", "策略中有一个值不可用，请修改所指位置。（{0}）"),
        ["unknown-term"] = new("{0}", "策略中有本节点不认识的条款，不能承诺。（{0}）"),
        ["unknown-operator"] = new("{0}", "策略中有不可用的运算符，请修改所指位置。（{0}）"),
        ["unknown-column"] = new("{0}", "产品中没有此列，请改用已有的列。（{0}）"),
        ["bad-level"] = new("{0}", "级别应为 1 至 4；重要数据和核心数据不应进入目录。（{0}）"),
        ["undecided"] = new("{0}", "请填写决定人和理由。（{0}）"),
        ["unknown-element"] = new("{0}", "没有此数据元，请从领域包中选择。（{0}）"),
        ["element-misfit"] = new("{0}", "该列的类型或取值不符合此数据元，请另选。（{0}）"),
        ["nothing-proposed"] = new("{0}", "该列没有建议或已确认的数据元，无可否定。（{0}）"),
        ["sensitive-open"] = new("{0}", "该列较为敏感且没有脱敏，请先脱敏或由人认定级别。（{0}）"),
        ["not-enforceable-yet"] = new("{0}", "策略中有本节点尚不能执行的条款，不能承诺。（{0}）"),
        ["no-permission"] = new("{0}", "策略没有允许任何使用，请加入许可。（{0}）"),
        ["bad-day"] = new("{0}", "日期应写作 2026-12-31。（{0}）"),
        ["bad-count"] = new("{0}", "次数应为整数，至少为 1。（{0}）"),
        ["bad-price"] = new("{0}", "价格应为数字，货币为三个大写字母。（{0}）"),
        ["unknown-offer"] = new("{0}", "提供方已没有此要约，请回到目录重新选择。（{0}）"),
        ["unknown-dataset"] = new("{0}", "提供方已没有此数据，请回到目录重新选择。（{0}）"),
        ["offer-changed"] = new("{0}", "请求的条款与要约不同，请按目录中的要约请求。（{0}）"),
        ["refused-by-rule"] = new("{0}", "提供方的规则拒绝了请求。（{0}）"),
        ["peer-unreachable"] = new("{0}", "无法联系对方，请稍后重试。（{0}）"),
        ["peer-slow"] = new("{0}", "对方没有及时回应，请稍后重试。（{0}）"),
        ["peer-too-large"] = new("{0}", "对方的回应过大，无法读取。（{0}）"),
        ["peer-url"] = new("{0}", "地址不可用，请填写不含用户名和密码的 https 地址。（{0}）"),
        ["peer-address"] = new("{0}", "不允许连接该地址。（{0}）"),
        ["did-unreadable"] = new("{0}", "这不是可用的 DID，请填写以 did:web: 开头的标识。（{0}）"),
        ["did-url"] = new("{0}", "这不是可用的地址，请填写对方的 DID 或目录地址。（{0}）"),
        ["did-host"] = new("{0}", "DID 中的主机名不可用，请核对。（{0}）"),
        ["did-unresolvable"] = new("{0}", "无法取得对方的 DID 文档，请核对标识或稍后重试。（{0}）"),
        ["did-mismatch"] = new("{0}", "该地址上的 DID 文档属于他人，请核对标识。（{0}）"),
        ["no-data-service"] = new("{0}", "对方的 DID 文档没有写明数据服务。（{0}）"),
        ["no-version"] = new("{0}", "对方不支持此版本的数据空间协议。（{0}）"),
        ["on-hold"] = new("{0}", "提供方暂停了此协议下的访问，须由提供方恢复。（{0}）"),
        ["transfer-not-running"] = new("{0}", "此传输目前不开放。（{0}）"),
        ["agreement-id-taken"] = new("{0}", "该协议编号已被使用。（{0}）"),
        ["expired"] = new("{0}", "协议规定的期限已过。（{0}）"),
        ["withdrawn"] = new("{0}", "协议已被撤回。（{0}）"),
        ["no-purpose"] = new("{0}", "协议要求说明目的，请注明目的后重新申请。（{0}）"),
        ["wrong-purpose"] = new("{0}", "协议不允许此目的，请注明协议允许的目的。（{0}）"),
        ["unknown-agreement"] = new("{0}", "双方之间没有此协议，请先协商。（{0}）"),
        ["unknown-purpose"] = new("{0}", "目的不在约定的列表中，请重新选择。（{0}）"),
        ["no-project"] = new("{0}", "目的须注明所属项目。（{0}）"),
        ["unknown-parameter"] = new("{0}", "查询没有此参数。（{0}）"),
        ["parameter-missing"] = new("{0}", "缺少参数值，请填写。（{0}）"),
        ["bad-parameter"] = new("{0}", "参数值的类型不对，请修改。（{0}）"),
        ["parameter-out-of-bounds"] = new("{0}", "参数值超出范围，请修改。（{0}）"),
        ["query-failed"] = new("{0}", "无法以这些值计算结果，请换用其他值或告知提供方。（{0}）"),
        ["query-too-large"] = new("{0}", "结果过大，请缩小范围。（{0}）"),
        ["query-too-slow"] = new("{0}", "计算超时，请缩小范围。（{0}）"),
        ["query-busy"] = new("{0}", "您的另一查询正在运行，请待其结束后再试。（{0}）"),
        ["only-calls"] = new("{0}", "此产品是查询，只能调用。（{0}）"),
        ["unknown-format"] = new("{0}", "此产品不能以该格式获取。（{0}）"),
        ["count-used-up"] = new("{0}", "协议允许的次数已用完。（{0}）"),
        ["answer-cut"] = new("{0}", "结果中断，或过大而无法显示，请以文件获取。（{0}）"),
        ["not-started"] = new("{0}", "提供方尚未开放访问，请稍后重试或查看传输。（{0}）"),
        ["no-benchmark"] = new("{0}", "没有用作基准的产品，请先发布。（{0}）"),
        ["not-classified"] = new("{0}", "此版本尚未分级，请重新发布。（{0}）"),
        ["no-earlier-version"] = new("{0}", "此版本之前没有其他版本可供比较，请先发布新版本。（{0}）"),
        ["bad-order"] = new("{0}", "两个版本的先后颠倒，请对调。（{0}）"),
        ["not-found"] = new("{0}", "这里没有该名称的内容。（{0}）"),
        ["busy"] = new("{0}", "他人同时修改了同一内容，请重试。（{0}）"),
        ["too-large"] = new("{0}", "提交的内容超过本节点的上限，请缩短后重试。（{0}）"),
        ["bad-request"] = new("{0}", "请求无法读取，请返回后重试。（{0}）"),
        ["disk-full"] = new("{0}", "节点磁盘已满，请清理空间后重试。（{0}）"),
        ["failed"] = new("{0}", "发生了意外错误，详情见节点日志。请返回后重试。（{0}）"),
    };

    public static string Sentence(Refusal refusal, Language language) =>
        Sentence(refusal.Code, refusal.Reason, language);

    /// <summary>A code that is not known here is told by its English sentence in both languages.</summary>
    public static string Sentence(string code, string reason, Language language) =>
        All.TryGetValue(code, out var text)
            ? string.Format(CultureInfo.InvariantCulture, text.In(language), reason)
            : reason;
}
