using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

/// <summary>
/// Every left operand with every operator and every kind of value: accepted exactly where the table says.
/// </summary>
public sealed class OperandTableTests
{
    private const string Member = "Member@did:web:space.example";
    private const string Xsd = "dateTime dateTimeStamp date time duration integer decimal double boolean anyURI other";

    /// <summary>The kinds of values, by the names that the tables below use; a type follows after ^.</summary>
    private static readonly Dictionary<string, string> _texts = new()
    {
        ["moment"] = "2026-12-31T06:00:00Z", ["day"] = "2026-12-31", ["clock"] = "06:30:00", ["span"] = "P1Y",
        ["whole"] = "5", ["half"] = "5.5", ["minus"] = "-5", ["true"] = "true", ["place"] = "CN-SH",
        ["purpose"] = Purposes.Namespace + "research", ["member"] = Member, ["way"] = "query", ["room"] = "room",
        ["column"] = "name", ["mask"] = "null", ["words"] = "a b",
    };

    private static readonly string[] _types = ["", .. Xsd.Split(' ')];

    /// <summary>Operand; operators that take one value; operators that take several; values taken.</summary>
    public static TheoryData<string, string, string, string> Operands => new()
    {
        { Terms.DateTime, "lt lteq gt gteq", "", "moment moment^dateTime moment^dateTimeStamp" },
        { Terms.SinceAgreement, "lt lteq", "", "span span^duration" },
        { Terms.Count, "lt lteq", "", "whole whole^integer" },
        { Terms.Rows, "lteq", "", "whole whole^integer" },
        { Terms.Bytes, "lteq", "", "whole whole^integer" },
        { Terms.Purpose, "eq isA", "isAnyOf isNoneOf", "purpose purpose^anyURI" },
        { Terms.Seat, "eq isPartOf", "isAnyOf isNoneOf", "place place^anyURI" },
        { Terms.Spatial, "eq isPartOf", "isAnyOf isNoneOf", "place place^anyURI" },
        { Terms.Industry, "eq", "isAnyOf isNoneOf",
            Plain("day span whole half minus true place way room column mask") },
        { Terms.Membership, "eq", "", "member member^anyURI" },
        { Terms.Environment, "eq", "isAnyOf", "way way^anyURI" },
        { Terms.Column, "", "isAnyOf isNoneOf", "column column^anyURI" },
        { Terms.Mask("name"), "eq", "", "mask" },
        { Terms.MinGroupSize, "", "", "" },
        { Terms.Epsilon, "", "", "" },
        { Terms.Form, "", "", "" },
        { "https://other.example/x", "", "", "" },
        { Terms.Row("active"), "eq neq", "isAnyOf isNoneOf", "true true^boolean" },
        { Terms.Row("id"), All, "isAnyOf isNoneOf", "whole minus whole^integer minus^integer" },
        { Terms.Row("salary"), All, "isAnyOf isNoneOf",
            "whole half minus whole^integer half^integer minus^integer whole^decimal half^decimal minus^decimal" },
        { Terms.Row("weight"), All, "isAnyOf isNoneOf",
            "whole half minus whole^integer half^integer minus^integer whole^decimal half^decimal minus^decimal "
                + "whole^double half^double minus^double" },
        { Terms.Row("born"), All, "isAnyOf isNoneOf", "day day^date" },
        { Terms.Row("wakes"), All, "isAnyOf isNoneOf", "clock clock^time" },
        { Terms.Row("seen"), All, "isAnyOf isNoneOf", "moment moment^dateTime moment^dateTimeStamp" },
        { Terms.Row("name"), "eq neq", "isAnyOf isNoneOf", string.Join(' ', _texts.Keys) },
        { Terms.Row("photo"), "", "", "" },
        { Terms.Row("nobody"), "", "", "" },
    };

    private const string All = "eq neq lt lteq gt gteq";

    [Theory, MemberData(nameof(Operands))]
    public void An_operand_takes_what_the_table_says_and_nothing_else(
        string operand, string forOne, string forSets, string values)
    {
        var (ones, sets, taken) = (forOne.Split(' '), forSets.Split(' '), values.Split(' ').ToHashSet());
        var wrong = new List<string>();
        foreach (var op in Enum.GetValues<Operator>())
            foreach (var (name, text) in _texts)
                foreach (var type in _types)
                {
                    var value = new PolicyValue(text, type.Length == 0 ? null : $"xsd:{type}");
                    var known = taken.Contains(type.Length == 0 ? name : $"{name}^{type}");
                    var (one, set) = (ones.Contains(Word(op)), sets.Contains(Word(op)));
                    Expect(op, new RightOperand([value], false), known && (one || set));
                    Expect(op, new RightOperand([value, value], true), known && set);
                    Expect(op, new RightOperand([], true), false);
                }

        Assert.Empty(wrong);

        void Expect(Operator op, RightOperand right, bool accepted)
        {
            var policy = A.Policy(A.Use(A.And(new AtomicConstraint(operand, op, right))));
            var refusals = PolicyCheck.Check(policy, A.Schema);
            // What is refused says where, whatever is wrong with it.
            if (accepted != (refusals.Count == 0)
                || refusals.Any(refusal => refusal.Rule != "permission[0].constraint[0].and[0]"))
                wrong.Add($"{Word(op)} {string.Join(',', right.Values)}: {string.Join(' ', refusals)}");
        }
    }

    [Fact]
    public void What_is_understood_but_cannot_be_seen_to_yet_is_refused_as_such()
    {
        Constraint[] constraints =
        [
            A.If(Terms.MinGroupSize, Operator.Gteq, "10", "xsd:integer"),
            A.If(Terms.Epsilon, Operator.Lteq, "0.5", "xsd:decimal"), A.If(Terms.Environment, Operator.Eq, "room"),
        ];
        foreach (var constraint in constraints)
        {
            var refusal = Assert.Single(PolicyCheck.Check(A.Policy(A.Use(constraint)), A.Schema));
            Assert.Equal(("not-enforceable-yet", "permission[0].constraint[0]"), (refusal.Code, refusal.Rule));
        }
    }

    private static string Word(Operator op)
    {
        var name = op.ToString();
        return op == Operator.TermLteq ? "term-lteq" : char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>Texts that are taken with no type, and as an IRI.</summary>
    private static string Plain(string names) => string.Join(' ', names.Split(' ').Select(n => $"{n} {n}^anyURI"));
}
