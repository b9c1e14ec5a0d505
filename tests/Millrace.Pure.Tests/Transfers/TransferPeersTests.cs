using CsCheck;
using Millrace.Protocol;
using Millrace.Protocol.Transfers;
using Millrace.Pure.Tests.OnTheWire;

namespace Millrace.Pure.Tests.Transfers;

/// <summary>Two peers, each with its own record, and between them a queue for each direction.</summary>
public sealed class TransferPeersTests
{
    private static readonly Gen<(Role Sender, string Message)> _sending = Gen.Select(
        Gen.Enum<Role>(), Gen.OneOf(TransferSamples.Messages.Keys.Select(Gen.Const).ToArray()));

    private static readonly Gen<(Role Sender, string Message)[]> _history = Gen.Select(
        _sending.Array[0, 200], Gen.Bool, (steps, ends) => steps.Where(s => ends || s.Message != "ended").ToArray());

    private static readonly Gen<(Role Sender, int Pick, bool Delivers)[]> _crossings =
        Gen.Select(Gen.Enum<Role>(), Gen.Int[0, 1000], Gen.Bool).Array[0, 40];

    [Fact]
    public void What_one_side_may_send_the_other_accepts_and_both_are_in_the_same_state() =>
        _history.Sample(history =>
        {
            var (consumer, provider) = Opened();
            foreach (var (sender, name) in history)
            {
                var message = TransferSamples.Messages[name];
                var (own, peer) = sender == Role.Consumer ? (consumer, provider) : (provider, consumer);
                var refused = own.Send(message).Refused(out _, out var sent);
                Assert.Equal(refused, peer.Receive(message).Refused(out _, out var received));
                if (refused) continue;
                Assert.False(own.IsFinal && name != "request", "A message left a final state.");
                (consumer, provider) = sender == Role.Consumer ? (sent!, received!) : (received!, sent!);
                Assert.Equal(consumer.State, provider.State);
                Assert.Equal(consumer.DataAddress, provider.DataAddress);
            }
        });

    /// <summary>
    /// Each side sends at most one message before it hears the answer, which may cross the peer's. A side that is
    /// refused, or has heard its answer when nothing else is under way, asks for the state and reconciles; if that ends
    /// the transfer, it says so. Then both agree.
    /// </summary>
    [Fact]
    public void Messages_that_cross_leave_both_sides_in_the_same_state() =>
        _crossings.Sample(crossings =>
        {
            var (consumer, provider) = Opened();
            var peers = new Dictionary<Role, Transfer> { [Role.Consumer] = consumer, [Role.Provider] = provider };
            var underWay = new Dictionary<Role, TransferMessage>();
            foreach (var (sender, pick, delivers) in crossings)
            {
                if (!underWay.ContainsKey(sender) && Choose(peers[sender], pick) is { } message)
                    (peers[sender], underWay[sender]) = (Golden.Accept(peers[sender].Send(message)), message);
                if (delivers) Deliver(sender == Role.Consumer ? Role.Provider : Role.Consumer);
            }

            Deliver(Role.Consumer);
            Deliver(Role.Provider);
            Assert.Equal(peers[Role.Consumer].State, peers[Role.Provider].State);

            void Deliver(Role from)
            {
                if (!underWay.Remove(from, out var message)) return;
                var to = from == Role.Consumer ? Role.Provider : Role.Consumer;
                var refused = peers[to].Receive(message).Refused(out _, out var received);
                if (!refused) peers[to] = received!;
                if (!refused && underWay.Count > 0) return;
                if (peers[from].Reconcile(peers[to].Status()!) == Standing.Same) return;
                (peers[from], var ended, var tells) = peers[from].End("urn:end", new Refusal("no", "They differ."));
                if (tells && !peers[to].Receive(ended).Refused(out _, out var told))
                    peers[to] = told;
            }
        });

    /// <summary>One of the messages that may be sent now; seldom the one that ends it all.</summary>
    private static TransferMessage? Choose(Transfer own, int pick)
    {
        var possible = TransferSamples.Messages
            .Where(m => m.Key != "ended" || pick % 8 == 0)
            .Select(m => m.Value).Where(m => !own.Send(m).Refused(out _, out _)).ToList();
        return possible.Count == 0 ? null : possible[pick % possible.Count];
    }

    private static (Transfer Consumer, Transfer Provider) Opened() =>
        (TransferSamples.Opened(Role.Consumer), TransferSamples.Opened(Role.Provider));
}
