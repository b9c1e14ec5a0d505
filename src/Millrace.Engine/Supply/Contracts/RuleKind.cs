using System.Security.Cryptography;
using System.Text;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>What each kind of rule is called, where it counts, and how it is told.</summary>
/// <param name="Dimension">Of the quality report.</param>
/// <param name="Code">Of GB/T 36344-2018.</param>
/// <param name="Characteristic">Of ISO/IEC 25012.</param>
internal sealed record RuleKind(string Name, string Dimension, string Code, string Characteristic)
{
    public static RuleKind Of(RuleTest test) => test switch
    {
        NoNulls { IsKey: true } => new("key-not-null", "required", "0201", "Completeness"),
        NoNulls => new("not-null", "required", "0201", "Completeness"),
        Unique { IsKey: true } => new("primary-key", "keys", "0304", "Consistency"),
        Unique => new("unique", "keys", "0304", "Consistency"),
        InRange => new("range", "conformity", "0101", "Accuracy"),
        OfLength => new("length", "conformity", "0101", "Accuracy"),
        Matches => new("pattern", "conformity", "0101", "Accuracy"),
        OneOf => new("allowed-values", "conformity", "0101", "Accuracy"),
        RefersTo => new("reference", "consistency", "0402", "Consistency"),
        SumIs => new("sum", "consistency", "0402", "Consistency"),
        Ascends => new("ascending", "consistency", "0402", "Consistency"),
        Determines => new("dependency", "consistency", "0402", "Consistency"),
        Condition => new("condition", "business-rules", "0104", "Compliance"),
        FreshWithin => new("freshness", "timeliness", "0502", "Currentness"),
        RowCount => new("row-count", "volume", "0202", "Completeness"),
        DriftWithin => new("drift", "stability", "0104", "Compliance"),
        _ => throw new InvalidOperationException("A rule of no known kind."),
    };

    /// <summary>What the rule asks for, beyond its kind and columns.</summary>
    public static string Detail(ContractRule rule) => rule.Test switch
    {
        InRange r => Span(r.Min, r.Max, r.IsMinExcluded, r.IsMaxExcluded),
        OfLength l => Span(Invariant($"{l.Min ?? 0}"), l.Max is { } max ? Invariant($"{max}") : null),
        Matches m => m.Regex,
        OneOf o => string.Join(", ", o.Values),
        NoNulls { AlsoMissing.Count: > 0 } n => string.Join(", ", n.AlsoMissing),
        RefersTo r => $"{r.Product}.{r.Target}",
        FreshWithin f => Invariant($"{f.Age.TotalDays:0.###} d") + (f.Zone is null ? "" : $", {f.Zone}"),
        Condition c => c.Text,
        DriftWithin d => Invariant($"PSI ≤ {d.Psi}"),
        RowCount => (rule.Promise.IsOutside ? "not " : "") + Span(
            Invariant($"{rule.Promise.Min ?? 0}"), rule.Promise.Max is { } most ? Invariant($"{most}") : null,
            rule.Promise.IsMinExcluded, rule.Promise.IsMaxExcluded),
        _ => "",
    };

    /// <summary>A digest of what is asked and promised: twelve hexadecimal digits.</summary>
    public static string Version(ContractRule rule)
    {
        var p = rule.Promise;
        string[] parts =
        [
            Of(rule.Test).Name, .. rule.Test.Columns, Detail(rule),
            Invariant($"{p.Min}|{p.Max}|{p.IsMinExcluded}|{p.IsMaxExcluded}|{p.IsPercent}|{p.IsOutside}"),
            rule.IsError ? "error" : "warning",
        ];
        var text = string.Concat(parts.Select(part => Invariant($"{part.Length}:{part}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }

    private static string Span(string? min, string? max, bool isMinExcluded = false, bool isMaxExcluded = false) =>
        $"{(isMinExcluded ? "> " : "")}{min ?? "−∞"} … {(isMaxExcluded ? "< " : "")}{max ?? "∞"}";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
