using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Transfers;
using Millrace.Pure.Tests.OnTheWire;

namespace Millrace.Pure.Tests.Simulation;

/// <summary>An entry of the log.</summary>
internal enum Fact
{
    Finalized,
    Voided,
}

/// <summary>
/// A node without its shell: what it does with messages that come in. State, outbox and log change in one step; a
/// repeat gets the answer that it got before.
/// </summary>
internal sealed class SimulatedPeer
{
    /// <summary>As the node's limits are.</summary>
    public const int AnsweredMessagesMax = 32;

    private readonly Run _run;
    private readonly Flaw _flaw;
    private readonly SimulatedSender _sender;
    private readonly Dictionary<string, Side> _sides = [];
    private readonly Dictionary<string, Side> _opened = [];

    public SimulatedPeer(string name, Run run, Flaw flaw)
    {
        (Name, _run, _flaw) = (name, run, flaw);
        _sender = new SimulatedSender(this, run, flaw);
    }

    public string Name { get; }

    public SimulatedPeer Other { get; set; } = null!;

    public bool IsDown { get; private set; }

    /// <summary>What was agreed and what was taken back, and how often the log says so.</summary>
    public Dictionary<(Fact Fact, string Agreement), int> Log { get; } = [];

    /// <summary>Begins a process: its first message goes out.</summary>
    public void Open(Side side, Message opening)
    {
        _sides.Add(side.Pid, side);
        side.Pair.First = side;
        _sender.Queue(side, opening);
    }

    /// <summary>Takes one step of its own, if the protocol allows one now.</summary>
    public void Act(Side side)
    {
        for (var tries = 0; !IsDown && tries < 3; tries++)
        {
            if (side.Draw(_run.Random, _run.NextId()) is not { } message || side.Send(message) is not null) continue;
            Record(side, message);
            _sender.Queue(side, message);
            return;
        }
    }

    /// <summary>Loses what is only in memory, and is away for a while.</summary>
    public void Crash(int awayMs)
    {
        _run.Note(null, Name, "crashes", null);
        IsDown = true;
        foreach (var side in _sides.Values) _sender.Forget(side);
        _run.After(awayMs, null, () =>
        {
            IsDown = false;
            foreach (var side in _sides.Values) _sender.SendNext(side);
        });
    }

    /// <summary>What has come in, and the answer to it; null: it cannot answer now.</summary>
    public Reply? Receive(Parcel parcel, Side sender)
    {
        if (IsDown || _run.IsUnwell()) return null;
        if (parcel.To is null) return Open(parcel, sender);
        if (!_sides.TryGetValue(parcel.To, out var side)) Assert.Fail($"{Name} does not know {parcel.To}.");
        if (parcel.Message is null) return new Reply(side.Status, null);
        if (side.Answers.HasAccepted(parcel.Id) && _flaw != Flaw.ForgetsWhatItAccepted)
        {
            _run.Tally.Count("repeats");
            return new Reply(side.Status, null);
        }
        if (side.Answers.Again(parcel.Id) is { } again && _flaw != Flaw.ForgetsWhatItRefused)
        {
            _run.Tally.Count("repeats of refused ones");
            return new Reply(null, again);
        }
        return Decide(parcel, parcel.Message, side);
    }

    /// <summary>An agreement of ours that the peer did not take is void.</summary>
    public void Void(NegotiationSide side)
    {
        if (side.Process is not { State: NegotiationState.Finalized, Agreement: { } agreement }) return;
        Add(Fact.Voided, agreement.Id);
        _run.Tally.Count("voided");
    }

    private Reply Decide(Parcel parcel, Message message, Side side)
    {
        // A contract may forbid what the protocol allows.
        var isDenied = message is TransferStarted && side.State == "Suspended" && _run.Random.Next(20) == 0;
        if ((isDenied ? new Refusal("denied", "Not now.") : side.Receive(message)) is { } refusal)
        {
            parcel.IsRefused = true;
            side.Refuse(parcel.Id);
            _run.Tally.Count("refused");
            _run.Note(side.Pair, Name, "refuses", parcel);
            return new Reply(null, refusal);
        }
        parcel.IsAccepted = true;
        side.Accept(parcel.Id);
        Record(side, message);
        _run.Note(side.Pair, Name, "takes", parcel);
        return Answered(side);
    }

    private Reply Open(Parcel parcel, Side sender)
    {
        if (_flaw != Flaw.OpensAgain && _opened.TryGetValue(sender.Pid, out var before))
            return new Reply(before.Status, null);
        if (parcel.Message is ContractRequest { Offer.Id: Run.UnknownOffer }
            or ContractOffer { Offer.Id: Run.UnknownOffer })
        {
            parcel.IsRefused = true;
            return new Reply(null, new Refusal("unknown-offer", "There is no such offer."));
        }
        var (pair, parties) = (sender.Pair, new Parties(Name, Other.Name));
        if (parcel.Message is TransferRequest { AgreementId: var agreement } && !IsInForce(agreement))
            Assert.Fail($"{Name} does not know the agreement of {pair}.");
        Side side = parcel.Message switch
        {
            ContractRequest m => Opened(pair, Negotiation.Open(m, parties, _run.NextId())),
            ContractOffer m => Opened(pair, Negotiation.Open(m, parties, _run.NextId())),
            TransferRequest m => new TransferSide(this, pair, Transfer.Open(m, parties, _run.NextId())),
            _ => throw new InvalidOperationException($"{parcel} opens nothing."),
        };
        if (pair.Second is not null) Assert.Fail($"Opened twice: {pair}");
        parcel.IsAccepted = true;
        pair.Second = _opened[sender.Pid] = _sides[side.Pid] = side;
        return Answered(side);
    }

    private NegotiationSide Opened(Pair pair, Decision<Negotiation> process) => new(this, pair, Golden.Accept(process));

    /// <summary>A node takes its next step in the same unit of work; a person takes it later.</summary>
    private Reply Answered(Side side)
    {
        if (_run.Random.Next(2) == 0) Act(side);
        return new Reply(side.Status, null);
    }

    private bool IsInForce(string agreement) =>
        Log.ContainsKey((Fact.Finalized, agreement)) && !Log.ContainsKey((Fact.Voided, agreement));

    private void Add(Fact fact, string agreement) =>
        Log[(fact, agreement)] = Log.GetValueOrDefault((fact, agreement)) + 1;

    private void Record(Side side, Message message)
    {
        if (message is not NegotiationFinalized || side is not NegotiationSide { Process: var process }) return;
        var agreement = process.Agreement!.Id;
        Add(Fact.Finalized, agreement);
        if (process.Role == Role.Consumer) _run.Agreed(this, agreement);
    }
}
