using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class SentenceTests
{
    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void A_policy_is_said_in_both_languages()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Policies", "Golden");
        var policy = A.Value(PolicyJson.Read(File.ReadAllBytes(Path.Combine(golden, "offer.json"))));
        var said = PolicySentences.Describe(policy).Select(term =>
            new[] { term.Path, $"{term.Reach}", term.Text, term.TextZh });
        var expected = File.ReadAllText(Path.Combine(golden, "sentences.json")).TrimEnd();
        Assert.Equal(expected, JsonSerializer.Serialize(said, _readable));
    }

    public static TheoryData<string, Operator, string, string, string, Reach> Claimed => new()
    {
        { Terms.Seat, Operator.Eq, "CN", "for organisations seated in CN", "使用方注册地为CN", Reach.EnforcedByProvider },
        { Terms.Seat, Operator.IsPartOf, "CN", "for organisations seated in CN or a part of it",
            "使用方注册地为CN（含其下属区域）", Reach.EnforcedByProvider },
        { Terms.Spatial, Operator.IsAnyOf, "CN-SH DE", "where the data are used in CN-SH or DE", "数据使用地为CN-SH、DE",
            Reach.Attested },
        { Terms.Spatial, Operator.IsNoneOf, "US CA", "where the data are used outside US, CA", "数据使用地不在US、CA境内",
            Reach.Attested },
        { Terms.Industry, Operator.Eq, "G5412", "for organisations of the field G5412", "使用方所属行业为G5412",
            Reach.EnforcedByProvider },
        { Terms.Industry, Operator.IsNoneOf, "A01 B06", "for organisations of any field but A01, B06",
            "使用方所属行业不为A01、B06", Reach.EnforcedByProvider },
        { Terms.Membership, Operator.Eq, "Member@did:web:s.example",
            "for those who hold Member from did:web:s.example at that time", "使用方届时持有did:web:s.example签发的Member",
            Reach.EnforcedByProvider },
        { Terms.MinGroupSize, Operator.Gteq, "10",
            "with at least 10 units behind each released number, which this node cannot check",
            "每个输出数值背后至少有10个单位（本节点无法核查）", Reach.LegalOnly },
        { Terms.Epsilon, Operator.Lteq, "0.5", "with a privacy budget of at most 0.5, which this node cannot check",
            "隐私预算不超过0.5（本节点无法核查）", Reach.LegalOnly },
    };

    [Theory, MemberData(nameof(Claimed))]
    public void Who_may_use_it_where_is_said_with_how_far_that_reaches(
        string operand, Operator op, string values, string english, string chinese, Reach reach)
    {
        var policy = A.Policy(A.Use(A.IfAny(operand, op, values.Split(' '))));
        Assert.Equal(
            new Term("permission[0].constraint[0]", $"Condition: {english}.", $"条件：{chinese}。", reach),
            PolicySentences.Describe(policy)[1]);
    }

    [Fact]
    public void A_deadline_is_said_as_one()
    {
        var policy = A.Policy(A.Use()) with
        {
            Obligations = [A.Rule(Terms.Delete, A.If(Terms.DateTime, Operator.Lteq, "2027-01-01T00:00:00Z"))],
        };
        var said = PolicySentences.Describe(policy)[1];
        Assert.Equal("You must delete your copies by 2027-01-01T00:00:00Z, and sign that you did.", said.Text);
        Assert.Equal("须最迟于2027-01-01T00:00:00Z删除所持副本，并签署证明。", said.TextZh);
    }

    [Theory]
    [InlineData("first:1", "with only the first character of column name")]
    [InlineData("last:4", "with only the last 4 characters of column name")]
    public void One_character_is_said_as_one(string mask, string sentence)
    {
        var policy = A.Policy(A.Use(A.If("https://millrace.dev/odrl/mask/name", Operator.Eq, mask)));
        Assert.Contains(sentence, PolicySentences.Describe(policy)[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_and_constraint_is_said() =>
        CsCheck.Check.Sample(PolicyGen.Policy, policy =>
        {
            var paths = PolicySentences.Describe(policy).Select(term => term.Path).ToHashSet();
            return policy.Permissions.Select((rule, i) => (rule, i)).All(x =>
                       paths.Contains($"permission[{x.i}]") && x.rule.Constraints.Select((_, j) => j).All(
                           j => paths.Contains($"permission[{x.i}].constraint[{j}]")))
                   && policy.Prohibitions.Select((_, i) => i).All(i => paths.Contains($"prohibition[{i}]"));
        });

    [Fact]
    public void Unknown_terms_are_said_to_be_unknown_and_cannot_reorder_the_text()
    {
        var policy = A.Policy(A.Rule("play\u202e", A.If("shoe\nSize", Operator.Eq, "4"))) with
        {
            Profiles = ["https://other.example/"],
            Prohibitions = [A.Rule("sing")],
            Obligations = [A.Rule("dance")],
        };
        var terms = PolicySentences.Describe(policy);
        Assert.Contains(terms, term => term.Path == "profile[0]");
        Assert.All(terms, term => Assert.Equal(Reach.LegalOnly, term.Reach));
        var text = string.Concat(terms.Select(term => term.Text + term.TextZh));
        Assert.DoesNotContain(text, c => char.IsControl(c) || c == '\u202e');
    }
}
