namespace Millrace.Engine.Duck;

/// <summary>
/// How large files are rewritten. Several threads that write in order hold up to half a gigabyte of rows beside
/// the engine's share of memory, for those of one that is ahead wait for their turn in the file.
/// </summary>
internal static class LargeFiles
{
    private const long BytesMin = 512L << 20;

    /// <summary>Whether these files are large together.</summary>
    public static bool Are(IEnumerable<string> files) => files.Sum(BytesOf) > BytesMin;

    /// <summary>The size of a file, or of that which a link leads to: FileInfo tells that of the link.</summary>
    public static long BytesOf(string path)
    {
        using var file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
    }

    /// <summary>
    /// The threads of a job that rewrites Parquet files; null: as many as each job has. They hang on nothing but the
    /// size, so that the same input gives the same bytes.
    /// </summary>
    public static int? Threads(IEnumerable<string> parquetFiles) =>
        Are(parquetFiles) ? 1 : null;
}
