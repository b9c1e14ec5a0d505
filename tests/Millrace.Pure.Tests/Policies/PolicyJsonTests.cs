using System.Text;
using System.Text.Json.Nodes;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class PolicyJsonTests
{
    [Theory]
    [InlineData("offer.json")]
    [InlineData("agreement.json")]
    public void A_golden_policy_is_written_as_it_was_read(string file)
    {
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Policies", "Golden", file));
        var written = Encoding.UTF8.GetString(PolicyJson.ToBytes(Accepted(golden)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(golden), JsonNode.Parse(written)), written);
    }

    [Fact]
    public void Every_spelling_that_a_JSON_LD_peer_uses_means_the_same()
    {
        var compact = Accepted("""
            {"@type":"Offer","@id":"a","permission":[{"action":"odrl:derive","constraint":[
              {"and":[{"leftOperand":"purpose","operator":"isAnyOf","rightOperand":["x"]}]},
              {"leftOperand":"count","operator":"lteq","rightOperand":{"@value":"5","@type":"xsd:integer"}}]}]}
            """);
        var expanded = Accepted("""
            {"@id":"b","@type":"http://www.w3.org/ns/odrl/2/Offer",
             "http://www.w3.org/ns/odrl/2/permission":{
              "odrl:action":{"@id":"http://www.w3.org/ns/odrl/2/derive"},
              "constraint":[
               {"leftOperand":{"@id":"odrl:count"},"operator":{"@id":"odrl:lteq"},
                "rightOperand":{"@value":5,"@type":"http://www.w3.org/2001/XMLSchema#integer"}},
               {"odrl:and":{"leftOperand":[{"@value":"odrl:purpose"}],"operator":"isAnyOf","rightOperand":{"@id":"x"}}}]}}
            """);
        Assert.True(Policy.SameTerms(compact, expanded));
        Assert.Equal(PolicyHash.Of(compact), PolicyHash.Of(expanded));
    }

    [Theory]
    [InlineData("""[]""", "")]
    [InlineData("""{"@type":"Offer","permission":[{"action":"use"}]}""", "@id")]
    [InlineData("""{"@type":"Set","@id":"a","permission":[{"action":"use"}]}""", "@type")]
    [InlineData("""{"@id":"a"}""", "permission")]
    [InlineData("""{"@id":"a","permission":[]}""", "permission")]
    [InlineData("""{"@id":"a","permission":[{"action":"use"}],"odrl:permission":[{"action":"use"}]}""", "permission")]
    [InlineData("""{"@id":"a","conflict":"perm","permission":[{"action":"use"}]}""", "conflict")]
    [InlineData("""{"@id":"a","permission":[{"action":"use"}],"obligation":[]}""", "obligation")]
    [InlineData("""{"@id":"a","permission":[{}]}""", "permission[0].action")]
    [InlineData("""{"@id":"a","permission":[{"action":7}]}""", "permission[0].action")]
    [InlineData("""{"@id":"a","permission":[{"action":"use","target":"x"}]}""", "permission[0].target")]
    [InlineData("""{"@id":"a","permission":[{"action":"use","refinement":[]}]}""", "permission[0].refinement")]
    [InlineData("""{"@id":"a","prohibition":[{"action":"use","duty":[{"action":"x"}]}]}""", "prohibition[0].duty")]
    [InlineData("""{"@id":"a","permission":[{"action":"use","duty":[{"action":"x","duty":[{"action":"y"}]}]}]}""",
        "permission[0].duty[0].duty")]
    [InlineData("""{"@type":"Agreement","@id":"a","assigner":"x","assignee":"y","permission":[{"action":"use"}]}""",
        "target")]
    [InlineData("""{"@id":"a","timestamp":"2026-01-01","permission":[{"action":"use"}]}""", "timestamp")]
    [InlineData("""{"@id":"a","timestamp":"2026-01-01T10:00Z","permission":[{"action":"use"}]}""", "timestamp")]
    public void What_the_schema_forbids_is_refused_with_its_path(string json, string path) =>
        Assert.Equal(path, Refused(json).Rule);

    [Theory]
    [InlineData("""{"leftOperand":"count","operator":"lteq"}""", ".rightOperand")]
    [InlineData("""{"leftOperand":"count","operator":"lteq","rightOperand":5}""", ".rightOperand")]
    [InlineData("""{"leftOperand":"count","operator":"lteq","rightOperand":["1",true]}""", ".rightOperand[1]")]
    [InlineData("""{"leftOperand":"count","operator":"lteq","rightOperand":{"@value":"x","@language":"en"}}""",
        ".rightOperand.@language")]
    [InlineData("""{"leftOperand":"count","operator":"<=","rightOperand":"5"}""", ".operator")]
    [InlineData("""{"leftOperand":"count","rightOperand":"5"}""", ".operator")]
    [InlineData("""{"operator":"eq","rightOperand":"5"}""", ".leftOperand")]
    [InlineData("""{"leftOperand":"count","operator":"eq","rightOperand":"5","unit":"x"}""", ".unit")]
    [InlineData("""{"and":[]}""", ".and")]
    [InlineData("""{"and":[{"or":[7]}]}""", ".and[0].or[0]")]
    [InlineData("""{"and":[{"leftOperand":"count","operator":"eq","rightOperand":"5"}],"or":[]}""", ".or")]
    public void A_constraint_that_the_schema_forbids_is_refused_with_its_path(string constraint, string path)
    {
        var json = $$"""{"@id":"a","permission":[{"action":"use","constraint":[{{constraint}}]}]}""";
        Assert.Equal("permission[0].constraint[0]" + path, Refused(json).Rule);
    }

    [Fact]
    public void Constraints_that_nest_too_deep_are_refused()
    {
        const string Leaf = """{"leftOperand":"count","operator":"eq","rightOperand":"5"}""";
        string Nested(int depth) => depth == 0 ? Leaf : $$"""{"and":[{{Nested(depth - 1)}}]}""";
        string Policy(int depth) => $$"""{"@id":"a","permission":[{"action":"use","constraint":[{{Nested(depth)}}]}]}""";
        Accepted(Policy(15));
        Assert.Equal("bad-policy", Refused(Policy(16)).Code);
    }

    [Fact]
    public void A_policy_with_too_many_parts_is_refused()
    {
        var values = string.Join(',', Enumerable.Repeat("\"x\"", 5_001));
        var json = $$"""
            {"@id":"a","permission":[{"action":"use","constraint":[
              {"leftOperand":"purpose","operator":"isAnyOf","rightOperand":[{{values}}]}]}]}
            """;
        Assert.Equal("bad-policy", Refused(json).Code);
    }

    [Fact]
    public void Unknown_terms_are_kept_and_a_single_value_stays_single()
    {
        var policy = Accepted("""
            {"@id":"a","permission":[{"action":"use","constraint":[
              {"leftOperand":"https://w3id.org/catenax/2025/9/policy/FrameworkAgreement","operator":"eq","rightOperand":"x"},
              {"leftOperand":"purpose","operator":"isAnyOf","rightOperand":["x"]}]}]}
            """);
        var constraints = policy.Permissions[0].Constraints.Cast<AtomicConstraint>().ToList();
        Assert.Equal("https://w3id.org/catenax/2025/9/policy/FrameworkAgreement", constraints[0].LeftOperand);
        Assert.False(constraints[0].RightOperand.IsList);
        Assert.True(constraints[1].RightOperand.IsList);
    }

    [Fact]
    public void A_text_that_is_not_JSON_is_refused() =>
        Assert.True(PolicyJson.Read("{"u8.ToArray()).Refused(out _, out _));

    private static Policy Accepted(string json)
    {
        Assert.False(PolicyJson.Read(Encoding.UTF8.GetBytes(json)).Refused(out var refusal, out var policy), $"{refusal}");
        return policy!;
    }

    private static Refusal Refused(string json)
    {
        Assert.True(PolicyJson.Read(Encoding.UTF8.GetBytes(json)).Refused(out var refusal, out _));
        return refusal!;
    }
}
