namespace Millrace.Tests.Crashes;

/// <summary>One read: the format, and how many of the first bytes; null: all.</summary>
internal sealed record PlannedRead(string Format, long? PartBytes)
{
    public static PlannedRead Draw(Random random) =>
        new(random.Next(2) == 0 ? "csv" : "parquet", random.Next(3) == 0 ? random.Next(1, 5000) : null);
}

/// <summary>What happens in one loop, drawn from the seed.</summary>
/// <param name="KillsProvider">Which of the two nodes dies.</param>
/// <param name="KillAfter">When, counted from the first request.</param>
/// <param name="KillStartAfter">When the start that follows is killed too; null: it is not.</param>
/// <param name="After">The read that is tried after a withdrawal.</param>
internal sealed record Plot(
    bool KillsProvider, TimeSpan KillAfter, TimeSpan? KillStartAfter, bool Publishes, IReadOnlyList<PlannedRead> Reads,
    bool Completes, bool Withdraws, PlannedRead After)
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(700);

    /// <param name="workTime">How long the work of a loop takes about.</param>
    public static Plot Draw(Random random, TimeSpan workTime) => new(
        random.Next(2) == 0, workTime * random.NextDouble(),
        random.Next(5) == 0 ? StartTime * random.NextDouble() : null, random.Next(3) == 0,
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => PlannedRead.Draw(random))], random.Next(2) == 0,
        random.Next(3) == 0, PlannedRead.Draw(random));
}
