using DuckDB.NET.Data;

namespace Millrace.Engine.Duck;

/// <summary>DuckDB's errors in our words. Its own texts quote values of the data and are dropped.</summary>
internal static class DuckErrors
{
    /// <summary>The code of what a value of the data makes fail.</summary>
    public const string UnreadableData = "unreadable-data";

    public static EngineException Translate(DuckDBException error) => Kind(error.Message) switch
    {
        _ when Says(error, "No space left on device") || Says(error, "max_temp_directory_size") =>
            new("disk-full", "The disk is full; free some space, or move the data folder, and try again."),
        "Out of Memory Error" => new(
            "out-of-memory", "The job needs more memory than it may use; raise the memory of the engine and try "
                + "again."),
        "Permission Error" => new("not-permitted", "The job tried to reach a file that it was not given."),
        "IO Error" => new("io-failed", "A file could not be read or written; check the disk and the files' "
            + "permissions."),
        "Conversion Error" or "Out of Range Error" or "Invalid Input Error" => new(
            UnreadableData, "The data do not fit their declared types or form."),
        _ => new("engine-failed", "The engine could not run this job; the data may be damaged."),
    };

    // ErrorType is not filled in by all calls of the driver; the prefix of the text is.
    private static string Kind(string message) => message.Split(':', 2)[0];

    private static bool Says(DuckDBException error, string text) =>
        error.Message.Contains(text, StringComparison.OrdinalIgnoreCase);
}
