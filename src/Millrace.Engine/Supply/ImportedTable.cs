using System.Text.Json.Serialization;
using Millrace.Engine.Supply.Conversions;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>What <see cref="TableImport"/> made of a source.</summary>
/// <param name="Bytes">Size of the Parquet file.</param>
/// <param name="Sha256">SHA-256 of the Parquet file, 64 lower-case hexadecimal digits.</param>
public sealed record ImportedTable(TableSchema Schema, long Rows, long Bytes, string Sha256, SourceInfo Source);

/// <summary>The form of a source file.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SourceFormat>))]
public enum SourceFormat
{
    Csv,
    Parquet,
    Json,
    Excel,
    Arrow,

    /// <summary>Files of any kind, of which the table is an index.</summary>
    Files,
}

/// <summary>Where a table came from, as it was found; the last three of the first file when there are several.
/// </summary>
/// <param name="Files">Of a collection only those that said more of its files: these stand in the table.</param>
/// <param name="Delimiter">CSV only.</param>
/// <param name="Encoding">CSV only: <c>utf-8</c>, <c>utf-16</c>, <c>gb18030</c>, <c>windows-1252</c>, …</param>
/// <param name="HasHeader">CSV only.</param>
/// <param name="Conversions">Of its columns; null: none.</param>
/// <param name="DecimalCommas">
/// CSV only: the columns of numbers that were read with a comma before their fraction; null: none.
/// </param>
/// <param name="Renamed">JSON only: the columns that are called otherwise than their members; null: none.</param>
/// <param name="Sheet">Excel only; null: the workbook has one.</param>
public sealed record SourceInfo(
    SourceFormat Format, IReadOnlyList<SourceFile> Files, char? Delimiter, string? Encoding, bool? HasHeader,
    IReadOnlyList<Conversion>? Conversions = null, IReadOnlyList<string>? DecimalCommas = null,
    IReadOnlyList<RenamedColumn>? Renamed = null, SheetOfSeveral? Sheet = null);

/// <summary>The sheet of a workbook that was read; the others were not.</summary>
/// <param name="Sheets">How many the workbook has.</param>
public sealed record SheetOfSeveral(string Name, int Sheets);

/// <summary>A column that is not called as its member: another one differs from it in letter case only.</summary>
public sealed record RenamedColumn(string Column, string Member);

/// <param name="Name">The file's name, without its folder.</param>
/// <param name="Sha256">SHA-256 of the bytes as they were handed in.</param>
public sealed record SourceFile(string Name, long Bytes, string Sha256);

/// <summary>How to read CSV; what is null is found out.</summary>
/// <param name="Encoding">A name that <see cref="System.Text.Encoding.GetEncoding(string)"/> knows.</param>
/// <param name="NullTexts">
/// Cells that mean "no value"; by default the empty cell, and <c>NA</c> where it is no text.
/// </param>
public sealed record CsvForm(
    char? Delimiter = null, string? Encoding = null, bool? HasHeader = null, IReadOnlyList<string>? NullTexts = null)
{
    internal const string Na = "NA";

    internal IReadOnlyList<string> Nulls => NullTexts ?? ["", Na];
}
