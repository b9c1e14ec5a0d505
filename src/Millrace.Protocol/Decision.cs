using System.Diagnostics.CodeAnalysis;

namespace Millrace.Protocol;

/// <summary>
/// Why something was not done: a stable code for programs, a sentence for people that says what to do.
/// </summary>
/// <param name="Code">Lower-case words joined by hyphens; never changes its meaning.</param>
/// <param name="Reason">One sentence; never holds data of a product.</param>
/// <param name="Rule">Where a policy refused, the path of the rule: <c>permission[0].constraint[2]</c>.</param>
public sealed record Refusal(string Code, string Reason, string? Rule = null);

/// <summary>
/// What a pure rule answers: the next value, or a refusal. A class, so that no default value exists that refuses
/// nothing.
/// </summary>
public sealed class Decision<T>
    where T : class
{
    private readonly T? _next;
    private readonly Refusal? _refusal;

    private Decision(T? next, Refusal? refusal) => (_next, _refusal) = (next, refusal);

    public static implicit operator Decision<T>(T next) => new(Check.NotNull(next), null);

    public static implicit operator Decision<T>(Refusal refusal) => new(null, Check.NotNull(refusal));

    /// <summary>True with the refusal, or false with the value.</summary>
    public bool Refused([NotNullWhen(true)] out Refusal? refusal, [NotNullWhen(false)] out T? next)
    {
        (refusal, next) = (_refusal, _next);
        return refusal is not null;
    }

    public override string ToString() => _refusal is null ? $"{_next}" : $"{_refusal.Code}: {_refusal.Reason}";
}
