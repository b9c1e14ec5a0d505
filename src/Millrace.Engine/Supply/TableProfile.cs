using System.Text.Json.Serialization;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>What a table holds, in figures. Values are texts in the invariant culture, dates as in ISO 8601.</summary>
/// <param name="DuplicateRows">Rows that repeat an earlier row in every cell, found by a 64-bit hash of the
/// row.</param>
/// <param name="Method">
/// How it was made: 6 out of states of files, which gives the same to the last digit; 5 as well, without frequent
/// values of a sample; 4 also with the least and the greatest text whole; 3 also without keys of several columns; 2
/// without steps of dates, keys, languages and correlations too; 1 by earlier versions.
/// </param>
/// <param name="Correlations">Null: no two columns go together, or an earlier method did not look.</param>
/// <param name="CompositeKeys">
/// Where no column may be a key by itself: at most three sets of columns that may be one together, the leftmost first.
/// Null: there are none, or an earlier method did not look.
/// </param>
public sealed record TableProfile(
    long Rows, long DuplicateRows, IReadOnlyList<ColumnProfile> Columns, int Method = 1,
    Correlations? Correlations = null, IReadOnlyList<CompositeKey>? CompositeKeys = null)
{
    public const int CurrentMethod = 6;
}

/// <summary>What a column holds.</summary>
/// <param name="Distinct">
/// Different values, nulls not counted, texts by a 64-bit hash; an estimate when not exact: its standard error is 0.4 %
/// in a table of up to 16 columns, and at most 3 %.
/// </param>
/// <param name="Defects">
/// Values that cannot be meant: text with control characters or U+FFFD (a sign of a wrong encoding), numbers that are
/// not finite, dates outside of the years 1 to 9999.
/// </param>
/// <param name="Numbers">For columns of numbers with at least one finite value.</param>
/// <param name="Text">For columns of text with at least one value.</param>
/// <param name="Histogram">
/// At most 20 bins of equal width, for numbers, dates and timestamps; with many different values, those near the end of
/// a bin may be counted in its neighbour.
/// </param>
/// <param name="Frequent">
/// The ten most frequent values, most frequent first, where values repeat and <paramref name="DistinctIsExact"/>; texts
/// are cut at 160 bytes.
/// </param>
/// <param name="FrequentInSample">
/// Those of some rows, where more values differ than were counted; null: none stands out, more than 1 % of the rows
/// repeat another, or an earlier method did not look.
/// </param>
/// <param name="Steps">For dates and timestamps that follow one another in mostly equal steps.</param>
/// <param name="Key">For columns that may tell rows apart; null: values are missing, repeat or are measured.</param>
/// <param name="Languages">For columns of text, where the language of any is told.</param>
public sealed record ColumnProfile(
    string Name, [property: JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))] ColumnType Type, long Nulls,
    long Distinct, bool DistinctIsExact, long Defects, string? Min, string? Max, NumberFigures? Numbers,
    TextFigures? Text, IReadOnlyList<Bin> Histogram, IReadOnlyList<ValueCount> Frequent, DateSteps? Steps = null,
    KeyEvidence? Key = null, LanguageFigures? Languages = null, SampledValues? FrequentInSample = null);

/// <param name="Deviation">Standard deviation of the sample; null for a single value.</param>
/// <param name="Quantiles">
/// At 5, 25, 50, 75 and 95 %: the value at that rank; with many different values one near it.
/// </param>
public sealed record NumberFigures(double Mean, double? Deviation, IReadOnlyList<Quantile> Quantiles);

/// <param name="Share">Between 0 and 1.</param>
public sealed record Quantile(double Share, double Value);

/// <param name="LengthMin">In characters (code points).</param>
/// <param name="Shapes">
/// The commonest shapes, commonest first: digits as <c>9</c>, letters as <c>a</c> and <c>A</c>, Han characters as
/// <c>汉</c>, others as they are: <c>9999-99-99</c>.
/// </param>
/// <param name="ShapesOfRows">
/// How many rows the shapes were counted in: all, or those of the values that the smallest hashes chose.
/// </param>
public sealed record TextFigures(long LengthMin, long LengthMax, IReadOnlyList<ValueCount> Shapes, long ShapesOfRows);

/// <summary>Values from <paramref name="From"/> up to, not including, <paramref name="To"/>; the last bin includes
/// it.</summary>
public sealed record Bin(string From, string To, long Count);

public sealed record ValueCount(string Value, long Count);

/// <summary>The ten most frequent values of an even choice of rows, most frequent first.</summary>
/// <param name="Rows">
/// How many were looked at: with 1 024, a share of all rows is within 3 percentage points of theirs in 19 of 20 cases.
/// </param>
public sealed record SampledValues(long Rows, IReadOnlyList<ValueCount> Values);

/// <summary>How dates or moments follow one another, where all different ones are known.</summary>
/// <param name="Every">How many units the usual step is, as in 15 minutes.</param>
/// <param name="Missing">The dates that the usual step leads to and that are not there.</param>
/// <param name="Gaps">The places where any are missing.</param>
/// <param name="Largest">The largest gaps, at most five, largest first.</param>
public sealed record DateSteps(
    long Every, [property: JsonConverter(typeof(JsonStringEnumConverter<StepUnit>))] StepUnit Unit, long Missing,
    long Gaps, IReadOnlyList<DateGap> Largest);

/// <summary>Between two dates that are there, neighbours as they are, some are missing.</summary>
public sealed record DateGap(string After, string Before, long Missing);

/// <summary>What a step of dates is counted in.</summary>
public enum StepUnit
{
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,

    /// <summary>From Monday to Friday.</summary>
    Weekday,
    Week,
    Month,
    Year,
}

/// <summary>No value is missing, and none was found twice.</summary>
/// <param name="Values">The different values that were counted in all rows.</param>
/// <param name="RepeatsBelow">
/// Null: these are all values. Otherwise they are an even choice of them, and with a confidence of 99 % fewer than this
/// share of all values occur twice.
/// </param>
public sealed record KeyEvidence(long Values, double? RepeatsBelow = null);

/// <summary>Two or three columns of which no combination of values was found twice, and no column is idle.</summary>
/// <param name="Rows">The rows that were looked at.</param>
/// <param name="RepeatsBelow">
/// Null: these are all rows. Otherwise they are an even choice of them, and with a confidence of 99 % fewer than this
/// share of all rows have a combination that another row has too.
/// </param>
public sealed record CompositeKey(IReadOnlyList<string> Columns, long Rows, double? RepeatsBelow = null);

/// <summary>Columns that go together, by an even choice of rows.</summary>
/// <param name="Rows">How many rows were looked at.</param>
/// <param name="IsWhole">These are all rows.</param>
/// <param name="Strongest">At most ten pairs, the strongest first.</param>
public sealed record Correlations(long Rows, bool IsWhole, IReadOnlyList<Correlation> Strongest);

/// <summary>How two columns go together, -1 to 1, to four places.</summary>
/// <param name="Rank">Of the ranks (Spearman), which decides.</param>
/// <param name="Pearson">Of the values; null where they are too large for it.</param>
/// <param name="Rows">The rows looked at in which both have a value.</param>
public sealed record Correlation(string One, string Other, double Rank, double? Pearson, long Rows);

/// <summary>The languages of texts, by the cells of at most 2 048 different values.</summary>
/// <param name="Told">Most cells first.</param>
/// <param name="NotTold">Cells without a language that is told: codes, names, a few words, other languages.</param>
public sealed record LanguageFigures(IReadOnlyList<LanguageCount> Told, long NotTold);

/// <summary>How many cells are of a language.</summary>
/// <param name="Language">By its code in ISO 639-1.</param>
public sealed record LanguageCount(string Language, long Cells);
