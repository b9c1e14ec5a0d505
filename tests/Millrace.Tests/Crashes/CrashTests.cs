using System.Globalization;
using Millrace.Tests.Databases;
using Millrace.Tests.Scale;

namespace Millrace.Tests.Crashes;

/// <summary>
/// Kill -9 at any moment and start again: nothing lost, nothing doubled, both sides agree. One side works on SQLite,
/// the other on PostgreSQL, and both ways round, so that each database is killed in each role.
/// </summary>
/// <remarks>
/// The loops are counted for each of the two pairs, which run side by side: 200 in all. A failure names its seed; the
/// environment variables MILLRACE_CRASH_SEED and MILLRACE_CRASH_LOOPS run it again, MILLRACE_TESTS=full runs ten times
/// as many.
/// </remarks>
public sealed class CrashTests(PostgresServer postgres)
{
    private const int Loops = 100;
    private const int LoopsOfFull = 1000;

    [Fact]
    public async Task Two_nodes_that_are_killed_at_any_moment_lose_nothing_and_double_nothing()
    {
        var seed = Setting("MILLRACE_CRASH_SEED") ?? Random.Shared.Next();
        var loops = Setting("MILLRACE_CRASH_LOOPS") ?? (FullRun.IsOn ? LoopsOfFull : Loops);
        var cancel = TestContext.Current.CancellationToken;
        await using var sqliteProvider = new CrashRun(null, await postgres.CreateDatabaseAsync(), seed, cancel);
        await using var postgresProvider = new CrashRun(await postgres.CreateDatabaseAsync(), null, seed + 1, cancel);
        Task[] runs = [sqliteProvider.RunAsync(loops), postgresProvider.RunAsync(loops)];
        var first = await Task.WhenAny(runs);
        if (!first.IsCompletedSuccessfully)
            await Task.WhenAll(sqliteProvider.CancelAsync(), postgresProvider.CancelAsync());
        await first; // The one that failed by itself.
        await Task.WhenAll(runs);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var n) ? n : null;
}
