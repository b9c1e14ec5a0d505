using System.Text.Json;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class VisibilityTests
{
    private static readonly Policy _offer = A.Policy(A.Use());
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Claims _chinese = new("CN-SH", Industry: "G5412");

    public static TheoryData<string, string, bool, bool> Rules => new()
    {
        { W.If("mr:participant", "eq", W.Alice), W.Alice, false, true },
        { W.If("mr:participant", "eq", W.Alice), W.Bob, false, false },
        { W.If("mr:participant", "neq", W.Bob), W.Bob, false, false },
        { W.IfAny("mr:participant", "isAnyOf", W.Alice, W.Bob), W.Bob, false, true },
        { W.If("mr:seat", "isPartOf", "CN"), W.Alice, true, true },
        { W.If("mr:seat", "isPartOf", "DE"), W.Alice, true, false },
        // What no register says is no reason to show it, whichever way the rule asks.
        { W.If("mr:seat", "isPartOf", "CN"), W.Alice, false, false },
        { W.IfAny("mr:seat", "isNoneOf", "DE"), W.Alice, false, false },
        { W.If("odrl:industry", "eq", "G5412"), W.Alice, true, true },
        { W.If("odrl:dateTime", "lt", "2026-01-03T00:00:00Z"), W.Alice, false, true },
        { W.If("odrl:dateTime", "lt", "2026-01-01T00:00:00Z"), W.Alice, false, false },
        { $$"""{"or":[{{W.If("mr:participant", "eq", W.Bob)}},{{W.If("mr:seat", "isPartOf", "CN")}}]}""", W.Alice, true,
            true },
        { $"{W.If("mr:seat", "isPartOf", "CN")},{W.If("mr:participant", "eq", W.Bob)}", W.Alice, true, false },
    };

    [Theory, MemberData(nameof(Rules))]
    public void An_offer_is_seen_by_whom_all_constraints_hold(string when, string asker, bool isKnown, bool seen)
    {
        var visible = Read($$"""{"when":[{{when}}]}""");
        Assert.Empty(visible.Check());
        Assert.Equal(seen, visible.Shows(_offer, asker, isKnown ? _chinese : Claims.None, _now));
        var again = Read(System.Text.Encoding.UTF8.GetString(visible.ToBytes()));
        Assert.Equal(visible.Hash(), again.Hash());
        Assert.Equal(seen, again.Shows(_offer, asker, isKnown ? _chinese : Claims.None, _now));
    }

    [Theory]
    [InlineData("""{"when":[]}""", "bad-value")]
    [InlineData("""{"when":{}}""", "bad-rule")]
    [InlineData("""{"who":[]}""", "bad-rule")]
    [InlineData("""{"when":[],"then":"accept"}""", "bad-rule")]
    [InlineData("[]", "bad-rule")]
    public void What_is_no_list_of_constraints_is_refused(string json, string code) =>
        Assert.Equal(code, Refused(json));

    [Theory]
    [InlineData("mr:request", "eq", "as-offered", "unknown-term")]
    [InlineData("mr:price", "gteq", "1 CNY per row", "unknown-term")]
    [InlineData("mr:colour", "eq", "red", "unknown-term")]
    [InlineData("mr:participant", "lt", "x", "unknown-operator")]
    public void What_does_not_tell_who_is_refused(string left, string op, string right, string code) =>
        Assert.Equal(code, Refused($$"""{"when":[{{W.If(left, op, right)}}]}"""));

    [Fact]
    public void It_reads_as_a_sentence()
    {
        var told = RuleSentences.Describe(Read($$"""{"when":[{{W.If("mr:participant", "eq", W.Alice)}}]}"""));
        Assert.Equal($"Seen only if {W.Alice} asks.", told.Text);
        Assert.Equal($"仅在以下情况可见：请求方为{W.Alice}。", told.TextZh);
    }

    private static string Refused(string json)
    {
        var refusal = Visibility.Read(JsonElement.Parse(json)).Refused(out var unread, out var visible)
            ? unread
            : visible.Check()[0];
        return refusal.Code;
    }

    private static Visibility Read(string json) => A.Value(Visibility.Read(JsonElement.Parse(json)));
}
