using Millrace.Protocol;

namespace Millrace.Pure.Tests.Simulation;

/// <summary>
/// One side of a negotiation or transfer. What is decided here is decided by the rules of the protocol; the kinds
/// differ in their messages only.
/// </summary>
internal abstract class Side(SimulatedPeer owner, Pair pair, string pid, string state)
{
    public SimulatedPeer Owner => owner;

    public Pair Pair => pair;

    public string Pid => pid;

    // Stored with the process: a crash leaves it.
    public long Version { get; private set; }

    public string State { get; private set; } = state;

    public Answers Answers { get; private set; } = Answers.None;

    public List<Parcel> Outbox { get; } = [];

    // In memory only.
    public Parcel? InFlight { get; set; }

    public int Attempt { get; set; }

    public abstract string? PeerPid { get; }

    public bool IsTerminated => State == "Terminated";

    /// <summary>Whether answers are compared: only in a transfer can sides differ without a refusal.</summary>
    public abstract bool ComparesAnswers { get; }

    public abstract Message? Status { get; }

    public void Accept(string id) => Answers = Answers.Accept(id, SimulatedPeer.AnsweredMessagesMax);

    public void Refuse(string id) => (Answers, Version) =
        (Answers.Refuse(id, SimulatedPeer.AnsweredMessagesMax), Version + 1);

    /// <summary>A message of the peer.</summary>
    public abstract Refusal? Receive(Message message);

    /// <summary>A message of ours.</summary>
    public abstract Refusal? Send(Message message);

    public abstract Refusal? Acknowledge(Message status);

    public abstract Standing Reconcile(Message status);

    public abstract (Message Message, bool Tells) End(string messageId, Refusal why);

    /// <summary>What this side might say now, most of it likely to be allowed.</summary>
    public abstract Message? Draw(Random random, string messageId);

    /// <summary>The state that this side would be in after these messages of the peer; null: one is refused.</summary>
    public abstract string? After(IEnumerable<Message> messages);

    protected void Changed(string state) => (State, Version) = (state, Version + 1);
}
