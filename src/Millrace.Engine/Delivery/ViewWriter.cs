using System.Globalization;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Delivery;

/// <summary>Writes what a SELECT gives, in each format.</summary>
internal static class ViewWriter
{
    /// <param name="from">The Parquet files that the SELECT reads, as the job sees them.</param>
    /// <returns>The rows written.</returns>
    public static long Write(
        DuckSession session, string select, ViewFormat format, string path, params IEnumerable<string> from) =>
        format switch
    {
        ViewFormat.Parquet => Copy(session, Fitting(session, select, format), Parquet(session, "zstd", from), path),
        ViewFormat.SnappyParquet => Copy(
            session, Fitting(session, select, format), Parquet(session, "snappy", from), path),
        ViewFormat.Csv => Copy(session, select, Csv("none"), path),
        ViewFormat.CsvGzip => Copy(session, select, Csv("gzip"), path),
        ViewFormat.CsvZstd => Copy(session, select, Csv("zstd"), path),
        ViewFormat.JsonLines => Copy(session, Fitting(session, select, format), Json("none"), path),
        ViewFormat.JsonLinesGzip => Copy(session, Fitting(session, select, format), Json("gzip"), path),
        ViewFormat.JsonLinesZstd => Copy(session, Fitting(session, select, format), Json("zstd"), path),
        ViewFormat.Arrow => session.WriteArrow(select, path),
        _ => throw new InvalidOperationException($"There is no format {format}."),
    };

    /// <summary>
    /// The same rows as a format can hold them. Parquet has no integers as wide as those of a sum: a decimal keeps all
    /// digits, a double would not. Engines over lakes have no times of day. JSON has no numbers that are none.
    /// </summary>
    private static string Fitting(DuckSession session, string select, ViewFormat format)
    {
        var columns = session.Rows($"DESCRIBE SELECT * FROM ({select})").Select(row =>
        {
            var (name, type) = (Sql.Name((string)row[0]!), (string)row[1]!);
            return (format, type) switch
            {
                (ViewFormat.Parquet or ViewFormat.SnappyParquet, "HUGEINT" or "UHUGEINT") =>
                    $"CAST({name} AS DECIMAL(38,0)) AS {name}",
                (ViewFormat.JsonLines or ViewFormat.JsonLinesGzip or ViewFormat.JsonLinesZstd, "DOUBLE" or "FLOAT") =>
                    $"CASE WHEN isfinite({name}) THEN {name} END AS {name}",
                (ViewFormat.SnappyParquet, "TIME") => $"CAST({name} AS VARCHAR) AS {name}",
                _ => name,
            };
        });
        return $"SELECT {string.Join(", ", columns)} FROM ({select})";
    }

    private static string Csv(string compression) =>
        "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', NEW_LINE '\\r\\n', "
        + $"COMPRESSION {compression}";

    private static string Json(string compression) => $"FORMAT json, COMPRESSION {compression}";

    private static string Parquet(DuckSession session, string compression, IEnumerable<string> from) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"FORMAT parquet, COMPRESSION {compression}, ROW_GROUP_SIZE {RowGroups.OfFiles(session, from)}");

    private static long Copy(DuckSession session, string select, string form, string path) =>
        session.Execute($"COPY ({select}) TO {Sql.Text(path)} ({form}, USE_TMP_FILE false)");
}
