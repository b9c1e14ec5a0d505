using System.Text.Json.Nodes;
using Millrace.Node.Portal;
using Millrace.Protocol.Policies;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Portal;

public sealed class TermFieldsTests
{
    private static readonly DateTimeOffset _newYear = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Fields_are_read_out_of_a_policy()
    {
        Assert.Equal(
            new TermFields("2030-12-31", "3", "", "", "read"),
            TermFields.Of(Read(Odrl.Offer(Odrl.Count(3), Odrl.Until(_newYear)))));
        Assert.Equal(new TermFields("", "", "", "", "read"), TermFields.Of(Read(Odrl.Offer())));
    }

    [Fact]
    public void Fields_that_were_left_alone_leave_the_policy_as_it_is()
    {
        var policy = Read(Odrl.Offer(Odrl.Count(3), Odrl.Until(_newYear.AddHours(7)), Odrl.Purpose("research")));
        Assert.Same(policy, Written(TermFields.Of(policy), policy));
    }

    [Theory]
    [InlineData("2031-06-30", "", "", "Condition: before 2031-07-01T00:00:00Z.")]
    [InlineData("", "12", "", "Condition: at most 12 reads.")]
    [InlineData("", "", "0.25", "You pay 0.25 CNY for each row; both sides' records are signed.")]
    public void What_is_written_stands_in_the_policy_and_is_read_again(
        string lastDay, string reads, string amount, string sentence)
    {
        var before = Read(Odrl.Offer(Odrl.Count(3), Odrl.Purpose("research")));
        var fields = new TermFields(lastDay, reads, amount, "CNY", "row");
        var after = Written(fields, before);
        var sentences = PolicySentences.Describe(after).Select(t => t.Text).ToList();
        Assert.Contains(sentence, sentences);
        Assert.Contains("Condition: for the purpose of research, or a narrower one.", sentences);
        Assert.Equal((lastDay, reads, amount), TermFields.Of(after) switch { var f => (f.LastDay, f.Reads, f.Amount) });
    }

    [Theory]
    [InlineData("2031-02-30", "", "", "", "bad-day")]
    [InlineData("9999-12-31", "", "", "", "bad-day")]
    [InlineData("", "0", "", "", "bad-count")]
    [InlineData("", "many", "", "", "bad-count")]
    [InlineData("", "", "-1", "EUR", "bad-price")]
    [InlineData("", "", "1", "euro", "bad-price")]
    [InlineData("", "", "1", "", "bad-price")]
    public void What_cannot_be_meant_is_refused(
        string lastDay, string reads, string amount, string currency, string code)
    {
        var fields = new TermFields(lastDay, reads, amount, currency, "read");
        Assert.True(fields.ApplyTo(Read(Odrl.Offer())).Refused(out var refusal, out _));
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void Where_a_policy_says_a_thing_twice_there_is_no_field_for_it()
    {
        var twice = Read(Odrl.Offer(Odrl.Count(3), Odrl.Count(2)));
        Assert.False(TermFields.HasLimits(twice));
        Assert.True(TermFields.HasPrice(twice));
        Assert.Same(twice, Written(new TermFields("2031-06-30", "1", "", "", "read"), twice));
    }

    private static Policy Written(TermFields fields, Policy policy)
    {
        Assert.False(fields.ApplyTo(policy).Refused(out _, out var written));
        return written;
    }

    private static Policy Read(JsonObject offer)
    {
        offer["@type"] = "Offer";
        offer["@id"] = "urn:offer";
        Assert.False(
            PolicyJson.Read(System.Text.Encoding.UTF8.GetBytes(offer.ToJsonString())).Refused(out _, out var policy));
        return policy;
    }
}
