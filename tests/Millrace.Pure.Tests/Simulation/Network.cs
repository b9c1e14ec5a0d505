namespace Millrace.Pure.Tests.Simulation;

/// <summary>
/// Between the peers: an exchange may get lost either way, be doubled, take long, be overtaken, and arrive after its
/// sender has given up waiting.
/// </summary>
internal sealed class Network(Run run)
{
    /// <summary>How long a sender waits for an answer.</summary>
    public const int WaitMs = 2_000;

    /// <summary>
    /// The latest that a copy arrives. In the field its token runs out; that is why few answers must be remembered.
    /// </summary>
    private const int DelayMsMax = 3_000;

    // Each run has a network of its own, from a good one to one that hardly works.
    private readonly double _drops = run.Random.NextDouble() * 0.4;
    private readonly double _doubles = run.Random.NextDouble() * 0.4;
    private readonly double _delays = run.Random.NextDouble() * 0.4;

    public bool IsWell { get; set; }

    /// <summary>One HTTP exchange.</summary>
    /// <param name="arrive">What the peer does with it; null if it cannot answer now.</param>
    /// <param name="heard">What the sender does with the answer; null: there is none.</param>
    public void Exchange(Pair pair, Func<Reply?> arrive, Action<Reply?> heard)
    {
        run.After(WaitMs, pair, () => heard(null));
        if (Happens(_drops))
        {
            if (Happens(0.5)) run.After(Delay(), pair, () => heard(null)); // The connection was reset.
            return;
        }
        for (var copies = Happens(_doubles) ? 2 : 1; copies > 0; copies--)
            run.After(Delay(), pair, () =>
            {
                var reply = arrive();
                if (!Happens(_drops)) run.After(Delay(), pair, () => heard(reply));
            });
    }

    private bool Happens(double chance) => !IsWell && run.Random.NextDouble() < chance;

    private int Delay() => run.Random.Next(1, Happens(_delays) ? DelayMsMax : 20);
}
