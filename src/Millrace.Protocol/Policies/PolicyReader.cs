using System.Globalization;
using System.Text.Json;

namespace Millrace.Protocol.Policies;

/// <summary>
/// Reads one policy. It remembers the first thing that is wrong and goes on with stand-ins, so that the code below
/// reads like the schema; whoever uses it looks at <see cref="Refusal"/> first.
/// <para>Lenient, as JSON-LD peers need: a single value where an array is expected, an array of one where a value is,
/// <c>{"@id"}</c> and <c>{"@value"}</c> for strings, names with prefix or as full IRI.</para>
/// <para>Refused: what the contract schema of DSP 2025-1 forbids; and every member of a rule or constraint that it does
/// not know (a <c>refinement</c>, a <c>remedy</c>), since to skip one would change what the policy says. Passed over:
/// names and descriptions for people, which change nothing.</para>
/// </summary>
internal sealed class PolicyReader
{
    private const int PartsMax = 5_000;
    private const int TextCharsMax = 4_000;
    private const int DepthMax = 16;

    private static readonly string[] _dspaceNamespaces = ["https://w3id.org/dspace/2025/1/", "dspace:"];
    private static readonly string[] _describing =
    [
        "dct:", "http://purl.org/dc/terms/", "dc:", "http://purl.org/dc/elements/1.1/",
        "rdfs:", "http://www.w3.org/2000/01/rdf-schema#", "skos:", "http://www.w3.org/2004/02/skos/core#",
    ];
    private static readonly string[] _policyTerms = ["conflict", "inheritFrom", "refinement", "duty", "constraint"];
    private static readonly string[] _dateTimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    private int _parts;

    internal Refusal? Refusal { get; private set; }

    internal Policy Policy(JsonElement json)
    {
        var members = Members(json, "");
        foreach (var term in _policyTerms)
            if (members.ContainsKey(term)) Refuse(term, "This ODRL term is not supported on a policy.");

        var kind = members.TryGetValue("@type", out var type) ? Kind(Text(type, "@type")) : PolicyKind.Offer;
        string? Optional(string name) => members.TryGetValue(name, out var value) ? Text(value, name) : null;
        string Needed(string name) => members.TryGetValue(name, out var value) ? Text(value, name) : Missing(name);
        string? Party(string name) => kind == PolicyKind.Agreement ? Needed(name) : Optional(name);

        var policy = new Policy
        {
            Kind = kind,
            Id = Needed("@id"),
            Target = Party("target"),
            Assigner = Party("assigner"),
            Assignee = Party("assignee"),
            Timestamp = Optional("timestamp") is { } timestamp ? Time(timestamp) : null,
            Profiles = Profiles(members),
            Permissions = Rules(members, "permission", "", allowsDuty: true),
            Prohibitions = Rules(members, "prohibition", "", allowsDuty: false),
            Obligations = Rules(members, "obligation", "", allowsDuty: false),
        };
        if (policy.Permissions.Count + policy.Prohibitions.Count == 0)
            Refuse("permission", "A policy needs a permission or a prohibition.");
        return policy;
    }

    /// <summary>Constraints that stand by themselves, in a rule of the holder's own.</summary>
    internal List<Constraint> Constraints(JsonElement array, string path) => Constraints(array, path, depth: 1);

    private PolicyKind Kind(string type)
    {
        switch (Terms.Normalise(type))
        {
            case "Offer": return PolicyKind.Offer;
            case "Agreement": return PolicyKind.Agreement;
            default:
                Refuse("@type", "A policy is an Offer or an Agreement.");
                return PolicyKind.Offer;
        }
    }

    private DateTimeOffset? Time(string text)
    {
        // The zone is optional in xsd:dateTime; the wire means UTC then.
        if (DateTimeOffset.TryParseExact(
                XsdFraction.Cut(text), _dateTimeFormats, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }
        Refuse("timestamp", "A timestamp is an xsd:dateTime with seconds, like 2026-01-01T01:00:00Z.");
        return null;
    }

    private List<string> Profiles(Dictionary<string, JsonElement> members) =>
        members.TryGetValue("profile", out var profile)
            ? [.. Items(profile).Select((item, i) => Terms.Normalise(Text(item, $"profile[{i}]")))]
            : [];

    private List<Rule> Rules(Dictionary<string, JsonElement> members, string name, string path, bool allowsDuty)
    {
        if (!members.TryGetValue(name, out var array)) return [];
        var rules = Items(array).Select((item, i) => Rule(item, $"{path}{name}[{i}]", allowsDuty)).ToList();
        // The schema wants it left out; others write it, and nothing is forbidden or owed in both.
        if (rules.Count == 0 && name == "permission") Refuse(path + name, "A list of permissions must not be empty.");
        return rules;
    }

    private Rule Rule(JsonElement json, string path, bool allowsDuty)
    {
        var members = Members(json, path);
        Known(members, path, allowsDuty ? ["action", "constraint", "duty"] : ["action", "constraint"]);
        return new Rule
        {
            Action = members.TryGetValue("action", out var action)
                ? Terms.Normalise(Text(action, path + ".action"))
                : Missing(path + ".action"),
            Constraints = members.TryGetValue("constraint", out var constraints)
                ? Constraints(constraints, path + ".constraint", depth: 1)
                : [],
            Duties = allowsDuty ? Rules(members, "duty", path + ".", allowsDuty: false) : [],
        };
    }

    private List<Constraint> Constraints(JsonElement array, string path, int depth)
    {
        if (depth <= DepthMax)
            return [.. Items(array).Select((item, i) => Constraint(item, $"{path}[{i}]", depth))];
        Refuse(path, $"Constraints may nest {DepthMax} deep.");
        return [];
    }

    private Constraint Constraint(JsonElement json, string path, int depth)
    {
        var members = Members(json, path);
        foreach (var connective in Enum.GetValues<Connective>())
        {
            var word = PolicyWords.Of(connective);
            if (!members.TryGetValue(word, out var array)) continue;
            Known(members, path, [word]);
            var inner = Constraints(array, $"{path}.{word}", depth + 1);
            if (inner.Count == 0) Refuse($"{path}.{word}", "It joins no constraint.");
            return new LogicalConstraint(connective, inner);
        }

        Known(members, path, ["leftOperand", "operator", "rightOperand"]);
        string Needed(string name) =>
            members.TryGetValue(name, out var value) ? Text(value, $"{path}.{name}") : Missing($"{path}.{name}");
        var written = Terms.Normalise(Needed("operator"));
        var op = PolicyWords.FindOperator(written);
        if (op is null)
            Refuse(
                path + ".operator",
                $"{Words.Shown(written)} is none of {string.Join(", ", PolicyWords.Operators)}.");
        return new AtomicConstraint(
            Terms.Normalise(Needed("leftOperand")), op ?? Operator.Eq, RightOperand(members, path + ".rightOperand"));
    }

    private RightOperand RightOperand(Dictionary<string, JsonElement> members, string path)
    {
        if (!members.TryGetValue("rightOperand", out var json))
        {
            Missing(path);
            return new RightOperand([], false);
        }

        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("@list", out var list)) json = list;
        return json.ValueKind == JsonValueKind.Array
            ? new RightOperand([.. Items(json).Select((item, i) => Value(item, $"{path}[{i}]"))], true)
            : new RightOperand([Value(json, path)], false);
    }

    private PolicyValue Value(JsonElement json, string path)
    {
        string? type = null;
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("@value", out var value))
        {
            Known(Members(json, path), path, ["@value"]);
            if (json.TryGetProperty("@type", out var datatype)) type = Text(datatype, path + ".@type");
            else type = NativeType(value);
            // A JSON-LD peer may turn a typed number into a JSON number; bare, the schema forbids it.
            json = value;
            if (type is not null && json.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                return new PolicyValue(json.GetRawText(), Terms.NormaliseType(type));
        }

        if (NativeType(json) is not null)
            Refuse(path, """A value is written as text, a number as {"@value":"5","@type":"xsd:integer"}.""");
        var text = Text(json, path);
        if (text.StartsWith(Terms.OdrlNamespace, StringComparison.Ordinal))
            text = "odrl:" + text[Terms.OdrlNamespace.Length..];
        return new PolicyValue(text, Terms.NormaliseType(type));
    }

    private static string? NativeType(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out _) ? "xsd:integer" : "xsd:decimal",
        JsonValueKind.True or JsonValueKind.False => "xsd:boolean",
        _ => null,
    };

    private string Text(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 1) json = json[0];
        if (json.ValueKind == JsonValueKind.Object)
        {
            var members = Members(json, path);
            if (members.Count == 1 && (members.TryGetValue("@id", out var inner)
                                       || members.TryGetValue("@value", out inner))) json = inner;
        }

        if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 and <= TextCharsMax } text)
            return text;
        Refuse(path, $"Expected a string of 1 to {TextCharsMax} characters.");
        return "";
    }

    private List<JsonElement> Items(JsonElement json)
    {
        List<JsonElement> items = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];
        _parts += items.Count;
        if (_parts <= PartsMax) return items;
        Refuse("", $"A policy may have {PartsMax} parts.");
        return [];
    }

    private Dictionary<string, JsonElement> Members(JsonElement json, string path)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (json.ValueKind != JsonValueKind.Object)
        {
            Refuse(path, "Expected an object.");
            return members;
        }

        foreach (var member in json.EnumerateObject())
        {
            var name = Terms.Normalise(member.Name);
            foreach (var prefix in _dspaceNamespaces)
                if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
            if (!members.TryAdd(name, member.Value)) Refuse(Join(path, name), "It is there twice.");
        }

        return members;
    }

    private void Known(Dictionary<string, JsonElement> members, string path, string[] names)
    {
        foreach (var name in members.Keys.Except(["@id", "@type", "uid", .. names]))
        {
            if (Describes(name)) continue;
            Refuse(Join(path, name), "This member is not known here, and to skip it could change the policy.");
        }
    }

    /// <summary>Vocabularies that only describe: nothing in them permits, forbids or limits.</summary>
    private static bool Describes(string name) =>
        Array.Exists(_describing, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private string Missing(string path)
    {
        Refuse(path, "It is missing.");
        return "";
    }

    private void Refuse(string path, string reason) =>
        Refusal ??= new Refusal("bad-policy", path.Length == 0 ? reason : $"{path}: {reason}", path);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
