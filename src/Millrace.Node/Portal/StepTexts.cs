namespace Millrace.Node.Portal;

/// <summary>A step that a person takes.</summary>
/// <param name="Name">What it is called, also on its button.</param>
/// <param name="What">What follows from it.</param>
/// <param name="Ends">It ends something for good.</param>
public sealed record StepText(Text Name, Text What, bool Ends = false);

/// <summary>The steps of negotiations and transfers, by the names that the management API gives them.</summary>
public static class StepTexts
{
    private static readonly Dictionary<string, StepText> _negotiation = new()
    {
        ["agree"] = new(
            new("Agree to these terms", "同意这些条款"),
            new(
                "This binds you: an agreement on exactly these terms goes to the other side, and is in force once both "
                + "sides have confirmed it.",
                "此操作具有约束力：按这些条款拟定的协议将发送给对方，双方确认后生效。")),
        ["offer"] = new(
            new("Offer other terms", "提出其他条款"),
            new(
                "The other side may accept them as they are, ask for others, or end the negotiation. What it accepts, "
                + "you have offered: it binds you.",
                "对方可以接受、请求其他条款或终止协商。对方一旦接受，即对您具有约束力。")),
        ["accept"] = new(
            new("Accept this offer", "接受此要约"),
            new(
                "This binds you: the provider now sends the agreement on exactly these terms.",
                "此操作具有约束力：提供方将按这些条款发送协议。")),
        ["counter"] = new(
            new("Ask for other terms", "请求其他条款"),
            new(
                "The provider may agree to them as they are, offer others, or end the negotiation. What it agrees to, "
                + "you have asked for: it binds you.",
                "提供方可以同意、提出其他条款或终止协商。提供方一旦同意，即对您具有约束力。")),
        ["verify"] = new(
            new("Confirm the agreement", "确认协议"),
            new(
                "You confirm that the agreement says what was negotiated. The provider then puts it in force.",
                "您确认协议与协商结果一致，随后由提供方使其生效。")),
        ["finalize"] = new(
            new("Put the agreement in force", "使协议生效"),
            new(
                "From now on the other side can obtain the data on these terms.", "此后对方即可按这些条款取得数据。")),
        ["terminate"] = new(
            new("End the negotiation", "终止协商"),
            new(
                "There will be no agreement. The other side is told, with your reason. This cannot be undone.",
                "将不会达成协议。对方会收到通知及您的原因。此操作不可撤销。"),
            Ends: true),
        ["propose"] = new(
            Texts.OfferToSomebody,
            new(
                "The other side may accept these terms as they are, ask for others, or end the negotiation. What it "
                + "accepts, you have offered: it binds you.",
                "对方可以接受、请求其他条款或终止协商。对方一旦接受，即对您具有约束力。")),
        ["request"] = new(
            Texts.AskForOffer,
            new(
                "This binds you: where the provider's node agrees at once, an agreement on these terms is in force "
                + "within a moment.",
                "此操作具有约束力：若提供方节点直接同意，按这些条款的协议将立即生效。")),
    };

    private static readonly Dictionary<string, StepText> _transfer = new()
    {
        ["start"] = new(
            new("Give access", "开通访问"),
            new("The other side gets a token, and can read under the agreement.", "对方将获得令牌，可依据协议读取数据。")),
        ["resume"] = new(
            new("Resume", "恢复传输"),
            new("Reading under this transfer goes on, within the agreement.", "可在协议范围内继续读取数据。")),
        ["suspend"] = new(
            new("Hold", "暂停传输"),
            new(
                "Reads under this transfer are refused until either side resumes it. The other side is told, with your "
                + "reason.",
                "在任一方恢复之前，此传输下的读取都会被拒绝。对方会收到通知及您的原因。")),
        ["complete"] = new(
            new("Complete", "完成传输"),
            new(
                "All data have been had: the access ends. It cannot be undone; the agreement stays.",
                "数据已全部取得，访问随之结束。此操作不可撤销，协议仍然有效。"),
            Ends: true),
        ["terminate"] = new(
            new("End the transfer", "终止传输"),
            new(
                "The access ends before it is complete. The other side is told, with your reason. It cannot be undone; "
                + "the agreement stays.",
                "访问在完成之前结束。对方会收到通知及您的原因。此操作不可撤销，协议仍然有效。"),
            Ends: true),
    };

    /// <summary>Every text of this list.</summary>
    public static IEnumerable<Text> All =>
        _negotiation.Values.Concat(_transfer.Values).SelectMany(s => new[] { s.Name, s.What });

    /// <summary>A step of a negotiation; <c>request</c> and <c>propose</c> begin one.</summary>
    public static StepText Negotiation(string act) => _negotiation[act];

    /// <param name="state">A start of what is held resumes it.</param>
    public static StepText Transfer(string act, string state) =>
        _transfer[(act, state) is ("start", "SUSPENDED") ? "resume" : act];
}
