using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Pure.Tests.OnTheWire;
using static Millrace.Protocol.Negotiations.NegotiationState;

namespace Millrace.Pure.Tests.Negotiations;

/// <summary>Every state, every message, each sender, seen from each side.</summary>
public sealed class NegotiationTableTests
{
    // One row for a message and its sender, one column for a state; "-" stands for a refusal.
    private const string Arrows = """
                       REQUESTED   OFFERED     ACCEPTED    AGREED      VERIFIED    FINALIZED  TERMINATED
        C request      -           REQUESTED   -           -           -           -          -
        P request      -           -           -           -           -           -          -
        C offer        -           -           -           -           -           -          -
        P offer        OFFERED     -           -           -           -           -          -
        C accepted     -           ACCEPTED    -           -           -           -          -
        P accepted     -           -           -           -           -           -          -
        C agreement    -           -           -           -           -           -          -
        P agreement    AGREED      -           AGREED      -           -           -          -
        C verified     -           -           -           VERIFIED    -           -          -
        P verified     -           -           -           -           -           -          -
        C finalized    -           -           -           -           -           -          -
        P finalized    -           -           -           -           FINALIZED   -          -
        C ended        TERMINATED  TERMINATED  TERMINATED  TERMINATED  TERMINATED  -          -
        P ended        TERMINATED  TERMINATED  TERMINATED  TERMINATED  TERMINATED  -          -
        C status       -           -           -           -           -           -          -
        P status       -           -           -           -           -           -          -
        C refused      -           -           -           -           -           -          -
        P refused      -           -           -           -           -           -          -
        """;

    public static TheoryData<Role, NegotiationState, Role, string, string> Cells
    {
        get
        {
            var cells = new TheoryData<Role, NegotiationState, Role, string, string>();
            foreach (var row in Arrows.Split('\n').Skip(1).Select(Words))
                foreach (var state in Enum.GetValues<NegotiationState>())
                    foreach (var own in Enum.GetValues<Role>())
                        cells.Add(own, state, Sender(row[0]), row[1], row[2 + (int)state]);
            return cells;
        }
    }

    public static MatrixTheoryData<Role, NegotiationState> States { get; } =
        new(Enum.GetValues<Role>(), Enum.GetValues<NegotiationState>());

    [Fact]
    public void The_table_has_every_state_in_order() =>
        Assert.Equal(
            Enum.GetNames<NegotiationState>().Select(name => name.ToUpperInvariant()),
            Words(Arrows.Split('\n')[0]));

    [Theory, MemberData(nameof(Cells))]
    public void A_message_leads_where_the_diagram_says(
        Role own, NegotiationState state, Role sender, string message, string expected)
    {
        var negotiation = NegotiationSamples.In(own, state);
        var decision = sender == own
            ? negotiation.Send(NegotiationSamples.Messages[message])
            : negotiation.Receive(NegotiationSamples.Messages[message]);
        if (expected != "-")
        {
            Assert.Equal(expected, Golden.Accept(decision).State.ToString().ToUpperInvariant());
            return;
        }

        var ownOffer = (state, sender, message) == (Requested, Role.Consumer, "accepted");
        Assert.Equal(ownOffer ? "own-offer" : "bad-transition", Golden.Refuse(decision).Code);
    }

    [Theory, MemberData(nameof(States))]
    public void Whose_turn_it_is_can_send_more_than_an_ending_and_nobody_else_can(Role own, NegotiationState state)
    {
        var negotiation = NegotiationSamples.In(own, state);
        var senders =
            from message in NegotiationSamples.Messages.Values
            where message is not NegotiationEnded
            from sender in Enum.GetValues<Role>()
            let decision = sender == own ? negotiation.Send(message) : negotiation.Receive(message)
            where !decision.Refused(out _, out _)
            select sender;
        Assert.Equal(negotiation.Turn is { } turn ? [turn] : [], senders.Distinct());
    }

    private static Role Sender(string letter) => letter == "C" ? Role.Consumer : Role.Provider;

    private static string[] Words(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
