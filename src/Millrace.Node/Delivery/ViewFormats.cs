using Microsoft.Net.Http.Headers;
using Millrace.Engine.Delivery;

namespace Millrace.Node.Delivery;

/// <summary>The formats of a governed view, by the name in the query or by the Accept header.</summary>
internal static class ViewFormats
{
    public const string Names = "parquet, csv, jsonl, arrow";

    /// <summary>All that a reader can ask for.</summary>
    public static IEnumerable<ViewFormat> Offered => All.Select(f => f.Format);

    private static readonly (string Name, string MediaType, ViewFormat Format)[] All =
    [
        ("parquet", "application/vnd.apache.parquet", ViewFormat.Parquet),
        ("csv", "text/csv", ViewFormat.Csv),
        ("jsonl", "application/jsonl", ViewFormat.JsonLines),
        ("arrow", "application/vnd.apache.arrow.file", ViewFormat.Arrow),
    ];

    private static readonly (ViewFormat Plain, string Coding, ViewFormat Coded)[] Codings =
    [
        (ViewFormat.Csv, "gzip", ViewFormat.CsvGzip),
        (ViewFormat.Csv, "zstd", ViewFormat.CsvZstd),
        (ViewFormat.JsonLines, "gzip", ViewFormat.JsonLinesGzip),
        (ViewFormat.JsonLines, "zstd", ViewFormat.JsonLinesZstd),
    ];

    /// <summary>The format asked for; Parquet where nothing is. Null: one that is not offered.</summary>
    public static ViewFormat? Asked(string? name, IList<MediaTypeHeaderValue> accepts)
    {
        if (name is not null)
            return Array.Find(All, f => f.Name == name) is { Name: not null } found ? found.Format : null;
        foreach (var accept in accepts.OrderByDescending(a => a.Quality ?? 1))
        {
            foreach (var (_, mediaType, format) in All)
            {
                if (accept.MatchesMediaType(mediaType))
                    return format;
            }
        }
        return accepts.Count == 0 ? ViewFormat.Parquet : null;
    }

    /// <summary>The same format, compressed by the best of the codings that its reader takes (RFC 9110).</summary>
    public static ViewFormat Coded(ViewFormat format, IList<StringWithQualityHeaderValue> accepts)
    {
        var best = accepts
            .Where(a => a.Quality is not 0)
            .OrderByDescending(a => a.Quality ?? 1)
            .ThenByDescending(a => a.Value == "zstd")
            .Select(a => Array.Find(Codings, c => c.Plain == format && c.Coding == a.Value))
            .FirstOrDefault(c => c.Coding is not null);
        return best.Coding is null ? format : best.Coded;
    }

    /// <summary>How the bytes of a format are compressed for the way; null: they are not.</summary>
    public static string? Coding(ViewFormat format) => Array.Find(Codings, c => c.Coded == format).Coding;

    public static string MediaType(ViewFormat format) =>
        Array.Find(All, f => f.Format == Plain(format)).MediaType
        + (Plain(format) == ViewFormat.Csv ? "; charset=utf-8" : "");

    public static string Name(ViewFormat format) => Array.Find(All, f => f.Format == Plain(format)).Name;

    /// <summary>One that nobody asks for by name is the Parquet of a way to read, or one that is compressed.</summary>
    private static ViewFormat Plain(ViewFormat format) =>
        format == ViewFormat.SnappyParquet ? ViewFormat.Parquet
        : Array.Find(Codings, c => c.Coded == format) is { Coding: not null } coded ? coded.Plain
        : format;
}
