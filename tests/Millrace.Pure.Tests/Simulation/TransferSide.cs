using Millrace.Protocol;
using Millrace.Protocol.Transfers;
using Millrace.Pure.Tests.OnTheWire;

namespace Millrace.Pure.Tests.Simulation;

internal sealed class TransferSide(SimulatedPeer owner, Pair pair, Transfer process)
    : Side(owner, pair, process.OwnPid, process.State.ToString())
{
    public Transfer Process { get; private set; } = process;

    public override string? PeerPid => Process.PeerPid;

    public override bool ComparesAnswers => true;

    public override Message? Status => Process.Status();

    public override Refusal? Receive(Message message) => Set(Process.Receive((TransferMessage)message));

    public override Refusal? Send(Message message) => Set(Process.Send((TransferMessage)message));

    public override Refusal? Acknowledge(Message status) => Set(Process.Acknowledge((TransferStatus)status));

    public override Standing Reconcile(Message status) => Process.Reconcile((TransferStatus)status);

    public override (Message Message, bool Tells) End(string messageId, Refusal why)
    {
        var (next, message, tells) = Process.End(messageId, why);
        Set(next);
        return (message, tells);
    }

    public override Message? Draw(Random random, string messageId)
    {
        if (Process.PeerPid is null) return null;
        var (consumer, provider) = (Process.ConsumerPid!, Process.ProviderPid!);
        return random.Next(60) switch
        {
            0 => new TransferEnded(messageId, consumer, provider, "enough", ["Enough."]),
            1 or 2 => new TransferCompleted(messageId, consumer, provider),
            < 31 => new TransferSuspended(messageId, consumer, provider, "later", ["Later."]),
            _ => new TransferStarted(
                messageId, consumer, provider, Process.Role == Role.Provider ? Samples.Address : null),
        };
    }

    public override string? After(IEnumerable<Message> messages)
    {
        var process = Process;
        foreach (var message in messages.Cast<TransferMessage>())
        {
            if (!process.Receive(message).Refused(out _, out var next)) process = next;
            // After a resumption was refused, each side may believe that the other suspended, which no state tells.
            // Then a hold of the provider may be refused, and nothing is lost: both are suspended.
            else if (message is not TransferSuspended || process.State != TransferState.Suspended) return null;
        }
        return process.State.ToString();
    }

    private Refusal? Set(Decision<Transfer> decision)
    {
        if (decision.Refused(out var refusal, out var next)) return refusal;
        Process = next;
        Changed(next.State.ToString());
        return null;
    }
}
