using System.Text.Json.Serialization;

namespace Millrace.Engine.Supply.Fields;

/// <summary>That a column may hold an element.</summary>
/// <param name="Confidence">From 0 to 1; from <see cref="ColumnMatcher.Shown"/> on it is proposed to people.</param>
/// <param name="Unit">The UCUM code that the column's name says; null: it says none.</param>
/// <param name="Reasons">What speaks for it and against it, one phrase each; never a value.</param>
public sealed record ElementMatch(
    string Field, DataElement Element, double Confidence, string? Unit, IReadOnlyList<string> Reasons)
{
    /// <inheritdoc cref="FieldElement.Name"/>
    [JsonIgnore]
    public string Name => $"{Field}/{Element.Id}";
}

/// <summary>What a column may hold, the surest first; empty where nothing fits.</summary>
public sealed record MatchedColumn(string Column, IReadOnlyList<ElementMatch> Matches)
{
    /// <summary>What is proposed to people; null where nothing is sure enough.</summary>
    public ElementMatch? Proposed => Matches.FirstOrDefault(m => m.Confidence >= ColumnMatcher.Shown);
}
