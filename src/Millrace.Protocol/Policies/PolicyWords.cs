using System.Collections.Frozen;

namespace Millrace.Protocol.Policies;

/// <summary>Operators and connectives as the contract schema of DSP 2025-1 writes them.</summary>
internal static class PolicyWords
{
    private static readonly FrozenDictionary<Operator, string> _operators = new Dictionary<Operator, string>
    {
        [Operator.Eq] = "eq",
        [Operator.Neq] = "neq",
        [Operator.Lt] = "lt",
        [Operator.Lteq] = "lteq",
        [Operator.Gt] = "gt",
        [Operator.Gteq] = "gteq",
        [Operator.HasPart] = "hasPart",
        [Operator.IsA] = "isA",
        [Operator.IsAllOf] = "isAllOf",
        [Operator.IsAnyOf] = "isAnyOf",
        [Operator.IsNoneOf] = "isNoneOf",
        [Operator.IsPartOf] = "isPartOf",
        [Operator.TermLteq] = "term-lteq",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Operator> _byWord =
        _operators.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>All operators, as they are written.</summary>
    internal static IEnumerable<string> Operators => Enum.GetValues<Operator>().Select(Of);

    internal static string Of(Operator value) => _operators[value];

    internal static string Of(Connective value) => value switch
    {
        Connective.And => "and",
        Connective.Or => "or",
        Connective.Xone => "xone",
        _ => "andSequence",
    };

    internal static Operator? FindOperator(string word) => _byWord.TryGetValue(word, out var value) ? value : null;
}
