using System.Collections.Immutable;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class TemplateTests
{
    private static readonly ImmutableDictionary<string, string> _none = ImmutableDictionary<string, string>.Empty;

    /// <summary>Name; values; the actions that may be had with it.</summary>
    public static TheoryData<string, string, string> Templates => new()
    {
        { "open-attribution", "", "use derive distribute train evaluate retrieve" },
        { "research", "until=2027-01-01", "use" },
        { "research", "until=2027-01-01T08:00:00+08:00 purpose=medical-research reads=5", "use" },
        { "pay-per-use", "amount=0.02", "use" },
        { "pay-per-use", "amount=100 currency=EUR per=agreement reads=9", "use" },
        { "training", "", "use train evaluate" },
    };

    [Theory, MemberData(nameof(Templates))]
    public void A_filled_template_may_be_published_and_allows_what_it_says(string name, string values, string allowed)
    {
        var offer = A.Value(PolicyTemplates.Find(name)!.Fill(Values(values)));
        Assert.Empty(PolicyCheck.Check(offer, A.Schema));
        var request = A.Read() with { Purpose = Purposes.Namespace + "medical-research" };
        var actions = new[]
        {
            Terms.Use, Terms.Derive, Terms.Distribute, Terms.Train, Terms.Evaluate, Terms.Retrieve, Terms.Analyse,
        };
        Assert.Equal(
            allowed,
            string.Join(' ', actions.Where(a => A.Answer(offer, request with { Action = a }) == "ok")
                .Select(a => a.Replace(Terms.Profile, "", StringComparison.Ordinal))));
        Assert.True(Policy.SameTerms(offer, A.Value(PolicyJson.Read(PolicyJson.ToBytes(offer)))));
    }

    [Fact]
    public void Research_ends_and_is_research()
    {
        var offer = A.Value(PolicyTemplates.Find("research")!.Fill(Values("until=2026-06-15 reads=1")));
        var request = A.Read() with { Purpose = Purposes.Namespace + "research", Now = A.Now.AddDays(-1) };
        Assert.Equal("ok", A.Answer(offer, request));
        Assert.Equal("expired", A.Answer(offer, request with { Now = A.Now }));
        Assert.Equal("count-used-up", A.Answer(offer, request with { ReadsSoFar = 1 }));
        Assert.Equal("wrong-purpose", A.Answer(offer, request with { Purpose = Purposes.Namespace + "marketing" }));
    }

    [Fact]
    public void An_analysis_is_refused_until_there_are_rooms()
    {
        var offer = A.Value(PolicyTemplates.Find("analysis")!.Fill(_none));
        Assert.Equal(
            ["not-enforceable-yet", "not-enforceable-yet"],
            PolicyCheck.Check(offer, A.Schema).Select(refusal => refusal.Code));
        Assert.Contains(
            PolicySentences.Describe(offer),
            term => term.Text.Contains("at least 10 units", StringComparison.Ordinal));
    }

    [Fact]
    public void A_price_is_the_one_that_was_said()
    {
        var offer = A.Value(PolicyTemplates.Find("pay-per-use")!.Fill(Values("amount=0.02 per=row")));
        Assert.Equal(new Price(0.02m, "CNY", PriceUnit.Row), Assert.Single(A.Value(Price.Of(offer)).Prices));
    }

    [Theory]
    [InlineData("research", "", "missing-blank", "until")]
    [InlineData("research", "until=soon", "bad-value", "until")]
    [InlineData("research", "until=2027-01-01T08:00:00", "bad-value", "until")]
    [InlineData("research", "until=", "bad-value", "until")]
    [InlineData("research", "until=2027-01-01 purpose=fun", "bad-value", "purpose")]
    [InlineData("research", "until=2027-01-01 reads=-1", "bad-value", "reads")]
    [InlineData("pay-per-use", "", "missing-blank", "amount")]
    [InlineData("pay-per-use", "amount=free", "bad-value", "amount")]
    [InlineData("pay-per-use", "amount=1 currency=yuan", "bad-value", "currency")]
    [InlineData("pay-per-use", "amount=1 currency=", "bad-value", "currency")]
    [InlineData("pay-per-use", "amount=1 per=byte", "bad-value", "per")]
    [InlineData("analysis", "group=0", "bad-value", "group")]
    [InlineData("training", "until=2027-01-01", "unknown-blank", "until")]
    public void A_blank_that_is_wrong_is_named(string name, string values, string code, string blank)
    {
        var refusal = A.Refused(PolicyTemplates.Find(name)!.Fill(Values(values)));
        Assert.Equal((code, blank), (refusal.Code, refusal.Rule));
    }

    [Fact]
    public void Every_template_has_a_name_of_its_own_and_words_in_both_languages()
    {
        Assert.Distinct(PolicyTemplates.All.Select(template => template.Name));
        Assert.Null(PolicyTemplates.Find("none"));
        foreach (var template in PolicyTemplates.All)
        {
            Assert.Distinct(template.Blanks.Select(blank => blank.Name));
            Assert.Contains(template.Chinese, c => c > 0x2E80);
            Assert.All(template.Blanks, blank => Assert.Contains(blank.Chinese, c => c > 0x2E80));
        }
    }

    private static Dictionary<string, string> Values(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
}
