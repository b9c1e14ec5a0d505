using Millrace.Protocol.Policies;

namespace Millrace.Engine.Duck;

/// <summary>The Parquet files of a table as a job sees them.</summary>
internal static class ParquetFiles
{
    /// <summary>Gives each file a plain name in the job's folder, in the same order.</summary>
    public static IReadOnlyList<string> Link(DuckSession session, IReadOnlyList<string> paths) =>
        [.. paths.Select((path, i) => session.Link(path, Path.Combine(session.Folder, $"in{i}.parquet")))];

    /// <summary>
    /// Writes what a SELECT gives as one file, in row groups by the width of its rows; the rows written.
    /// </summary>
    public static long Write(
        DuckSession session, string select, TableSchema schema, string path, string compression,
        bool isLarge = false) =>
        session.Execute(
            $"COPY ({select}) TO {Sql.Text(path)} (FORMAT parquet, COMPRESSION {compression}, "
            + $"ROW_GROUP_SIZE {RowGroups.Of(session, select, schema, isLarge)}, "
            + $"STRING_DICTIONARY_PAGE_SIZE_LIMIT {RowGroups.DictionaryBytes(schema)}, USE_TMP_FILE false)");

    /// <summary>The rows of all files, in order; decimals are as wide as the widest of a file.</summary>
    public static string Table(IReadOnlyList<string> links) =>
        $"read_parquet({Sql.List(links.Select(Sql.Text))}, hive_partitioning = false, union_by_name = true)";
}
