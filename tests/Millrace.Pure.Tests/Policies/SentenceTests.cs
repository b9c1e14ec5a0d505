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
