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

    public static string MediaType(ViewFormat format) =>
        Array.Find(All, f => f.Format == Known(format)).MediaType + (format == ViewFormat.Csv ? "; charset=utf-8" : "");

    public static string Name(ViewFormat format) => Array.Find(All, f => f.Format == Known(format)).Name;

    /// <summary>One that nobody asks for by name is the Parquet of a way to read.</summary>
    private static ViewFormat Known(ViewFormat format) =>
        format == ViewFormat.SnappyParquet ? ViewFormat.Parquet : format;
}
