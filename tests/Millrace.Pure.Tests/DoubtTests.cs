using Millrace.Protocol;

namespace Millrace.Pure.Tests;

public sealed class DoubtTests
{
    private static readonly Doubt _doubt = new(7, 0, new Refusal("no", "Not with me."));

    [Theory]
    [InlineData(Standing.Same, 7, 0, Verdict.Settled)]
    [InlineData(Standing.Same, 8, 0, Verdict.Settled)]
    [InlineData(Standing.PeerAhead, 7, 0, Verdict.AskAgain)]
    [InlineData(Standing.PeerAhead, 7, 2, Verdict.AskAgain)]
    [InlineData(Standing.PeerAhead, 7, 3, Verdict.End)] // Its message should have come by now.
    [InlineData(Standing.Apart, 7, 0, Verdict.End)]
    [InlineData(Standing.Apart, 8, 0, Verdict.AskAgain)] // We have moved since: the answer is older than that.
    [InlineData(Standing.PeerAhead, 8, 3, Verdict.AskAgain)]
    [InlineData(Standing.Unsaid, 7, 0, Verdict.End)]
    [InlineData(Standing.Unsaid, 8, 0, Verdict.AskAgain)]
    public void The_answer_of_the_peer_decides(Standing standing, long version, int asked, Verdict expected) =>
        Assert.Equal(expected, (_doubt with { Asked = asked }).Weigh(standing, version, 3));

    [Theory]
    [InlineData(Standing.Unsaid, Verdict.Settled)] // It took our message: its answer may be older than what came since.
    [InlineData(Standing.Apart, Verdict.End)]
    public void Who_took_our_message_and_does_not_say_more_is_trusted(Standing standing, Verdict expected) =>
        Assert.Equal(
            expected, new Doubt(7, 0, new Refusal(Doubt.StateDiffers, "Elsewhere.")).Weigh(standing, 7, 3));

    [Fact]
    public void A_doubt_that_remains_is_about_what_we_are_now() =>
        Assert.Equal(_doubt with { Version = 9, Asked = 1 }, _doubt.Again(9));
}
