namespace Millrace.Engine.Duck;

/// <summary>Failures of files and disks in our words.</summary>
internal static class Failures
{
    private const int NoSpaceLeft = 28, QuotaExceeded = 122; // ENOSPC and EDQUOT.
    private const int DiskFull = unchecked((int)0x80070070); // The same on Windows.

    /// <summary>The sentence that the caller gets; null when it is not about files (a mistake in this
    /// program).</summary>
    public static EngineException? Explain(Exception failure) => failure switch
    {
        EngineException known => known,
        UnauthorizedAccessException => new EngineException(
            "no-permission", "A file may not be read or written; ask for the permission, or copy it elsewhere."),
        IOException { HResult: NoSpaceLeft or QuotaExceeded or DiskFull } => new EngineException(
            "disk-full", "The disk is full; free some space, or move the data folder, and try again."),
        FileNotFoundException or DirectoryNotFoundException => new EngineException(
            "missing-file", "A file was taken away while it was read; check the path and try again."),
        IOException => new EngineException(
            "io-failed", "A file could not be read or written; check the disk and try again."),
        _ => null,
    };
}
