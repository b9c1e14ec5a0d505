using Millrace.Protocol.Policies;

namespace Millrace.Node.Sources;

/// <summary>How a table that only grows is read: the rows that came since the last time.</summary>
/// <param name="Column">
/// Whole numbers, decimals, dates or moments, of which later rows have greater values; none may be missing. Of a
/// bucket: <see cref="Key"/>.
/// </param>
public sealed record IncrementalReading(string Column)
{
    /// <summary>What the objects of a bucket are read on by: a later one has a key that comes after.</summary>
    public const string Key = "key";
}

/// <summary>How far a table has been read.</summary>
/// <param name="Kind">
/// <c>number, date, timestamp, timestamptz</c> or <c>text</c>, which is a date or a moment; of a bucket <c>key</c>.
/// </param>
/// <param name="Value">
/// The greatest value that was read: a number, days or microseconds since 1970, or the text.
/// </param>
/// <param name="Border">
/// The digests of all rows with that value: more rows with it may come later. Of a bucket none.
/// </param>
public sealed record Watermark(string Column, string Kind, string Value, IReadOnlyList<string> Border);

/// <summary>What is to be read of a source.</summary>
/// <param name="After">Of an incremental source: how far it was read; null: all is read.</param>
/// <param name="Expected">The columns that the product has; null: it has none yet.</param>
/// <param name="Known">
/// The tag of what the product has of it: while it has the same, nothing is fetched. Null: all is fetched.
/// </param>
public sealed record SourceAsk(
    SourceDocument Source, Watermark? After = null, TableSchema? Expected = null, string? Known = null);

/// <summary>What was read of a source.</summary>
/// <param name="Files">The files of one table, in their order; none: the source has nothing new.</param>
/// <param name="Reached">How far, of an incremental source.</param>
/// <param name="Tag">What tells the files from what comes after them; null: nothing does.</param>
public sealed record Fetched(IReadOnlyList<string> Files, Watermark? Reached = null, string? Tag = null);
