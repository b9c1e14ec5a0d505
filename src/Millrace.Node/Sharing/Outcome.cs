using System.Diagnostics.CodeAnalysis;

namespace Millrace.Node.Sharing;

/// <summary>What a step of an answer comes to: a value, or the error that is sent instead.</summary>
public sealed class Outcome<T>
    where T : class
{
    private readonly T? _value;
    private readonly SharingError? _error;

    private Outcome(T? value, SharingError? error) => (_value, _error) = (value, error);

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(SharingError error) => new(null, error);

    /// <summary>True with the error, or false with the value.</summary>
    public bool Failed([NotNullWhen(true)] out SharingError? error, [NotNullWhen(false)] out T? value)
    {
        (error, value) = (_error, _value);
        return error is not null;
    }
}
