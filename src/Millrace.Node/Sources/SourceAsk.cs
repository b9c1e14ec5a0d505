using Millrace.Protocol.Policies;

namespace Millrace.Node.Sources;

/// <summary>How a table that only grows is read: the rows that came since the last time.</summary>
/// <param name="Column">
/// Whole numbers, decimals, dates or moments, of which later rows have greater values; none may be missing.
/// </param>
public sealed record IncrementalReading(string Column);

/// <summary>How far a table has been read.</summary>
/// <param name="Kind"><c>number, date, timestamp, timestamptz</c> or <c>text</c>, which is a date or a moment.</param>
/// <param name="Value">
/// The greatest value that was read: a number, days or microseconds since 1970, or the text.
/// </param>
/// <param name="Border">The digests of all rows with that value: more rows with it may come later.</param>
public sealed record Watermark(string Column, string Kind, string Value, IReadOnlyList<string> Border);

/// <summary>What is to be read of a source.</summary>
/// <param name="After">Of an incremental source: how far it was read; null: all is read.</param>
/// <param name="Expected">The columns that the product has; null: it has none yet.</param>
public sealed record SourceAsk(SourceDocument Source, Watermark? After = null, TableSchema? Expected = null);

/// <summary>What was read of a source.</summary>
/// <param name="Files">The files of one table, in their order; none: an incremental source has nothing new.</param>
/// <param name="Reached">How far, of an incremental source.</param>
public sealed record Fetched(IReadOnlyList<string> Files, Watermark? Reached = null);
