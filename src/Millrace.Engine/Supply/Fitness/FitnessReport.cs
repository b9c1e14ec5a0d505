namespace Millrace.Engine.Supply.Fitness;

/// <summary>
/// How fit a table is to train or test models on: a score of its own, never blended with that of quality. Same table
/// and question, same report.
/// </summary>
/// <param name="Total">0 to 100: the mean of the evaluated measures; null when none was evaluated.</param>
/// <param name="Coverage">The share of the measures that were evaluated, 0 to 1.</param>
public sealed record FitnessReport(double Coverage, IReadOnlyList<FitnessMeasure> Measures, double? Total = null);

/// <summary>One measure: A of B elements are as they should be.</summary>
/// <param name="Name">
/// <c>exact-duplicates</c>, <c>near-duplicates</c>, <c>label-balance</c>, <c>language</c>, <c>personal-data</c> or
/// <c>contamination</c>.
/// </param>
/// <param name="Ratio">A/B; null when not evaluated, which is neither 0 nor 1.</param>
/// <param name="RuleId">The rule and its version, for whoever recomputes it.</param>
/// <param name="NotEvaluated">Why there is no ratio, and what would be needed.</param>
/// <param name="OneIn">One in so many elements was looked at; null: all.</param>
public sealed record FitnessMeasure(
    string Name, double A, double B, string RuleId, double? Ratio = null, string? NotEvaluated = null,
    long? OneIn = null);

/// <summary>What fitness is asked for, beyond the table itself.</summary>
/// <param name="Label">The column that says what a model is to learn; null: none was named.</param>
/// <param name="Benchmark">What models will be tested on; null: none was named.</param>
/// <param name="Languages">Of the table's texts; null: its profile does not tell them.</param>
public sealed record FitnessQuestion(
    string? Label = null, BenchmarkTable? Benchmark = null, IReadOnlyList<LanguageCount>? Languages = null)
{
    /// <summary>What a profile tells of the languages of all columns, most cells first; null: nothing.</summary>
    public static IReadOnlyList<LanguageCount>? LanguagesOf(TableProfile profile)
    {
        var told = profile.Columns.SelectMany(c => c.Languages?.Told ?? []).GroupBy(l => l.Language)
            .Select(g => new LanguageCount(g.Key, g.Sum(l => l.Cells)))
            .OrderByDescending(l => l.Cells).ThenBy(l => l.Language, StringComparer.Ordinal)
            .ToList();
        return told.Count == 0 ? null : told;
    }
}

/// <summary>A table that models are tested on.</summary>
/// <param name="Files">Parquet, in order.</param>
public sealed record BenchmarkTable(IReadOnlyList<string> Files, Protocol.Policies.TableSchema Schema);
