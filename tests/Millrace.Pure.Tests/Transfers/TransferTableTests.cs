using Millrace.Protocol;
using Millrace.Protocol.Transfers;
using Millrace.Pure.Tests.OnTheWire;

namespace Millrace.Pure.Tests.Transfers;

/// <summary>Every state, every message, each sender, seen from each side.</summary>
public sealed class TransferTableTests
{
    // One row for a message and its sender, one column for a state; "-" stands for a refusal.
    private const string Arrows = """
                       REQUESTED   STARTED     SUSPENDED   COMPLETED   TERMINATED
        C request      REQUESTED   STARTED     SUSPENDED   COMPLETED   TERMINATED
        P request      -           -           -           -           -
        C started      -           -           STARTED     -           -
        P started      STARTED     -           STARTED     -           -
        C completed    -           COMPLETED   -           -           -
        P completed    -           COMPLETED   -           -           -
        C suspended    -           SUSPENDED   -           -           -
        P suspended    -           SUSPENDED   -           -           -
        C ended        TERMINATED  TERMINATED  TERMINATED  -           -
        P ended        TERMINATED  TERMINATED  TERMINATED  -           -
        C status       -           -           -           -           -
        P status       -           -           -           -           -
        C refused      -           -           -           -           -
        P refused      -           -           -           -           -
        """;

    public static TheoryData<Role, TransferState, Role, string, string> Cells
    {
        get
        {
            var cells = new TheoryData<Role, TransferState, Role, string, string>();
            foreach (var row in Arrows.Split('\n').Skip(1).Select(Words))
                foreach (var state in Enum.GetValues<TransferState>())
                    foreach (var own in Enum.GetValues<Role>())
                        cells.Add(own, state, Sender(row[0]), row[1], row[2 + (int)state]);
            return cells;
        }
    }

    [Fact]
    public void The_table_has_every_state_in_order() =>
        Assert.Equal(
            Enum.GetNames<TransferState>().Select(name => name.ToUpperInvariant()), Words(Arrows.Split('\n')[0]));

    [Theory, MemberData(nameof(Cells))]
    public void A_message_leads_where_the_diagram_says(
        Role own, TransferState state, Role sender, string message, string expected)
    {
        var transfer = TransferSamples.In(own, state);
        var decision = sender == own
            ? transfer.Send(TransferSamples.Messages[message])
            : transfer.Receive(TransferSamples.Messages[message]);
        if (expected == "-") Assert.Equal("bad-transition", Golden.Refuse(decision).Code);
        else Assert.Equal(expected, Golden.Accept(decision).State.ToString().ToUpperInvariant());
    }

    private static Role Sender(string letter) => letter == "C" ? Role.Consumer : Role.Provider;

    private static string[] Words(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
