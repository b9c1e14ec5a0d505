using System.Text.Json.Serialization;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>What a table holds, in figures. Values are texts in the invariant culture, dates as in ISO 8601.</summary>
/// <param name="DuplicateRows">Rows that repeat an earlier row in every cell, found by a 64-bit hash of the
/// row.</param>
/// <param name="Method">
/// How it was made: 2 out of states of files, which gives the same to the last digit; 1 by earlier versions.
/// </param>
public sealed record TableProfile(
    long Rows, long DuplicateRows, IReadOnlyList<ColumnProfile> Columns, int Method = 1)
{
    public const int CurrentMethod = 2;
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
public sealed record ColumnProfile(
    string Name, [property: JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))] ColumnType Type, long Nulls,
    long Distinct, bool DistinctIsExact, long Defects, string? Min, string? Max, NumberFigures? Numbers,
    TextFigures? Text, IReadOnlyList<Bin> Histogram, IReadOnlyList<ValueCount> Frequent);

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
