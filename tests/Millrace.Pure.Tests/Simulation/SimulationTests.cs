using System.Collections.Concurrent;
using System.Globalization;

namespace Millrace.Pure.Tests.Simulation;

/// <summary>
/// Two peers over a network that loses, doubles, delays and reorders, and that crash now and then. A failure names its
/// seed; MILLRACE_SIMULATION_SEED runs that one alone, MILLRACE_TESTS=full runs many more.
/// </summary>
public sealed class SimulationTests
{
    private const int Seeds = 2_000;
    private const int SeedsOfFull = 100_000;
    private const int SeedsOfFlaw = 1_000;
    private const int SeedsOfTally = 100;
    private const int NotesMax = 60;

    private static bool IsFull => Environment.GetEnvironmentVariable("MILLRACE_TESTS") == "full";

    [Fact]
    public void Whatever_happens_two_peers_differ_only_by_what_is_under_way_and_agree_in_the_end()
    {
        var given = Setting("MILLRACE_SIMULATION_SEED");
        var first = given ?? Random.Shared.Next(int.MaxValue - SeedsOfFull);
        var count = given is not null ? 1 : IsFull ? SeedsOfFull : Seeds;
        var failed = new ConcurrentBag<int>();
        Parallel.For(first, first + count, (seed, loop) =>
        {
            if (Failure(new Run(seed)) is null) return;
            failed.Add(seed);
            loop.Break();
        });
        if (failed.IsEmpty) return;
        var run = new Run(failed.Min(), notes: true);
        var failure = Failure(run);
        Assert.Fail($"MILLRACE_SIMULATION_SEED={failed.Min()}\n{failure}\n{string.Join('\n', run.Notes(NotesMax))}");
    }

    [Theory]
    [InlineData(Flaw.ForgetsWhatItAccepted)]
    [InlineData(Flaw.ForgetsWhatItRefused)]
    [InlineData(Flaw.OpensAgain)]
    [InlineData(Flaw.EndsUnasked)]
    [InlineData(Flaw.OverlooksAnswers)]
    [InlineData(Flaw.TrustsOldAnswers)]
    [InlineData(Flaw.LosesItsOutbox)]
    public void A_peer_with_a_flaw_is_caught(Flaw flaw) =>
        Assert.Contains(Enumerable.Range(1, SeedsOfFlaw), seed => Failure(new Run(seed, flaw)) is not null);

    [Fact]
    public void A_history_is_the_same_again_from_its_seed()
    {
        var (once, again) = (new Run(1, notes: true), new Run(1, notes: true));
        Assert.Null(Failure(once));
        Assert.Null(Failure(again));
        Assert.Equal(once.Notes(int.MaxValue), again.Notes(int.MaxValue));
    }

    [Fact]
    public void Histories_meet_what_they_are_to_meet()
    {
        var tally = new Tally();
        for (var seed = 1; seed <= SeedsOfTally; seed++)
        {
            var run = new Run(seed);
            run.Execute();
            tally.Add(run.Tally);
        }
        string[] expected =
        [
            "repeats", "refused", "repeats of refused ones", "Settled", "AskAgain", "End", "voided",
            "negotiation Finalized", "negotiation Terminated", "transfer Completed", "transfer Terminated",
        ];
        Assert.All(expected, what => Assert.True(tally[what] > SeedsOfTally / 10, $"{what}: {tally}"));
    }

    private static string? Failure(Run run)
    {
        try
        {
            run.Execute();
            return null;
        }
        catch (Exception broken)
        {
            return broken.Message;
        }
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var n) ? n : null;
}
