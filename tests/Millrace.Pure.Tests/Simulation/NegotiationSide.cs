using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Millrace.Pure.Tests.OnTheWire;

namespace Millrace.Pure.Tests.Simulation;

internal sealed class NegotiationSide(SimulatedPeer owner, Pair pair, Negotiation process)
    : Side(owner, pair, process.OwnPid, process.State.ToString())
{
    private static readonly DateTimeOffset _agreedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Negotiation Process { get; private set; } = process;

    public override string? PeerPid => Process.PeerPid;

    public override bool ComparesAnswers => false;

    public override Message? Status => Process.Status();

    public override Refusal? Receive(Message message) => Set(Process.Receive((NegotiationMessage)message));

    public override Refusal? Send(Message message) => Set(Process.Send((NegotiationMessage)message));

    public override Refusal? Acknowledge(Message status) => Set(Process.Acknowledge((NegotiationStatus)status));

    public override Standing Reconcile(Message status) => Process.Reconcile((NegotiationStatus)status);

    public override (Message Message, bool Tells) End(string messageId, Refusal why)
    {
        var (next, message, tells) = Process.End(messageId, why);
        Set(next);
        return (message, tells);
    }

    public override Message? Draw(Random random, string messageId)
    {
        if (Process.PeerPid is not { } peer) return null;
        var (consumer, provider) = (Process.ConsumerPid!, Process.ProviderPid!);
        if (random.Next(50) == 0) return new NegotiationEnded(messageId, consumer, provider, "enough", ["Enough."]);
        return (Process.Role, random.Next(3)) switch
        {
            (Role.Consumer, 0) => new ContractRequest(messageId, consumer, provider, Samples.Offer, null),
            (Role.Consumer, 1) => new OfferAccepted(messageId, consumer, provider),
            (Role.Consumer, _) => new AgreementVerified(messageId, consumer, provider),
            (Role.Provider, 0) => new ContractOffer(messageId, consumer, provider, Samples.Offer, null),
            (Role.Provider, 1) => new ContractAgreement(messageId, consumer, provider, Agreement(messageId)),
            _ => new NegotiationFinalized(messageId, consumer, provider),
        };
    }

    public override string? After(IEnumerable<Message> messages)
    {
        var process = Process;
        foreach (var message in messages.Cast<NegotiationMessage>())
        {
            if (process.Receive(message).Refused(out _, out var next)) return null;
            process = next;
        }
        return process.State.ToString();
    }

    private Policy Agreement(string messageId) => Process.LastOffer.Offer with
    {
        Kind = PolicyKind.Agreement,
        Id = $"agreement of {messageId}",
        Assigner = Process.Parties.Self,
        Assignee = Process.Peer,
        Timestamp = _agreedAt,
    };

    private Refusal? Set(Decision<Negotiation> decision)
    {
        if (decision.Refused(out var refusal, out var next)) return refusal;
        Process = next;
        Changed(next.State.ToString());
        return null;
    }
}
