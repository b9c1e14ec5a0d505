namespace Millrace.Node.Api;

/// <summary>How sensitive the columns of a product's newest version are.</summary>
/// <param name="IsClassified">False for a version from before tables were classified: publish it again.</param>
/// <param name="Level">The highest of its columns, 1 to 4 as in GB/T 43697-2024.</param>
public sealed record Classification(
    string Product, int Version, bool IsClassified, int Level, IReadOnlyList<ColumnLevel> Columns);

/// <summary>How sensitive a column is.</summary>
/// <param name="Level">What holds: decided, else proposed.</param>
/// <param name="Proposed">The highest level of its likely findings; 1 without one.</param>
/// <param name="Guard">What the default plan does with it: a mask, or <c>hidden</c>; null: nothing.</param>
public sealed record ColumnLevel(
    string Column, int Level, int Proposed, IReadOnlyList<FindingInfo> Findings, string? Guard = null,
    DecisionInfo? Decision = null);

/// <summary>A kind of sensitive value in a column, with its evidence: counts, never values.</summary>
/// <param name="Kind">Such as <c>cn-resident-id</c>.</param>
/// <param name="Likelihood"><c>Possible</c>, <c>Likely</c> or <c>VeryLikely</c>; the first proposes no level.</param>
/// <param name="Cells">Cells that are such a value as a whole, of <paramref name="Values"/> that are not empty.</param>
/// <param name="Within">Cells that hold one in a longer text.</param>
/// <param name="IsNamed">The column's name speaks for it too.</param>
/// <param name="Gdpr">The article of Regulation (EU) 2016/679; null: none.</param>
public sealed record FindingInfo(
    string Kind, string Category, string Likelihood, long Cells, long Within, long Values, bool IsNamed, int Level,
    string Rule, string? Gdpr = null, string? Mask = null);

/// <summary>A person's decision on a column.</summary>
public sealed record DecisionInfo(int Level, string Person, string Reason, DateTimeOffset At);

/// <summary>The body of <c>POST products/{id}/classification</c>: a person decides on a column.</summary>
/// <param name="Level">1 to 4.</param>
/// <param name="Person">Who decides.</param>
/// <param name="Reason">Why; it stands in the log.</param>
public sealed record LevelDraft(string Column, int Level, string Person, string Reason);
