using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Millrace.Engine.Delivery;

/// <summary>
/// What a reader says of the rows that it is after, over the columns as it sees them. A hint only ever leaves rows out
/// that the reader would drop itself; what is not understood of it leaves none out.
/// </summary>
[JsonDerivedType(typeof(HintAll), "all")]
[JsonDerivedType(typeof(HintAny), "any")]
[JsonDerivedType(typeof(HintNot), "not")]
[JsonDerivedType(typeof(HintIsNull), "isNull")]
[JsonDerivedType(typeof(HintCompared), "compared")]
[JsonDerivedType(typeof(HintUnknown), "unknown")]
public abstract record Hint;

public sealed record HintAll(IReadOnlyList<Hint> Parts) : Hint;

public sealed record HintAny(IReadOnlyList<Hint> Parts) : Hint;

public sealed record HintNot(Hint Part) : Hint;

public sealed record HintIsNull(string Column) : Hint;

/// <summary>A column compared with a value.</summary>
/// <param name="Operator">One of <c>= &lt; &lt;= &gt; &gt;=</c>.</param>
public sealed record HintCompared(string Column, string Operator, HintValue Value) : Hint;

/// <summary>A part that is not understood.</summary>
public sealed record HintUnknown : Hint;

/// <summary>A value as the reader wrote it.</summary>
public sealed record HintValue(HintType Type, string Text);

/// <summary>What a reader says that a value is.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "These are the types of the protocol, not of this language.")]
public enum HintType
{
    Boolean,
    Integer,
    Float,
    Double,
    Date,

    /// <summary>With its offset from UTC.</summary>
    Timestamp,
    Text,
}
