using System.Text;
using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

/// <summary>Policies beyond all bounds, and the worst within them: an answer comes at once.</summary>
public sealed class BoundsTests
{
    private static readonly Constraint _count = A.If(Terms.Count, Operator.Lteq, "5");

    [Fact]
    public void Ten_thousand_constraints_are_refused_by_number()
    {
        var json = $$"""
            {"@id":"a","permission":[{"action":"use","constraint":[{{string.Join(',', Enumerable.Repeat(
                """{"leftOperand":"count","operator":"lteq","rightOperand":"5"}""", 10_000))}}]}]}
            """;
        Assert.Equal("bad-policy", A.Refused(PolicyJson.Read(Encoding.UTF8.GetBytes(json))).Code);

        var policy = A.Policy(A.Use([.. Enumerable.Repeat(_count, 10_000)]));
        Assert.Equal("too-large", Assert.Single(PolicyCheck.Check(policy, A.Schema)).Code);
        Assert.Equal("too-large", A.Answer(policy, A.Read(UseStage.Negotiation)));
    }

    [Fact]
    public void A_thousand_levels_are_refused_by_depth()
    {
        var json = "{\"@id\":\"a\",\"permission\":[{\"action\":\"use\",\"constraint\":["
            + string.Concat(Enumerable.Repeat("{\"and\":[", 1_000)) + string.Concat(Enumerable.Repeat("]}", 1_000))
            + "]}]}";
        var bytes = Encoding.UTF8.GetBytes(json);
        var unread = A.Refused(PolicyJson.Read(bytes));
        Assert.Contains("deeper than 64", unread.Reason, StringComparison.Ordinal);
        // Where whoever reads the JSON allows more, the policy still does not.
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 5_000 });
        var read = A.Refused(PolicyJson.Read(document.RootElement));
        Assert.Contains("may nest 16 deep", read.Reason, StringComparison.Ordinal);
        Assert.Equal($"permission[0].constraint{string.Concat(Enumerable.Repeat("[0].and", 16))}", read.Rule);

        var policy = A.Policy(A.Use(Enumerable.Range(0, 1_000).Aggregate(_count, (inner, _) => A.And(inner))));
        Assert.Equal("too-large", Assert.Single(PolicyCheck.Check(policy, A.Schema)).Code);
    }

    [Fact]
    public void The_worst_policy_within_the_bounds_is_decided_at_once()
    {
        var part = A.IfAny(Terms.Purpose, Operator.IsNoneOf, Purposes.All.Select(purpose => purpose.Iri));
        var moments = Enumerable.Range(0, 200).Select(i => (Constraint)A.Or(
            A.If(Terms.DateTime, Operator.Lt, $"{A.Now.AddDays(i):yyyy-MM-dd'T'HH:mm:ss'Z'}"), part));
        var deep = Enumerable.Range(0, 10).Aggregate((Constraint)A.Xone([.. moments.Take(100)]), (c, _) => A.Xone(c));
        var policy = A.Policy(A.Use(deep)) with { Prohibitions = [A.Use(A.Xone([.. moments.Take(60)]))] };
        Assert.Empty(PolicyCheck.Unkept(policy));
        foreach (var stage in Enum.GetValues<UseStage>())
            Assert.NotEqual("evaluation-failed", A.Answer(policy, A.Read(stage)));
        Assert.NotEmpty(PolicySentences.Describe(policy));
        Assert.Empty(PolicyDifference.Between(policy, PolicyGen.Reversed(policy)));
    }
}
