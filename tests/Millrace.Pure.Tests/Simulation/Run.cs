using System.Globalization;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Transfers;
using Millrace.Pure.Tests.OnTheWire;

namespace Millrace.Pure.Tests.Simulation;

/// <summary>
/// One history of two peers: everything in it, time included, comes from its seed. First a time of trouble, then the
/// network heals and nobody acts any more.
/// </summary>
internal sealed class Run
{
    public const string UnknownOffer = "urn:unknown";

    private const int TroubleMs = 15_000;
    private const int StepsMax = 1_000_000;

    private readonly PriorityQueue<(Pair? Pair, Action Step), (long At, long Order)> _queue = new();
    private readonly List<(Pair? Pair, string Note)>? _notes;
    private readonly List<Pair> _pairs = [];
    private readonly IReadOnlyList<SimulatedPeer> _peers;
    private long _order;
    private int _ids;

    /// <param name="notes">Takes down the last steps; it costs time.</param>
    public Run(int seed, Flaw flaw = Flaw.None, bool notes = false)
    {
        Random = new Random(seed);
        Network = new Network(this);
        _notes = notes ? new() : null;
        var alice = new SimulatedPeer("did:web:alice", this, flaw);
        var bob = new SimulatedPeer("did:web:bob", this, flaw);
        (alice.Other, bob.Other) = (bob, alice);
        _peers = [alice, bob];
    }

    public Random Random { get; }

    public Network Network { get; }

    public Tally Tally { get; } = new();

    public long Now { get; private set; }

    /// <summary>The process that the last step was about.</summary>
    public Pair? Last { get; set; }

    public IReadOnlyList<Pair> Pairs => _pairs;

    /// <summary>Lives through the whole history, and checks the invariants after each step.</summary>
    public void Execute()
    {
        // Hundreds of processes in few runs, dozens in most: the more seeds the better.
        for (var i = Random.Next(50) == 0 ? 300 : 30; i > 0; i--)
            After(Random.Next(TroubleMs / 2), null, OpenNegotiation);
        for (var crashes = Random.Next(4); crashes > 0; crashes--)
        {
            var (peer, away) = (_peers[Random.Next(2)], Random.Next(1, 3_000));
            After(Random.Next(TroubleMs), null, () => peer.Crash(away));
        }
        After(TroubleMs, null, () => Network.IsWell = true);
        for (var steps = 0; _queue.TryDequeue(out var next, out var due); steps++)
        {
            Assert.True(steps < StepsMax, "It never comes to rest.");
            Now = due.At;
            next.Step();
            if (next.Pair is { } pair)
            {
                Last = pair;
                Invariants.AfterStep(pair);
            }
        }
        Invariants.AtTheEnd(this);
        foreach (var pair in _pairs) Tally.Count($"{pair.Kind} {pair.First!.State}");
    }

    public void After(int ms, Pair? pair, Action step) => _queue.Enqueue((pair, step), (Now + ms, _order++));

    public string NextId() => string.Create(CultureInfo.InvariantCulture, $"urn:{_ids++}");

    public static string IdOf(Message message) => message switch
    {
        NegotiationMessage m => m.Id!,
        TransferMessage m => m.Id!,
        _ => throw new ArgumentException("A message of a process has an id.", nameof(message)),
    };

    /// <summary>A peer that answers 503 now and then.</summary>
    public bool IsUnwell() => !Network.IsWell && Random.Next(20) == 0;

    /// <summary>An agreement is in force at its consumer: access is asked for.</summary>
    public void Agreed(SimulatedPeer consumer, string agreement)
    {
        for (var transfers = Random.Next(1, 5); transfers > 0; transfers--)
            After(Random.Next(1, 500), null, () => OpenTransfer(consumer, agreement));
    }

    /// <summary>Takes down what a peer did about a process, or about all.</summary>
    public void Note(Pair? pair, string peer, string what, Parcel? parcel) =>
        _notes?.Add((pair, string.Create(CultureInfo.InvariantCulture, $"{Now,6} ms {peer} {what} {parcel} {pair}")));

    /// <summary>What happened to the process of the last step.</summary>
    public IEnumerable<string> Notes(int notesMax) =>
        (_notes ?? []).Where(n => n.Pair is null || n.Pair == Last).Select(n => n.Note).TakeLast(notesMax);

    private void OpenNegotiation()
    {
        var (peer, pid) = (_peers[Random.Next(2)], NextId());
        var parties = new Parties(peer.Name, peer.Other.Name);
        var offer = Random.Next(10) == 0 ? Samples.Offer with { Id = UnknownOffer } : Samples.Offer;
        var pair = Add("negotiation", pid);
        if (Random.Next(3) == 0)
        {
            var first = new ContractOffer(NextId(), null, pid, offer, Samples.ProviderBase);
            Open(peer, pair, Golden.Accept(Negotiation.Start(first, parties, Samples.ConsumerBase)), first);
        }
        else
        {
            var first = new ContractRequest(NextId(), pid, null, offer, Samples.ConsumerBase);
            Open(peer, pair, Golden.Accept(Negotiation.Start(first, parties, Samples.ProviderBase)), first);
        }
    }

    private void Open(SimulatedPeer peer, Pair pair, Negotiation process, Message opening)
    {
        peer.Open(new NegotiationSide(peer, pair, process), opening);
        ActOften(pair, Random.Next(8, 24));
    }

    private void OpenTransfer(SimulatedPeer peer, string agreement)
    {
        var pid = NextId();
        var request = new TransferRequest(NextId(), pid, agreement, "HttpData-PULL", Samples.ConsumerBase);
        var pair = Add("transfer", pid);
        var process = Transfer.Start(request, new Parties(peer.Name, peer.Other.Name), Samples.ProviderBase);
        peer.Open(new TransferSide(peer, pair, process), request);
        ActOften(pair, Random.Next(2, 32));
    }

    private Pair Add(string kind, string pid)
    {
        var pair = new Pair(kind, pid);
        _pairs.Add(pair);
        return pair;
    }

    /// <summary>Either side takes a step, seldom twice within the time in which a copy may come late.</summary>
    private void ActOften(Pair pair, int times)
    {
        if (times == 0) return;
        After(Random.Next(100, 400), pair, () =>
        {
            if (Network.IsWell) return;
            var side = Random.Next(2) == 0 ? pair.First : pair.Second;
            side?.Owner.Act(side);
            ActOften(pair, times - 1);
        });
    }
}
