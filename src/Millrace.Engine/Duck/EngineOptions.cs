namespace Millrace.Engine.Duck;

/// <summary>What all data jobs of this process together may use.</summary>
/// <param name="TempDirectory">
/// Where jobs spill and transcode; created when missing. Each job has its own folder there, which is deleted after it.
/// </param>
/// <param name="MemoryMegabytes">Memory of DuckDB for all jobs together; each job gets an equal share.</param>
/// <param name="Threads">
/// Threads of each job, so that one alone is as fast as the machine; jobs at the same time share the cores. For the
/// same input always the same number: with one thread DuckDB lays a Parquet file out in another way than with more.
/// </param>
/// <param name="JobsMax">Jobs at a time; further ones wait for their turn.</param>
/// <param name="ColumnsMax">The widest table that is taken in.</param>
/// <param name="UnpackedBytesMax">What may come out of one packed file.</param>
/// <param name="WorkbookPartBytesMax">
/// What may come out of those parts of an Excel workbook that are kept in memory, as the texts of all its sheets are;
/// of one in the older format the whole file, for its texts are not apart.
/// </param>
public sealed record EngineOptions(
    string TempDirectory, int MemoryMegabytes = 512, int Threads = 2, int JobsMax = 2, int ColumnsMax = 2_000,
    long UnpackedBytesMax = 64L << 30, long WorkbookPartBytesMax = 256L << 20)
{
    /// <summary>DuckDB does nothing useful below this.</summary>
    public const int MemoryMegabytesOfAJobMin = 32;

    /// <summary>Memory of one job, in MiB.</summary>
    public int MemoryMegabytesOfAJob => MemoryMegabytes / JobsMax;

    /// <summary>All mistakes in these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (string.IsNullOrWhiteSpace(TempDirectory)) mistakes.Add("TempDirectory must name a folder.");
        if (Threads < 1) mistakes.Add("Threads must be at least 1.");
        if (JobsMax < 1) mistakes.Add("JobsMax must be at least 1.");
        else if (MemoryMegabytesOfAJob < MemoryMegabytesOfAJobMin)
            mistakes.Add($"MemoryMegabytes must be at least {MemoryMegabytesOfAJobMin} for each of the JobsMax jobs.");
        if (ColumnsMax < 1) mistakes.Add("ColumnsMax must be at least 1.");
        return mistakes;
    }
}
