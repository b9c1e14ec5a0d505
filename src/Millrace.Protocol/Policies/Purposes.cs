using System.Collections.Frozen;

namespace Millrace.Protocol.Policies;

/// <summary>One purpose of the space's taxonomy.</summary>
/// <param name="Iri"><c>https://millrace.dev/purpose/</c> and the name.</param>
/// <param name="Broader">The name of the next broader purpose, or null at the top.</param>
public sealed record Purpose(string Name, string Iri, string? Broader, string English, string Chinese);

/// <summary>
/// The purposes that a policy may name (<c>odrl:purpose</c>): a closed list, so that both sides mean one thing.
/// </summary>
public static class Purposes
{
    public const string Namespace = "https://millrace.dev/purpose/";

    /// <summary>Every purpose; a broader one stands before its narrower ones.</summary>
    public static IReadOnlyList<Purpose> All { get; } =
    [
        Of("research", null, "research", "研究"),
        Of("academic-research", "research", "academic research", "学术研究"),
        Of("medical-research", "research", "medical research", "医学研究"),
        Of("operations", null, "running one's own operations", "自身运营"),
        Of("operations-planning", "operations", "planning of operations", "运营规划"),
        Of("maintenance", "operations", "maintenance", "设备维护"),
        Of("supply-chain", "operations", "supply-chain coordination", "供应链协同"),
        Of("product-development", null, "product development", "产品开发"),
        Of("quality-improvement", "product-development", "quality improvement", "质量改进"),
        Of("statistics", null, "statistics", "统计分析"),
        Of("official-statistics", "statistics", "official statistics", "政府统计"),
        Of("risk-control", null, "risk control", "风险控制"),
        Of("credit-assessment", "risk-control", "credit assessment", "信用评估"),
        Of("public-service", null, "public service", "公共服务"),
        Of("emergency-response", "public-service", "emergency response", "应急响应"),
        Of("ai-training", null, "training of AI models", "人工智能模型训练"),
        Of("marketing", null, "marketing", "市场营销"),
    ];

    private static readonly FrozenDictionary<string, Purpose> _byIri = All.ToFrozenDictionary(purpose => purpose.Iri);

    /// <summary>The purpose with this IRI, as policies and requests name it; null when there is none.</summary>
    public static Purpose? Find(string iri) => _byIri.GetValueOrDefault(iri);

    /// <summary>For what a person typed: a short name or an IRI; null when there is none.</summary>
    public static Purpose? Resolve(string nameOrIri) => Find(nameOrIri) ?? Find(Namespace + nameOrIri);

    /// <summary>Whether a purpose is another or narrower than it; an unknown one is nothing but itself.</summary>
    public static bool IsA(string iri, string broader)
    {
        for (var at = iri; at != broader; at = Namespace + Find(at)!.Broader)
            if (Find(at)?.Broader is null) return false;
        return true;
    }

    private static Purpose Of(string name, string? broader, string english, string chinese) =>
        new(name, Namespace + name, broader, english, chinese);
}
