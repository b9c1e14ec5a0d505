using CsCheck;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Pure.Tests.OnTheWire;
using static Millrace.Protocol.Negotiations.NegotiationState;
using static Millrace.Pure.Tests.OnTheWire.Samples;

namespace Millrace.Pure.Tests.Negotiations;

/// <summary>Two peers, each with its own record, and between them a queue for each direction.</summary>
public sealed class NegotiationPeersTests
{
    private static readonly Gen<(Role Sender, string Message)> _sending = Gen.Select(
        Gen.Enum<Role>(), Gen.OneOf(NegotiationSamples.Messages.Keys.Select(Gen.Const).ToArray()));

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
                var message = NegotiationSamples.Messages[name];
                var (own, peer) = sender == Role.Consumer ? (consumer, provider) : (provider, consumer);
                var refused = own.Send(message).Refused(out _, out var sent);
                Assert.Equal(refused, peer.Receive(message).Refused(out _, out var received));
                if (refused) continue;
                Assert.False(own.IsFinal, "A message left a final state.");
                (consumer, provider) = sender == Role.Consumer ? (sent!, received!) : (received!, sent!);
                Assert.Equal(consumer.State, provider.State);
                Assert.Equal(consumer.Agreement, provider.Agreement);
                Assert.Equal(consumer.Offers, provider.Offers);
            }
        });

    /// <summary>
    /// Each side sends at most one message before it hears the answer, which may cross the peer's. A side that is
    /// refused, or has heard its answer when nothing else is under way, asks for the state and reconciles; if that ends
    /// the negotiation, it says so. Then both agree.
    /// </summary>
    [Fact]
    public void Messages_that_cross_leave_both_sides_in_the_same_state() =>
        _crossings.Sample(crossings =>
        {
            var (consumer, provider) = Opened();
            var peers = new Dictionary<Role, Negotiation> { [Role.Consumer] = consumer, [Role.Provider] = provider };
            var underWay = new Dictionary<Role, NegotiationMessage>();
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

    [Fact]
    public void The_shortest_way_to_an_agreement_takes_three_more_messages()
    {
        var (consumer, provider) = Opened();
        foreach (var (sender, name) in new[]
                 {
                     (Role.Provider, "agreement"), (Role.Consumer, "verified"), (Role.Provider, "finalized"),
                 })
        {
            var message = NegotiationSamples.Messages[name];
            consumer = Golden.Accept(sender == Role.Consumer ? consumer.Send(message) : consumer.Receive(message));
            provider = Golden.Accept(sender == Role.Provider ? provider.Send(message) : provider.Receive(message));
        }

        Assert.Equal((Finalized, Finalized), (consumer.State, provider.State));
        Assert.Equal(Agreement, consumer.Agreement);
    }

    /// <summary>One of the messages that may be sent now; seldom the one that ends it all.</summary>
    private static NegotiationMessage? Choose(Negotiation own, int pick)
    {
        var possible = NegotiationSamples.Messages
            .Where(m => m.Key != "ended" || pick % 8 == 0)
            .Select(m => m.Value).Where(m => !own.Send(m).Refused(out _, out _)).ToList();
        return possible.Count == 0 ? null : possible[pick % possible.Count];
    }

    private static (Negotiation Consumer, Negotiation Provider) Opened() =>
        (NegotiationSamples.Opened(Role.Consumer), NegotiationSamples.Opened(Role.Provider));
}
