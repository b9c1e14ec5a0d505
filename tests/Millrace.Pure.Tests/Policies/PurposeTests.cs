using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class PurposeTests
{
    [Fact]
    public void Every_purpose_has_words_and_a_known_broader_one_before_it()
    {
        var seen = new HashSet<string>();
        foreach (var purpose in Purposes.All)
        {
            Assert.True(seen.Add(purpose.Name));
            Assert.True(purpose.Broader is null || seen.Contains(purpose.Broader), purpose.Name);
            Assert.Equal(Purposes.Namespace + purpose.Name, purpose.Iri);
            Assert.NotEmpty(purpose.English);
            Assert.NotEmpty(purpose.Chinese);
            Assert.True(Purposes.IsA(purpose.Iri, purpose.Iri));
        }
    }

    [Fact]
    public void People_may_type_the_short_name_but_the_wire_needs_the_IRI()
    {
        Assert.Equal(Purposes.Namespace + "statistics", Purposes.Resolve("statistics")?.Iri);
        Assert.Equal("statistics", Purposes.Resolve(Purposes.Namespace + "statistics")?.Name);
        Assert.Null(Purposes.Find("statistics"));
        Assert.Null(Purposes.Resolve("world-domination"));
    }

    [Fact]
    public void An_unknown_purpose_is_nothing_but_itself()
    {
        Assert.True(Purposes.IsA("x", "x"));
        Assert.False(Purposes.IsA("x", Purposes.Namespace + "research"));
        Assert.False(Purposes.IsA(Purposes.Namespace + "research", "x"));
    }

    [Fact]
    public void A_purpose_that_is_none_is_answered_with_those_that_there_are()
    {
        var policy = A.Policy(A.Use(A.If(Terms.Purpose, Operator.Eq, "reserch")));
        Assert.Contains(
            $"{Purposes.Namespace} and one of research, academic-research, ",
            Assert.Single(PolicyCheck.Unkept(policy)).Reason, StringComparison.Ordinal);
    }
}
