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
               {"odrl:and":{"leftOperand":[{"@value":"odrl:purpose"}],"operator":"isAnyOf",
                "rightOperand":{"@id":"x"}}}]}}
            """);
        Assert.True(Policy.SameTerms(compact, expanded));
        Assert.Equal(PolicyHash.Of(compact), PolicyHash.Of(expanded));
    }

    [Fact]
    public void The_hash_of_a_policy_never_changes()
    {
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Policies", "Golden", "offer.json"));
        const string Hash = "7a0eea0cf1f4b863031cafea5774fdc4fcb2f63bac4730629ffdbbf297f37760";
        Assert.Equal(Hash, PolicyHash.Of(Accepted(golden)));
    }

    [Theory]
    [InlineData("use", "use", "use")]
    [InlineData("odrl:use", "use", "use")]
    [InlineData("http://www.w3.org/ns/odrl/2/use", "use", "use")]
    [InlineData("odrl:purpose", "purpose", "odrl:purpose")]
    [InlineData("FrameworkAgreement", "FrameworkAgreement", "FrameworkAgreement")]
    [InlineData("mr:train", "https://millrace.dev/odrl/train", "https://millrace.dev/odrl/train")]
    [InlineData("https://w3id.org/x", "https://w3id.org/x", "https://w3id.org/x")]
    [InlineData("mr:mask/a b", "https://millrace.dev/odrl/mask/a%20b", "https://millrace.dev/odrl/mask/a%20b")]
    [InlineData("https://millrace.dev/odrl/row/%e5%90%8d", "https://millrace.dev/odrl/row/%E5%90%8D",
        "https://millrace.dev/odrl/row/%E5%90%8D")]
    public void A_name_has_one_spelling_inside_and_one_on_the_wire(string read, string normal, string written)
    {
        Assert.Equal(normal, Terms.Normalise(read));
        Assert.Equal(normal, Terms.Normalise(normal));
        Assert.Equal(written, Terms.Write(normal));
    }

    [Theory]
    [InlineData("100%")]
    [InlineData("100%25")]
    [InlineData("姓/名:?#")]
    public void Any_column_name_survives_in_an_operand(string column)
    {
        Assert.Equal(column, Terms.MaskedColumn(Terms.Normalise(Terms.Mask(column))));
        Assert.Equal(column, Terms.RowColumn(Terms.Normalise(Terms.Row(column))));
        Assert.Null(Terms.MaskedColumn(Terms.Row(column)));
    }

    [Fact]
    public void Terms_are_the_rules_and_foreign_profiles_and_nothing_else()
    {
        var policy = Accepted("""{"@id":"a","permission":[{"action":"use"}]}""");
        var signed = policy with
        {
            Kind = PolicyKind.Agreement, Id = "b", Target = "t", Assigner = "x", Assignee = "y",
            Timestamp = DateTimeOffset.UnixEpoch, Profiles = [Terms.Profile],
        };
        Assert.True(Policy.SameTerms(policy, signed));
        Assert.False(Policy.SameTerms(policy, signed with { Profiles = ["https://other.example/"] }));
        Assert.False(Policy.SameTerms(policy, signed with { Prohibitions = policy.Permissions, Permissions = [] }));
        Assert.False(Policy.SameTerms(policy, signed with { Obligations = policy.Permissions }));
    }

    [Theory]
    [InlineData("2026-01-01T01:00:00.123456789Z")]
    [InlineData("2026-01-01T01:00:00.1234567")]
    [InlineData("2026-01-01T02:00:00.123456700000+01:00")]
    public void A_timestamp_may_be_finer_than_our_clock(string timestamp) =>
        Assert.Equal(
            new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero).AddTicks(1234567),
            Accepted($$"""{"@id":"a","timestamp":"{{timestamp}}","permission":[{"action":"use"}]}""").Timestamp);

    [Fact]
    public void What_only_describes_a_rule_is_passed_over()
    {
        const string Described =
            """{"@id":"a","permission":[{"action":"use","dct:title":"x","http://purl.org/dc/terms/abstract":"y"}]}""";
        Assert.True(Policy.SameTerms(Accepted("""{"@id":"a","permission":[{"action":"use"}]}"""), Accepted(Described)));
    }

    [Theory, InlineData("prohibition"), InlineData("obligation")]
    public void A_list_of_nothing_that_others_write_is_as_good_as_none(string list)
    {
        var read = Accepted($$"""{"@id":"a","permission":[{"action":"use"}],"{{list}}":[]}""");
        Assert.True(Policy.SameTerms(Accepted("""{"@id":"a","permission":[{"action":"use"}]}"""), read));
    }

    [Theory]
    [InlineData("""[]""", "")]
    [InlineData("""{"@type":"Offer","permission":[{"action":"use"}]}""", "@id")]
    [InlineData("""{"@type":"Set","@id":"a","permission":[{"action":"use"}]}""", "@type")]
    [InlineData("""{"@id":"a"}""", "permission")]
    [InlineData("""{"@id":"a","permission":[]}""", "permission")]
    [InlineData("""{"@id":"a","permission":[{"action":"use"}],"odrl:permission":[{"action":"use"}]}""", "permission")]
    [InlineData("""{"@id":"a","conflict":"perm","permission":[{"action":"use"}]}""", "conflict")]
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

    [Theory]
    [InlineData("""{"leftOperand":"count","operator":"lteq","rightOperand":5}""",
        """rightOperand: A value is written as text, a number as {"@value":"5","@type":"xsd:integer"}.""")]
    [InlineData("""{"leftOperand":"count","operator":"odrl:lessThan","rightOperand":"5"}""",
        "operator: lessThan is none of eq, neq, lt, lteq, gt, gteq, hasPart, isA, isAllOf, isAnyOf, ")]
    public void What_a_constraint_should_have_said_is_told(string constraint, string sentence)
    {
        var json = $$"""{"@id":"a","permission":[{"action":"use","constraint":[{{constraint}}]}]}""";
        Assert.StartsWith(
            $"permission[0].constraint[0].{sentence}", Refused(json).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Constraints_that_nest_too_deep_are_refused()
    {
        const string Leaf = """{"leftOperand":"count","operator":"eq","rightOperand":"5"}""";
        string Nested(int depth) => depth == 0 ? Leaf : $$"""{"and":[{{Nested(depth - 1)}}]}""";
        string Policy(int depth) =>
            $$"""{"@id":"a","permission":[{"action":"use","constraint":[{{Nested(depth)}}]}]}""";
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
              {"leftOperand":"https://w3id.org/catenax/2025/9/policy/FrameworkAgreement","operator":"eq",
               "rightOperand":"x"},
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

    private static Policy Accepted(string json) => A.Value(PolicyJson.Read(Encoding.UTF8.GetBytes(json)));

    private static Refusal Refused(string json) => A.Refused(PolicyJson.Read(Encoding.UTF8.GetBytes(json)));
}
