using Millrace.Engine.Duck;

namespace Millrace.Engine.Delivery;

/// <summary>The form in which a view leaves.</summary>
public enum ViewFormat
{
    Parquet,

    /// <summary>Parquet as the tables of lakes have it: compressed by Snappy, times of day as texts.</summary>
    SnappyParquet,

    /// <summary>RFC 4180 in UTF-8 without a mark: CRLF, a header; NULL is an empty cell, an empty text is
    /// <c>""</c>.</summary>
    Csv,

    /// <summary>One JSON object in each line, UTF-8; NULL and NaN are <c>null</c>, times are texts.</summary>
    JsonLines,

    /// <summary>The Arrow IPC file format, which Feather version 2 is too.</summary>
    Arrow,

    /// <summary>Texts compressed for the way; the other formats are compressed within.</summary>
    CsvGzip,
    CsvZstd,
    JsonLinesGzip,
    JsonLinesZstd,

    /// <summary>A file of a collection, as it was handed in: of any kind.</summary>
    Original,
}

/// <summary>A governed view, written.</summary>
/// <param name="Sha256">Of the file, 64 lower-case hexadecimal digits.</param>
public sealed record BuiltView(long Rows, long Bytes, string Sha256);

/// <summary>
/// A view was not built; nothing was released. Codes: <c>no-files, bad-plan, missing-column, wrong-type, missing-key,
/// missing-file, bad-parquet, disk-full, io-failed, out-of-memory, …</c>.
/// </summary>
public sealed class ViewException(string code, string message) : EngineException(code, message);
