using Millrace.Protocol;

namespace Millrace.Tests;

public class DecisionTests
{
    [Fact]
    public void A_refusal_is_never_a_value()
    {
        Decision<string> decision = new Refusal("no", "No.");
        Assert.True(decision.Refused(out var refusal, out var next));
        Assert.Equal("no", refusal.Code);
        Assert.Null(next);
    }

    [Fact]
    public void A_value_is_never_a_refusal()
    {
        Decision<string> decision = "yes";
        Assert.False(decision.Refused(out _, out var next));
        Assert.Equal("yes", next);
    }
}
