using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>
/// Written rules as people write them:
/// <c>{"lines": [{"when": [constraint, …], "then": "accept"}, …], "otherwise": {"refuse": "a reason"}}</c>. An answer
/// is <c>accept</c>, <c>ask</c> or <c>{"refuse": "a reason"}</c>; <c>otherwise</c> is <c>ask</c> if it is not there.
/// </summary>
public static class RuleJson
{
    private const int LinesMax = 50;
    private const int ReasonCharsMax = 500;

    /// <summary>Reads the form; what it means is <see cref="RuleCheck"/>'s. Nothing unknown is skipped.</summary>
    /// <returns>The rule, or a refusal <c>bad-rule</c> with the path of what is wrong.</returns>
    public static Decision<WrittenRule> Read(JsonElement json)
    {
        if (Members(json, "", ["lines", "otherwise"]).Refused(out var refusal, out var members)) return refusal;
        if (!members.TryGetValue("lines", out var array) || array.ValueKind != JsonValueKind.Array ||
            array.GetArrayLength() is 0 or > LinesMax)
        {
            return Bad("lines", $"A rule has a list of 1 to {LinesMax} lines.");
        }
        var lines = new List<RuleLine>();
        foreach (var item in array.EnumerateArray())
        {
            if (Line(item, WrittenRule.PathOf(lines.Count)).Refused(out refusal, out var line)) return refusal;
            lines.Add(line);
        }
        if (!members.TryGetValue("otherwise", out var last)) return new WrittenRule(lines, RuleAnswer.Ask);
        return Answer(last, WrittenRule.OtherwisePath).Refused(out refusal, out var otherwise)
            ? refusal
            : new WrittenRule(lines, otherwise);
    }

    public static void Write(Utf8JsonWriter writer, WrittenRule rule)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("lines");
        foreach (var line in rule.Lines)
        {
            writer.WriteStartObject();
            PolicyJson.WriteConstraints(writer, "when", line.When);
            WriteAnswer(writer, "then", line.Then);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        WriteAnswer(writer, "otherwise", rule.Otherwise);
        writer.WriteEndObject();
    }

    public static byte[] ToBytes(WrittenRule rule)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, rule);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A name for what a rule says: SHA-256 of its written form, 64 lower-case hexadecimal digits.</summary>
    public static string Hash(WrittenRule rule) => Convert.ToHexStringLower(SHA256.HashData(ToBytes(rule)));

    private static Decision<RuleLine> Line(JsonElement json, string path)
    {
        if (Members(json, path, ["when", "then"]).Refused(out var refusal, out var members)) return refusal;
        if (!members.TryGetValue("then", out var then))
            return Bad($"{path}.then", "It is missing: accept, ask or {\"refuse\": \"a reason\"}.");
        if (Answer(then, $"{path}.then").Refused(out refusal, out var answer)) return refusal;
        return When(members, path).Refused(out refusal, out var constraints)
            ? refusal
            : new RuleLine(constraints, answer);
    }

    /// <summary>The member <c>when</c>.</summary>
    internal static Decision<IReadOnlyList<Constraint>> When(Dictionary<string, JsonElement> members, string path)
    {
        var at = PolicyShape.Join(path, "when");
        if (!members.TryGetValue("when", out var when) || when.ValueKind != JsonValueKind.Array)
            return Bad(at, "It says when: a list of constraints, as a policy has them.");
        var reader = new PolicyReader();
        var constraints = reader.Constraints(when, at);
        return reader.Refusal is { } bad ? bad with { Code = "bad-rule" } : constraints;
    }

    private static Decision<RuleAnswer> Answer(JsonElement json, string path)
    {
        const string Forms = "An answer is accept, ask or {\"refuse\": \"a reason\"}.";
        if (json.ValueKind == JsonValueKind.String)
            return json.GetString() switch
            {
                "accept" => RuleAnswer.Accept,
                "ask" => RuleAnswer.Ask,
                _ => Bad(path, Forms),
            };
        if (json.ValueKind != JsonValueKind.Object) return Bad(path, Forms);
        if (Members(json, path, ["refuse"]).Refused(out var refusal, out var members)) return refusal;
        return members.TryGetValue("refuse", out var reason) && reason.ValueKind == JsonValueKind.String &&
            reason.GetString()!.Trim() is { Length: > 0 and <= ReasonCharsMax } text
                ? new RuleAnswer(RuleAct.Refuse, text)
                : Bad($"{path}.refuse", $"A refusal gives a reason of 1 to {ReasonCharsMax} characters.");
    }

    internal static Decision<Dictionary<string, JsonElement>> Members(JsonElement json, string path, string[] known)
    {
        if (json.ValueKind != JsonValueKind.Object) return Bad(path, "Expected an object.");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var at = PolicyShape.Join(path, member.Name);
            if (!known.Contains(member.Name)) return Bad(at, $"Only {string.Join(" and ", known)} are known here.");
            if (!members.TryAdd(member.Name, member.Value)) return Bad(at, "It is there twice.");
        }
        return members;
    }

    private static void WriteAnswer(Utf8JsonWriter writer, string name, RuleAnswer answer)
    {
        if (answer.Act != RuleAct.Refuse)
        {
            writer.WriteString(name, answer.Act == RuleAct.Accept ? "accept" : "ask");
            return;
        }
        writer.WriteStartObject(name);
        writer.WriteString("refuse", answer.Reason);
        writer.WriteEndObject();
    }

    private static Refusal Bad(string path, string reason) =>
        new("bad-rule", path.Length == 0 ? reason : $"{path}: {reason}", path);
}
