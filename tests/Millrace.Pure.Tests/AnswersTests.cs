using Millrace.Protocol;

namespace Millrace.Pure.Tests;

public sealed class AnswersTests
{
    [Fact]
    public void A_repeat_is_answered_as_the_first_was()
    {
        var answers = Answers.None.Accept("a", 2).Refuse("b", 2);
        Assert.True(answers.HasAccepted("a"));
        Assert.Null(answers.Again("a"));
        Assert.False(answers.HasAccepted("b"));
        Assert.Equal("refused-before", answers.Again("b")?.Code);
        Assert.False(answers.HasAccepted("c"));
        Assert.Null(answers.Again("c"));
    }

    [Fact]
    public void Only_so_many_are_remembered_and_refusals_displace_no_acceptance()
    {
        var answers = Answers.None.Accept("a", 2).Accept("b", 2).Accept("c", 2);
        for (var i = 0; i < 9; i++) answers = answers.Refuse($"r{i}", 2);
        Assert.Equal(["b", "c"], answers.Accepted);
        Assert.Equal(["r7", "r8"], answers.Refused);
    }

    [Fact]
    public void A_message_without_an_id_is_never_a_repeat()
    {
        var answers = Answers.None.Accept(null, 2).Refuse(null, 2);
        Assert.Equal((0, 0), (answers.Accepted.Count, answers.Refused.Count));
        Assert.False(answers.HasAccepted(null));
        Assert.Null(answers.Again(null));
    }
}
