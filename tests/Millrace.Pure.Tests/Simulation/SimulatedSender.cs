using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Transfers;

namespace Millrace.Pure.Tests.Simulation;

/// <summary>
/// The other half of a node without its shell: messages of a process leave one by one and are repeated until they are
/// answered; what the answers lead to.
/// </summary>
internal sealed class SimulatedSender(SimulatedPeer peer, Run run, Flaw flaw)
{
    private const int QuestionsMax = 10;
    private const int PauseMs = 100;
    private const int PauseMsMax = 60_000;

    public void Queue(Side side, Message message)
    {
        var opens = message is TransferRequest or ContractRequest { ProviderPid: null }
            or ContractOffer { ConsumerPid: null };
        var parcel = new Parcel { Id = Run.IdOf(message), To = opens ? null : side.PeerPid, Message = message };
        run.Note(side.Pair, peer.Name, "decides", parcel);
        Add(side, parcel);
    }

    /// <summary>Sends the oldest message; a question waits until no message is left.</summary>
    public void SendNext(Side side)
    {
        var parcel = side.Outbox.Find(p => p.Message is not null) ?? side.Outbox.FirstOrDefault();
        if (peer.IsDown || side.InFlight is not null || parcel is null) return;
        if (parcel.Due > run.Now)
        {
            run.After((int)(parcel.Due - run.Now), side.Pair, () => SendNext(side));
            return;
        }
        var attempt = ++side.Attempt;
        side.InFlight = parcel;
        run.Note(side.Pair, peer.Name, "sends", parcel);
        run.Network.Exchange(side.Pair, () => peer.Other.Receive(parcel, side), reply =>
        {
            if (side.Attempt != attempt) return; // Answered before, given up, or sent before a crash.
            side.Attempt++;
            side.InFlight = null;
            Hear(side, parcel, reply);
            var heard = reply is null ? "hears nothing to" : reply.Refusal is null ? "hears yes to" : "hears no to";
            run.Note(side.Pair, peer.Name, heard, parcel);
            SendNext(side);
        });
    }

    /// <summary>A crash: whether a message has been answered is not known any more.</summary>
    public void Forget(Side side)
    {
        (side.InFlight, side.Attempt) = (null, side.Attempt + 1);
        if (flaw == Flaw.LosesItsOutbox) side.Outbox.Clear();
    }

    private void Add(Side side, Parcel parcel)
    {
        side.Outbox.Add(parcel);
        run.After(0, side.Pair, () => SendNext(side));
    }

    private void Hear(Side side, Parcel parcel, Reply? reply)
    {
        if (reply is null)
        {
            parcel.Due = run.Now + Pause(parcel.Attempts++);
            return;
        }
        side.Outbox.Remove(parcel);
        if (parcel.Doubt is { } doubt) Weigh(side, doubt, reply.Status);
        else if (reply.Refusal is { } refusal) Refused(side, refusal);
        else Delivered(side, parcel, reply.Status!);
    }

    private void Delivered(Side side, Parcel parcel, Message status)
    {
        if (side.PeerPid is null) Assert.Null(side.Acknowledge(status));
        else if (parcel.To is not null && side.ComparesAnswers && flaw != Flaw.OverlooksAnswers
            && side.Reconcile(status) != Standing.Same)
        {
            Ask(side, new Doubt(side.Version, 0, new Refusal("state-differs", "The peer is in another state.")));
        }
    }

    private void Refused(Side side, Refusal refusal)
    {
        if (side.PeerPid is null || flaw == Flaw.EndsUnasked) End(side, refusal);
        else Ask(side, new Doubt(side.Version, 0, refusal));
    }

    private void Ask(Side side, Doubt doubt)
    {
        if (side.IsTerminated || HasMessages(side)) return; // What is still to be sent will tell by its own answer.
        side.Outbox.Clear(); // An older question is answered by this one.
        var due = run.Now + (doubt.Asked == 0 ? 0 : Pause(doubt.Asked));
        Add(side, new Parcel { Id = run.NextId(), To = side.PeerPid, Doubt = doubt, Due = due });
    }

    private void Weigh(Side side, Doubt doubt, Message? status)
    {
        if (side.IsTerminated) return;
        var standing = status is null ? Standing.Unsaid : side.Reconcile(status);
        var version = flaw == Flaw.TrustsOldAnswers ? doubt.Version : side.Version;
        var verdict = doubt.Weigh(standing, version, QuestionsMax);
        run.Tally.Count($"{verdict}");
        if (verdict == Verdict.AskAgain) Ask(side, doubt.Again(side.Version));
        else if (verdict == Verdict.End && !HasMessages(side)) End(side, doubt.Refusal);
    }

    private void End(Side side, Refusal why)
    {
        if (side.IsTerminated) return;
        side.Pair.IsDisputed = true;
        if (side is NegotiationSide negotiation) peer.Void(negotiation);
        var (message, tells) = side.End(run.NextId(), why);
        if (tells) Queue(side, message);
    }

    private static bool HasMessages(Side side) => side.Outbox.Exists(p => p.Message is not null);

    private static long Pause(int attempts) => Math.Min(PauseMs * (1L << Math.Min(attempts, 20)), PauseMsMax);
}
