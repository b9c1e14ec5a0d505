using Millrace.Engine.Duck;
using Millrace.Engine.Supply.Classification;

namespace Millrace.Engine.Supply.Fitness;

/// <summary>
/// Measures how fit a table is for AI, in bounded memory: what the profile and the classification told already, and
/// what takes a reading of its texts.
/// </summary>
public sealed class FitnessMeter(DuckPool duck)
{
    /// <summary>More kinds of label are none.</summary>
    private const int LabelsMax = 1_000;

    /// <exception cref="EngineException">
    /// A file cannot be read, the budget does not suffice, or (<c>unknown-column</c>) there is no column of the label's
    /// name.
    /// </exception>
    public async Task<FitnessReport> MeasureAsync(
        IReadOnlyList<string> parquetFiles, TableProfile profile, ClassificationReport classification,
        FitnessQuestion question, CancellationToken cancel)
    {
        if (question.Label is { } label && profile.Columns.All(c => c.Name != label))
            throw new EngineException("unknown-column", $"The table has no column {label}; name one that it has.");
        FitnessMeasure[] measures =
        [
            Rows(profile),
            await NearDuplicates.MeasureAsync(duck, parquetFiles, profile, cancel),
            await BalanceAsync(parquetFiles, question.Label, cancel),
            Language(question.Languages),
            Personal(profile, classification),
            await Contamination.MeasureAsync(duck, parquetFiles, profile, question.Benchmark, cancel),
        ];
        var ratios = measures.Select(m => m.Ratio).OfType<double>().ToList();
        return new FitnessReport(
            (double)ratios.Count / measures.Length, measures,
            ratios.Count == 0 ? null : Math.Round(100 * ratios.Average(), 4, MidpointRounding.AwayFromZero));
    }

    internal static FitnessMeasure Measured(string name, double a, double b, long? oneIn = null) => b > 0
        ? new(name, a, b, $"{name}/1", a / b, OneIn: oneIn)
        : Not(name, "There is nothing to measure.");

    internal static FitnessMeasure Not(string name, string why) => new(name, 0, 0, $"{name}/1", NotEvaluated: why);

    private static FitnessMeasure Rows(TableProfile profile) =>
        Measured("exact-duplicates", profile.Rows - profile.DuplicateRows, profile.Rows);

    /// <summary>The entropy of the labels, of what it would be were all as frequent; both in bits.</summary>
    private async Task<FitnessMeasure> BalanceAsync(
        IReadOnlyList<string> files, string? label, CancellationToken cancel)
    {
        const string Name = "label-balance";
        if (label is null)
            return Not(Name, "No column was named as the label.");
        var counts = await duck.ExplainedAsync(
            files,
            session => session.Rows($"""
                SELECT count(*) FROM {ParquetFiles.Table(ParquetFiles.Link(session, files))}
                WHERE {Sql.Name(label)} IS NOT NULL GROUP BY {Sql.Name(label)} ORDER BY 1 DESC LIMIT {LabelsMax + 1}
                """).ConvertAll(row => (double)Profiler.Count(row[0])),
            cancel);
        if (counts.Count > LabelsMax)
            return Not(Name, "The label has more than 1000 values: it is none.");
        if (counts.Count == 0)
            return Not(Name, "There is nothing to measure.");
        var all = counts.Sum();
        var entropy = -counts.Sum(n => n / all * Math.Log2(n / all));
        // A single label is as lopsided as two can be.
        return Measured(Name, Math.Round(Math.Abs(entropy), 6), Math.Round(Math.Log2(Math.Max(2, counts.Count)), 6));
    }

    /// <summary>Cells of the commonest language, of all whose language is told.</summary>
    private static FitnessMeasure Language(IReadOnlyList<LanguageCount>? languages) => languages is null
        ? Not("language", "The profile does not tell the languages of texts.")
        : Measured(
            "language", languages.Select(l => l.Cells).DefaultIfEmpty().Max(), languages.Sum(l => (double)l.Cells));

    /// <summary>Cells without a likely finding from level 2 on, of all with a value.</summary>
    private static FitnessMeasure Personal(TableProfile profile, ClassificationReport classification)
    {
        var cells = profile.Columns.Sum(c => (double)(profile.Rows - c.Nulls));
        var found = profile.Columns.Sum(c => classification.LikelyOf(c.Name)
            .Where(f => f.Level >= 2)
            // What is told by its name alone is so in every cell; one cell may be of several kinds.
            .Select(f => (double)(f.Cells + f.Within > 0 ? Math.Min(f.Values, f.Cells + f.Within) : f.Values))
            .DefaultIfEmpty().Max());
        return Measured("personal-data", cells - found, cells);
    }
}
