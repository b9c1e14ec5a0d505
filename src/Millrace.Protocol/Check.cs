using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Millrace.Protocol;

/// <summary>
/// Invariants that are checked in every build. A broken one is a mistake in this program, never in its input.
/// </summary>
public static class Check
{
    /// <exception cref="InvalidOperationException">The invariant does not hold.</exception>
    public static void That(
        [DoesNotReturnIf(false)] bool holds, string invariant, [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (!holds)
            throw new InvalidOperationException(
                $"Broken invariant at {Path.GetFileName(file)}:{line}: {invariant}");
    }

    /// <exception cref="InvalidOperationException">The value is null.</exception>
    public static T NotNull<T>(
        [NotNull] T? value, [CallerArgumentExpression(nameof(value))] string expression = "")
        where T : class =>
        value ?? throw new InvalidOperationException($"Broken invariant: {expression} is null.");
}
