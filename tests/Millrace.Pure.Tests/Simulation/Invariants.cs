namespace Millrace.Pure.Tests.Simulation;

/// <summary>What must hold of two peers, whatever happens between them.</summary>
internal static class Invariants
{
    public static void AfterStep(Pair pair)
    {
        if (pair.First is not { } first) return;
        KeepsWhatIsFinal(pair);
        LogTells(first);
        LogTells(pair.Second);
        if (pair.Second is null) return;
        Dispute(pair);
        if (first.State == pair.Second.State) return;
        if (pair.IsSilent) Assert.Fail($"The sides differ, and neither knows: {pair}");
        if (pair.IsDisputed) return;
        Explains(first, pair.Second, pair);
        Explains(pair.Second, first, pair);
    }

    public static void AtTheEnd(Run run)
    {
        foreach (var pair in run.Pairs)
        {
            run.Last = pair;
            Assert.True(pair.IsSilent, $"Something is left to say: {pair}");
            if (pair.Second is null) Assert.True(pair.First!.IsTerminated, $"Never opened: {pair}");
            else Assert.True(pair.First!.State == pair.Second.State, $"The sides differ: {pair}");
            if (pair is { First: NegotiationSide { State: "Finalized" } first, Second: NegotiationSide second })
                Assert.Equal(first.Process.Agreement, second.Process.Agreement);
        }
    }

    /// <summary>
    /// What both sides have ended alike stays so, once nothing is under way, and so does a termination. Only what one
    /// side had decided, and the other did not take, becomes a termination.
    /// </summary>
    private static void KeepsWhatIsFinal(Pair pair)
    {
        Keeps(pair.Seen.First, pair.First!.State);
        Keeps(pair.Seen.Second, pair.Second?.State);
        var isCommon = pair.First.State == pair.Second?.State && !IsUnderWay(pair.First) && !IsUnderWay(pair.Second);
        pair.Seen = (pair.First.State, pair.Second?.State, isCommon);

        void Keeps(string? before, string? now)
        {
            if (before != now && IsFinal(before) && (now != "Terminated" || pair.Seen.IsCommon))
                Assert.Fail($"From {before} to {now}: {pair}");
        }
    }

    private static bool IsUnderWay(Side side) => side.Outbox.Exists(p => p.IsUnderWay);

    private static bool IsFinal(string? state) => state is "Finalized" or "Completed" or "Terminated";

    private static void Dispute(Pair pair)
    {
        var (first, second) = (pair.First!, pair.Second!);
        if (pair.IsSilent) pair.IsDisputed = false;
        else if (IsInDoubt(first) || IsInDoubt(second) || (IsUnderWay(first) && IsUnderWay(second)))
            pair.IsDisputed = true;

        static bool IsInDoubt(Side side) => side.Outbox.Exists(p => p.IsRefused || p.Doubt is not null);
    }

    /// <summary>The peer will be where this side is once it has taken what is under way.</summary>
    private static void Explains(Side side, Side peer, Pair pair)
    {
        var underWay = side.Outbox.Where(p => p.IsUnderWay).Select(p => p.Message!).ToList();
        if (underWay.Count == 0 && peer.Outbox.Exists(p => p.IsUnderWay)) return; // The peer is ahead.
        if (peer.After(underWay) != side.State) Assert.Fail($"More apart than what is under way: {pair}");
    }

    /// <summary>
    /// An agreement is in the log exactly once while it is in force, and before that not at all; if it was taken back,
    /// the log says that too.
    /// </summary>
    private static void LogTells(Side? side)
    {
        if (side is not NegotiationSide { Process.Agreement: { } agreement }) return;
        var log = side.Owner.Log;
        var (entries, voided) = (
            log.GetValueOrDefault((Fact.Finalized, agreement.Id)), log.GetValueOrDefault((Fact.Voided, agreement.Id)));
        var isRight = side.State switch
        {
            "Finalized" => (entries, voided) is (1, 0),
            "Terminated" => (entries, voided) is (0, 0) or (1, 1),
            _ => (entries, voided) is (0, 0),
        };
        if (!isRight) Assert.Fail($"{side.Owner.Name} logs it {entries} times, its end {voided} times: {side.Pair}");
    }
}
