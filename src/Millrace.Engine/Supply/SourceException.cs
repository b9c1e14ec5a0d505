using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply;

/// <summary>
/// A source cannot become a table. Codes: <c>no-source, mixed-formats, missing-file, is-directory, no-permission,
/// empty-file, header-only, unreadable-encoding, ragged-rows, bad-quotes, row-too-long, duplicate-column,
/// unnamed-column, too-many-columns, bad-parquet, bad-arrow, batch-too-large, bad-json, bad-workbook, bad-archive,
/// encrypted, packed-twice, too-many-files, unpacks-too-far, unsupported-type, schema-differs, disk-full, io-failed,
/// out-of-memory, unreadable-data</c>. Those of sources that the node fetches stand where they are fetched.
/// </summary>
/// <param name="kept">The sentence without values of the data; null: there are none in it.</param>
public sealed class SourceException(string code, string message, string? kept = null) : EngineException(code, message)
{
    /// <summary>There are no rows, in whole files. Of several files only some may be so.</summary>
    public const string HeaderOnly = "header-only";

    /// <summary>The sentence as it may be kept: data never stand in what is stored of an error.</summary>
    public string Kept { get; } = kept ?? message;
}
