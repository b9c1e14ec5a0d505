using System.Text.Json.Serialization;

namespace Millrace.Engine.Supply.Classification;

/// <summary>How sure a finding is. Only what is at least likely proposes a level.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Likelihood>))]
public enum Likelihood
{
    Possible,
    Likely,
    VeryLikely,
}

/// <summary>What kinds of sensitive value a table holds. Same table and rules: same findings.</summary>
/// <param name="Rules">The version of the detectors and of how they are judged.</param>
/// <param name="Findings">By column, in the table's order, and there the surest first.</param>
public sealed record ClassificationReport(int Rules, IReadOnlyList<Finding> Findings)
{
    public const int CurrentRules = 4;

    /// <summary>The level that is proposed for a column: the highest of its likely findings; 1 without one.</summary>
    public int LevelOf(string column) => LikelyOf(column).Select(f => f.Level).DefaultIfEmpty(1).Max();

    /// <summary>The findings of a column that propose a level.</summary>
    public IEnumerable<Finding> LikelyOf(string column) =>
        Findings.Where(f => f.Column == column && f.Likelihood >= Likelihood.Likely);
}

/// <summary>A kind of sensitive value in a column, with its evidence: counts, never values.</summary>
/// <param name="Kind">The detector's name, such as <c>cn-resident-id</c>.</param>
/// <param name="Cells">Cells that are such a value as a whole.</param>
/// <param name="Within">Cells that hold one somewhere in a longer text.</param>
/// <param name="Values">Cells that are not empty.</param>
/// <param name="IsNamed">The column's name speaks for it too.</param>
/// <param name="Level">That it proposes, 1 to 4; see <see cref="LevelRule"/>.</param>
/// <param name="Rule">Why that level.</param>
/// <param name="Gdpr">The article of Regulation (EU) 2016/679; null: none.</param>
/// <param name="Mask">A mask that fits, such as <c>hash</c>; null: none is needed at its level.</param>
public sealed record Finding(
    string Column, string Kind,
    [property: JsonConverter(typeof(JsonStringEnumConverter<DataCategory>))] DataCategory Category,
    Likelihood Likelihood, long Cells, long Within, long Values, bool IsNamed, int Level, string Rule,
    string? Gdpr = null, string? Mask = null);
