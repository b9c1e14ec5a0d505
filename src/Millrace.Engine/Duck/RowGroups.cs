using System.Globalization;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Duck;

/// <summary>
/// How many rows a row group of Parquet has. While one is written, each thread holds some in memory: with DuckDB's
/// usual number, wide rows outgrow a job's budget.
/// </summary>
internal static class RowGroups
{
    /// <summary>DuckDB's own number: rows of up to some 130 bytes, of a large table 34.</summary>
    public const int RowsMax = 122_880;

    private const int RowsOfAVector = 2_048, SampleRows = 2_048, BytesOfANumber = 8,
        BytesOfAText = 16, BytesOfAShortText = 12;

    /// <summary>
    /// A group of wide rows. Of a large table a smaller one, for it is held several times over while it is read and
    /// written; a SELECT over few rows is quicker with larger ones.
    /// </summary>
    private const int BytesMax = 16 << 20, BytesOfLargeMax = 4 << 20;

    private const int DictionaryBytesMax = 1 << 20, DictionariesBytesMax = 4 << 20; // The first is DuckDB's own.

    /// <summary>For what a SELECT gives, by the width of its first rows.</summary>
    /// <param name="isLarge">It comes out of <see cref="LargeFiles"/>.</param>
    public static int Of(DuckSession session, string select, TableSchema schema, bool isLarge)
    {
        var rows = (int)((isLarge ? BytesOfLargeMax : BytesMax) / Width(session, select, schema));
        return Math.Clamp(rows > RowsOfAVector ? rows / RowsOfAVector * RowsOfAVector : rows, 1, RowsMax);
    }

    /// <summary>How many bytes a row has in memory, on the average of the first that a SELECT gives.</summary>
    public static double Width(DuckSession session, string select, TableSchema schema)
    {
        var widths = schema.Columns.Select(c => c.Type switch
        {
            ColumnType.Text => Text($"strlen({Sql.Name(c.Name)})"),
            ColumnType.Binary => $"coalesce(octet_length({Sql.Name(c.Name)}), 0)",
            _ => $"{BytesOfANumber}",
        });
        // Not with plus signs: an expression may be a thousand deep, and a table wider. Not of rows that are taken
        // first: those of long texts outgrow a job's memory.
        var width = session.Row(
            $"SELECT avg(width) FROM (SELECT list_sum([{string.Join(", ", widths)}]) AS width FROM ({select}) "
            + $"LIMIT {SampleRows})")[0];
        return Math.Max(1, Convert.ToDouble(width ?? 1, CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// How large the dictionary of a column of texts may get. Room for each is taken as soon as a group begins, so that
    /// those of a wide table share it.
    /// </summary>
    public static int DictionaryBytes(TableSchema schema) =>
        Math.Min(DictionaryBytesMax, DictionariesBytesMax / Math.Max(1, schema.Columns.Count));

    /// <summary>Short texts are held in the bytes that a long one has beside its own.</summary>
    private static string Text(string length) =>
        $"{BytesOfAText} + CASE WHEN {length} > {BytesOfAShortText} THEN {length} ELSE 0 END";

    /// <summary>For what is made out of files: as many as there, at the least.</summary>
    /// <param name="links">Parquet files as the job sees them.</param>
    public static int OfFiles(DuckSession session, params IEnumerable<string> links) => links.Min(link =>
    {
        var groups = session.Rows(
            $"SELECT row_group_num_rows FROM parquet_metadata({Sql.Text(link)}) WHERE column_id = 0 LIMIT 2");
        // Where all rows fit into one group, it says nothing of how wide they are.
        return groups is [[var first], _]
            ? (int)Math.Clamp(Convert.ToInt64(first, CultureInfo.InvariantCulture), 1, RowsMax)
            : RowsMax;
    });
}
