using System.Text.Json.Serialization;
using Millrace.Engine.Supply.Classification;

namespace Millrace.Engine.Supply;

/// <summary>What the values of a column are beyond their type, as classification found: counts, never values.</summary>
/// <param name="Kind">Such as <c>cn-mobile</c>.</param>
/// <param name="Share">Of the values that are one as a whole, 0 to 1; null: the column's name says so.</param>
public sealed record SemanticType(string Column, string Kind, double? Share = null)
{
    /// <summary>Of fewer values the column holds something else, with some of these in it.</summary>
    private const double ShareMin = 0.5;

    /// <summary>
    /// Whether numbers of it say how much there is of something: their mean tells something then. What only a name
    /// says, as that a column is of health, may well be measured.
    /// </summary>
    [JsonIgnore]
    public bool IsQuantity => Kind == "coordinates"
        || (Share is null && Kind is not ("contact" or "credential" or "identity-document" or "bank-account"));

    /// <summary>Of each column at most one: its surest.</summary>
    public static IReadOnlyList<SemanticType> Of(ClassificationReport found) => Of(found.Findings.Select(f =>
        f.Likelihood < Likelihood.Likely ? null : Of(f.Column, f.Kind, f.Cells, f.Within, f.Values)));

    /// <param name="types">Of a column the surest first.</param>
    public static IReadOnlyList<SemanticType> Of(IEnumerable<SemanticType?> types) =>
        [.. types.OfType<SemanticType>().DistinctBy(t => t.Column)];

    /// <summary>Of a finding that is at least likely; null: too few values are of the kind.</summary>
    /// <param name="cells">That are one as a whole.</param>
    /// <param name="within">That hold one in a longer text.</param>
    public static SemanticType? Of(string column, string kind, long cells, long within, long values) =>
        cells + within == 0 ? new SemanticType(column, kind)
        : values > 0 && (double)cells / values is >= ShareMin and var share ? new SemanticType(column, kind, share)
        : null;
}
