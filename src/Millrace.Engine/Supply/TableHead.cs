using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply;

/// <summary>The first rows of a large file, so that something can be said of it before the whole is read.</summary>
public sealed class TableHead(DuckPool duck)
{
    public const int RowsMax = 100_000;

    /// <summary>A file up to this size is read as a whole about as soon.</summary>
    internal const long SmallBytesMax = 32 << 20;

    /// <summary>What is packed is several times as large as its file.</summary>
    internal const long SmallPackedBytesMax = 4 << 20;

    /// <summary>Of text; wide rows are fewer then.</summary>
    private const int BytesMax = 8 << 20;

    /// <summary>
    /// Writes the first rows of CSV, of JSON line by line, or of Parquet, in the same format; of packed text unpacked.
    /// </summary>
    /// <returns>
    /// False, and nothing is written, where the file is small, or where its first rows cannot be had without reading
    /// on: workbooks, arrays of JSON, UTF-16, Parquet and Arrow that are packed.
    /// </returns>
    /// <exception cref="EngineException">The file cannot be read.</exception>
    public async Task<bool> WriteAsync(string path, string target, CancellationToken cancel)
    {
        SourceFiles.Examine(path);
        var head = FileHead.Of(path);
        var isPacked = head.IsGzip || head.IsZstd || head.IsZip;
        if (LargeFiles.BytesOf(path) <= (isPacked ? SmallPackedBytesMax : SmallBytesMax)) return false;
        if (!head.IsParquet) return await WriteTextAsync(path, target, cancel);
        try
        {
            await duck.RunAsync([path, target], session => session.Execute(
                $"COPY (SELECT * FROM {ParquetFiles.Table(ParquetFiles.Link(session, [path]))} LIMIT {RowsMax}) "
                + $"TO {Sql.Text(target)} (FORMAT parquet, USE_TMP_FILE false)"), cancel);
            return true;
        }
        catch (Exception e) when (SourceFiles.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    private static async Task<bool> WriteTextAsync(string path, string target, CancellationToken cancel)
    {
        var bytes = new byte[BytesMax];
        if (Unpacking.ReadFirst(path, bytes) < BytesMax) return false;
        // A NUL stands in workbooks, packed files and UTF-16, where a line does not end with a single byte.
        var length = bytes.Contains((byte)0) ? 0 : LengthOfRows(bytes, isJson: FileHead.Of(bytes).IsJson);
        if (length == 0) return false;
        await File.WriteAllBytesAsync(target, bytes[..length], cancel);
        return true;
    }

    /// <summary>Up to the last line end that is not within quotes; a quote within quotes is doubled in CSV.</summary>
    private static int LengthOfRows(ReadOnlySpan<byte> text, bool isJson)
    {
        var (length, rows, isQuoted) = (0, 0, false);
        for (var i = 0; i < text.Length && rows <= RowsMax; i++)
        {
            if (text[i] == '"')
                isQuoted ^= !isJson;
            else if (text[i] == '\n' && !isQuoted)
                (length, rows) = (i + 1, rows + 1);
        }
        return length;
    }
}
