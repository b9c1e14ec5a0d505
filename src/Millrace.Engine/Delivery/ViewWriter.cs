using Millrace.Engine.Duck;

namespace Millrace.Engine.Delivery;

/// <summary>Writes what a SELECT gives, in each format.</summary>
internal static class ViewWriter
{
    /// <returns>The rows written.</returns>
    public static long Write(DuckSession session, string select, ViewFormat format, string path) => format switch
    {
        ViewFormat.Parquet => Copy(session, Fitting(session, select, format), "FORMAT parquet, COMPRESSION zstd", path),
        ViewFormat.SnappyParquet => Copy(
            session, Fitting(session, select, format), "FORMAT parquet, COMPRESSION snappy", path),
        ViewFormat.Csv => Copy(
            session, select,
            "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', NEW_LINE '\\r\\n'",
            path),
        ViewFormat.JsonLines => Copy(session, Fitting(session, select, format), "FORMAT json", path),
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
                (ViewFormat.JsonLines, "DOUBLE" or "FLOAT") => $"CASE WHEN isfinite({name}) THEN {name} END AS {name}",
                (ViewFormat.SnappyParquet, "TIME") => $"CAST({name} AS VARCHAR) AS {name}",
                _ => name,
            };
        });
        return $"SELECT {string.Join(", ", columns)} FROM ({select})";
    }

    private static long Copy(DuckSession session, string select, string form, string path) =>
        session.Execute($"COPY ({select}) TO {Sql.Text(path)} ({form}, USE_TMP_FILE false)");
}
