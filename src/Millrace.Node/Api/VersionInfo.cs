using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Conversions;
using Millrace.Node.Sources;

namespace Millrace.Node.Api;

/// <summary>One immutable version of a product.</summary>
/// <param name="Number">1, 2, 3 … within the product.</param>
/// <param name="Bytes">The size of all its files together.</param>
/// <param name="Profile">What each column holds: the profile as measured.</param>
/// <param name="Quality">The quality report; its member <c>total</c> is the overall score, 0 to 100.</param>
/// <param name="AppendedTo">The version whose rows its own follow; null: it is a whole table.</param>
/// <param name="ReadFrom">The source that the node read it from; null: its files were handed in.</param>
/// <param name="Sensitive">
/// The columns of level 3 and above, by decisions too: pages that draw the profile tell no value of them.
/// </param>
/// <param name="Entry">
/// The id of its <c>version-published</c> in the log, which holds the total, the coverage and the SHA-256 of
/// <paramref name="Quality"/>; null for versions from before it did.
/// </param>
public sealed record VersionInfo(
    int Number,
    DateTimeOffset CreatedAt,
    long Rows,
    long Bytes,
    IReadOnlyList<StoredFile> Files,
    IReadOnlyList<ColumnInfo> Columns,
    SourceInfo Source,
    JsonElement Profile,
    JsonElement Quality,
    int? AppendedTo = null,
    ReadingInfo? ReadFrom = null,
    IReadOnlyList<string>? Sensitive = null,
    string? Entry = null);

/// <summary>Where the node read a version, and when it began to.</summary>
public sealed record ReadingInfo(SourceDocument Source, DateTimeOffset At);

/// <summary>A file of a version's manifest.</summary>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record StoredFile(string Name, string Sha256, long Bytes, long Rows);

/// <summary>A column of the frozen schema.</summary>
/// <param name="Type">The name of a column type, in lower case: <c>integer</c>, <c>text</c> …</param>
public sealed record ColumnInfo(string Name, string Type);

/// <summary>What was handed in, and how it was understood.</summary>
/// <param name="Format"><c>csv</c>, <c>excel</c>, <c>json</c>, <c>parquet</c> or <c>files</c>.</param>
/// <param name="Name">
/// Of the first file; the archive, where it was packed. Of a collection its index; null: it has none.
/// </param>
/// <param name="Sha256">Of that file as handed in; lower-case hexadecimal.</param>
/// <param name="Delimiter">For CSV, as <paramref name="Encoding"/>.</param>
/// <param name="Header">For CSV and Excel.</param>
/// <param name="Conversions">Columns that were published in another unit or by other codes; null: none.</param>
/// <param name="DecimalCommas">Columns whose numbers had a comma before their fraction; null: none.</param>
/// <param name="Renamed">Columns that are called otherwise than in the source; null: none.</param>
/// <param name="Sheet">The sheet of a workbook with several that was read; null: there are no others.</param>
public sealed record SourceInfo(
    string Format,
    string? Name = null,
    string? Sha256 = null,
    string? Delimiter = null,
    string? Encoding = null,
    bool? Header = null,
    IReadOnlyList<Conversion>? Conversions = null,
    IReadOnlyList<string>? DecimalCommas = null,
    IReadOnlyList<RenamedColumn>? Renamed = null,
    SheetOfSeveral? Sheet = null);
