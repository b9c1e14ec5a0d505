using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Node.Api;
using Millrace.Node.Evidence;

namespace Millrace.Node.Portal;

/// <summary>Entries of a log as sentences: a pattern for each type, with the names of the entry's members.</summary>
public static partial class EvidenceTexts
{
    private const string Unsettled = EntryType.ReadClosed + " unsettled";

    /// <summary>The patterns by type of entry.</summary>
    public static IReadOnlyDictionary<string, Text> All { get; } = new Dictionary<string, Text>
    {
        [EntryType.ParticipantAdded] = new("{title} joined this node.", "{title} 加入本节点。"),
        [EntryType.MemberRecorded] = new(
            "What is known of {member} was recorded.", "登记 {member} 的成员信息。"),
        [EntryType.DutyDone] = new(
            "Precondition {duty} of agreement {agreement} was found met.", "确认协议 {agreement} 的前提义务 {duty} 已履行。"),
        [EntryType.VersionPublished] = new(
            "Version {version} of {product} was published: {rows} rows.", "发布 {product} 的版本 {version}，共 {rows} 行。"),
        [EntryType.RefreshScheduled] = new(
            "Refreshing {product} by the clock was set: every {every}, at {at} {zone}.",
            "设定 {product} 的定时刷新：间隔 {every}，每日时刻 {at} {zone}。"),
        [EntryType.RefreshFailing] = new(
            "Refreshing {product} by the clock began to fail: {code}.", "{product} 的定时刷新开始失败：{code}。"),
        [EntryType.RefreshRecovered] = new(
            "Refreshing {product} succeeded again after {failures} failures.",
            "{product} 的刷新在失败 {failures} 次后恢复。"),
        [EntryType.ClassificationDecided] = new(
            "{person} decided that {column} of {product} is of level {level}: {reason}",
            "{person} 认定 {product} 的 {column} 为 {level} 级：{reason}"),
        [EntryType.ElementConfirmed] = new(
            "{person} confirmed that {column} of {product} holds {element}: {reason}",
            "{person} 确认 {product} 的 {column} 为数据元 {element}：{reason}"),
        [EntryType.ElementRejected] = new(
            "{person} decided that {column} of {product} does not hold {proposed}: {reason}",
            "{person} 认定 {product} 的 {column} 不是数据元 {proposed}：{reason}"),
        [EntryType.DefaultPlanSet] = new(
            "What is hidden of {product} whatever is agreed was set.", "设定 {product} 的默认隐藏规则。"),
        [EntryType.AgreementMasked] = new(
            "What an agreement on {product} shows masked, for it has become sensitive since, was changed.",
            "因数据后来变为敏感，已更改关于 {product} 的一份协议中被遮蔽的列。"),
        [EntryType.ClausesProved] = new(
            "Draft terms for {product} were tried: {attempts} attempts, all held: {held}.",
            "对 {product} 的条款草案进行了 {attempts} 次验证，全部守住：{held}。"),
        [EntryType.OfferPublished] = new("An offer for {product} was published.", "发布 {product} 的要约。"),
        [EntryType.NegotiationMoved] = new(
            "Negotiation over {product} with {peer}: {state}.", "与 {peer} 就 {product} 的协商：{state}。"),
        [EntryType.RequestDecided] = new(
            "Rule on a request of {peer} for {product}: {outcome}.", "规则对 {peer} 就 {product} 的请求的决定：{outcome}。"),
        [EntryType.TermsAccepted] = new(
            "{person} accepted foreign terms in negotiation {negotiation}.",
            "{person} 在协商 {negotiation} 中接受了外部条款。"),
        [EntryType.AgreementImported] = new(
            "Agreement over {product} with {peer} was taken over.", "接收与 {peer} 就 {product} 已有的协议。"),
        [EntryType.AgreementFinalized] = new(
            "Agreement over {product} with {peer} was finalised.", "与 {peer} 就 {product} 达成协议。"),
        [EntryType.AgreementWithdrawn] = new(
            "Agreement {agreement} was withdrawn; ground: {ground}.", "撤回协议 {agreement}，理由：{ground}。"),
        [EntryType.TransferMoved] = new("Transfer with {peer}: {state}.", "与 {peer} 的传输：{state}。"),
        [EntryType.TransferRefused] = new("A transfer for {peer} was refused: {code}.", "拒绝 {peer} 的传输：{code}。"),
        [EntryType.ReadOpened] = new("{peer} began to read: {rows} rows.", "{peer} 开始读取，共 {rows} 行。"),
        [EntryType.ReadClosed] = new("A read ended: {bytes} bytes were sent.", "读取结束，已发送 {bytes} 字节。"),
        [Unsettled] = new(
            "A read ended: at most {bytes} bytes were sent; of {unsettled} of them nobody knows, for the node died.",
            "读取结束，最多已发送 {bytes} 字节；其中 {unsettled} 字节因节点崩溃而无法确知。"),
        [EntryType.ReadRefused] = new("A read by {peer} was refused: {code}.", "拒绝 {peer} 的读取：{code}。"),
        [EntryType.ReadBegun] = new(
            "{peer} began to send: version {version}, {rows} rows.", "{peer} 开始发送：版本 {version}，共 {rows} 行。"),
        [EntryType.ReadReceived] = new(
            "{rows} rows were received from {peer}: {bytes} bytes.", "收到 {peer} 的 {rows} 行，共 {bytes} 字节。"),
        [EntryType.ProfileWritten] = new(
            "A profile file for reading from {peer} without this node was written.",
            "已写出可绕过本节点直接从 {peer} 读取的配置文件。"),
        [EntryType.ScenarioRecorded] = new("The need “{title}” was recorded.", "记录需求“{title}”。"),
        [EntryType.ScenarioClosed] = new("A scenario was closed: {before} → {after}.", "场景结束：{before} → {after}。"),
    };

    /// <summary>An entry in one sentence; one of a type that this version does not know is told by its type.</summary>
    public static string Sentence(EvidenceEntry entry, Language language) =>
        All.TryGetValue(IsUnsettled(entry) ? Unsettled : entry.Type, out var pattern)
            ? Member().Replace(pattern.In(language), place => Value(entry.Body, place.Groups[1].Value, language))
            : entry.Type;

    private static bool IsUnsettled(EvidenceEntry entry) =>
        entry.Type == EntryType.ReadClosed && Value(entry.Body, "unsettled", default) is not ("–" or "0");

    private static string Value(JsonElement body, string member, Language language) =>
        body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("data", out var data) ||
        data.ValueKind != JsonValueKind.Object || !data.TryGetProperty(member, out var value)
            ? "–"
            : value.ValueKind switch
            {
                JsonValueKind.Number => Number(value),
                JsonValueKind.String when member == "ground" => CodeTexts.Ground(value.GetString()!).In(language),
                JsonValueKind.String when member == "outcome" =>
                    CodeTexts.Outcome(value.GetString()!).In(language),
                JsonValueKind.String when member == "state" =>
                    CodeTexts.State(value.GetString()!.ToUpperInvariant()).In(language),
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.True => Texts.Yes.In(language),
                JsonValueKind.False => Texts.No.In(language),
                _ => value.GetRawText(),
            };

    private static string Number(JsonElement value) =>
        value.TryGetInt64(out var whole) ? Figures.Count(whole)
        : value.TryGetDecimal(out var number) ? Figures.Number(number)
        : value.GetDouble().ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Member();
}
