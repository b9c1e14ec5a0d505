namespace Millrace.Engine.Supply.Classification;

/// <summary>A profile without a value of what is sensitive.</summary>
/// <param name="Withheld">
/// The columns of which only counts and lengths are left: no least, greatest or frequent value, no histogram, mean,
/// quantile, shape, gap, language or correlation, each of which may be a person's value or lead to one.
/// </param>
public sealed record ShownProfile(TableProfile Profile, IReadOnlyList<string> Withheld)
{
    /// <summary>By what was found, where no person decided.</summary>
    public static ShownProfile Of(TableProfile profile, ClassificationReport found) =>
        Of(profile, c => found.LevelOf(c) >= LevelRule.Sensitive);

    public static ShownProfile Of(TableProfile profile, Func<string, bool> isSensitive)
    {
        var withheld = profile.Columns.Select(c => c.Name).Where(isSensitive).ToHashSet(StringComparer.Ordinal);
        var columns = profile.Columns.Select(c => withheld.Contains(c.Name) ? WithoutValues(c) : c);
        var told = profile.Correlations?.Strongest
            .Where(c => !withheld.Contains(c.One) && !withheld.Contains(c.Other)).ToList() ?? [];
        var correlations = told.Count == 0 ? null : profile.Correlations! with { Strongest = told };
        return new ShownProfile(
            profile with { Columns = [.. columns], Correlations = correlations }, [.. withheld]);
    }

    private static ColumnProfile WithoutValues(ColumnProfile column) => column with
    {
        Min = null,
        Max = null,
        Numbers = null,
        Text = column.Text is { } text ? text with { Shapes = [] } : null,
        Histogram = [],
        Frequent = [],
        FrequentInSample = null,
        Steps = null,
        Languages = null,
    };
}
