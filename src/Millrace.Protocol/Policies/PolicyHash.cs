using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Millrace.Protocol.Policies;

/// <summary>A name for what a policy says: equal exactly when <see cref="Policy.SameTerms"/> holds.</summary>
public static class PolicyHash
{
    /// <summary>SHA-256 of the canonical terms, 64 lower-case hexadecimal digits.</summary>
    public static string Of(Policy policy) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(policy))));

    /// <summary>
    /// Compact JSON without names; every array is sorted by the ordinal order of its parts' own canonical text. A list
    /// of one value is that value, since JSON-LD peers do not keep them apart.
    /// </summary>
    internal static string Canonical(Policy policy) => Sequence(
        Set(policy.Profiles.Where(profile => profile != Terms.Profile).Select(Quote)),
        Set(policy.Permissions.Select(Canonical)),
        Set(policy.Prohibitions.Select(Canonical)),
        Set(policy.Obligations.Select(Canonical)));

    internal static string Canonical(Rule rule) => Sequence(
        Quote(rule.Action), Set(rule.Constraints.Select(Canonical)), Set(rule.Duties.Select(Canonical)));

    internal static string Canonical(Constraint constraint) => constraint switch
    {
        LogicalConstraint c => Sequence(Quote(PolicyWords.Of(c.Connective)), Set(c.Constraints.Select(Canonical))),
        AtomicConstraint c => Sequence(
            Quote(c.LeftOperand), Quote(PolicyWords.Of(c.Operator)), Set(c.RightOperand.Values.Select(Canonical))),
        _ => throw new ArgumentException($"A constraint of type {constraint.GetType().Name} has no canonical form."),
    };

    internal static string Quote(string? text) => text is null ? "null" : $"\"{JsonEncodedText.Encode(text)}\"";

    internal static string Sequence(params IEnumerable<string> parts) => $"[{string.Join(',', parts)}]";

    internal static string Set(IEnumerable<string> parts) => Sequence(parts.Order(StringComparer.Ordinal));

    private static string Canonical(PolicyValue value) =>
        value.Type is null ? Quote(value.Text) : Sequence(Quote(value.Text), Quote(value.Type));
}
