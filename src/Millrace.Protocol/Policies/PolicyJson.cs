using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Millrace.Protocol.Policies;

/// <summary>
/// Policies as DSP 2025-1 writes them (contract schema). What is read leniently and what is refused is said at
/// <see cref="PolicyReader"/>; what is written is always the compact form, without an <c>@context</c> of its own.
/// </summary>
public static class PolicyJson
{
    private const int DepthMax = 64;

    /// <summary>
    /// Reads an offer or an agreement; without <c>@type</c> it is an offer. Refuses with <c>bad-policy</c> and the path
    /// of what is wrong. Terms it does not know are kept: whether they can be accepted is another question.
    /// </summary>
    public static Decision<Policy> Read(JsonElement json)
    {
        var reader = new PolicyReader();
        var policy = reader.Policy(json);
        return reader.Refusal is { } refusal ? refusal : policy;
    }

    /// <summary>Reads UTF-8; what is not JSON, or deeper than 64, is refused with <c>bad-policy</c>.</summary>
    public static Decision<Policy> Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = DepthMax });
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return new Refusal("bad-policy", $"This is not JSON, or nests deeper than {DepthMax}.");
        }
    }

    public static byte[] ToBytes(Policy policy)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, policy);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes one object. Empty arrays are left out: the schema forbids them.</summary>
    public static void Write(Utf8JsonWriter writer, Policy policy)
    {
        writer.WriteStartObject();
        writer.WriteString("@type", policy.Kind == PolicyKind.Offer ? "Offer" : "Agreement");
        writer.WriteString("@id", policy.Id);
        if (policy.Profiles.Count > 0)
        {
            writer.WriteStartArray("profile");
            foreach (var profile in policy.Profiles) writer.WriteStringValue(profile);
            writer.WriteEndArray();
        }

        if (policy.Target is { } target) writer.WriteString("target", target);
        if (policy.Assigner is { } assigner) writer.WriteString("assigner", assigner);
        if (policy.Assignee is { } assignee) writer.WriteString("assignee", assignee);
        if (policy.Timestamp is { } timestamp) writer.WriteString("timestamp", Time(timestamp));
        WriteRules(writer, "permission", policy.Permissions);
        WriteRules(writer, "prohibition", policy.Prohibitions);
        WriteRules(writer, "obligation", policy.Obligations);
        writer.WriteEndObject();
    }

    /// <summary>An xsd:dateTime in UTC.</summary>
    internal static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static void WriteRules(Utf8JsonWriter writer, string name, IReadOnlyList<Rule> rules)
    {
        if (rules.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("action", Terms.Write(rule.Action));
            if (rule.Constraints.Count > 0) WriteConstraints(writer, "constraint", rule.Constraints);
            WriteRules(writer, "duty", rule.Duties);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    internal static void WriteConstraints(Utf8JsonWriter writer, string name, IReadOnlyList<Constraint> constraints)
    {
        writer.WriteStartArray(name);
        foreach (var constraint in constraints)
        {
            writer.WriteStartObject();
            if (constraint is LogicalConstraint logical)
            {
                WriteConstraints(writer, PolicyWords.Of(logical.Connective), logical.Constraints);
            }
            else if (constraint is AtomicConstraint atomic)
            {
                writer.WriteString("leftOperand", Terms.Write(atomic.LeftOperand));
                writer.WriteString("operator", PolicyWords.Of(atomic.Operator));
                writer.WritePropertyName("rightOperand");
                WriteRightOperand(writer, atomic.RightOperand);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRightOperand(Utf8JsonWriter writer, RightOperand operand)
    {
        if (operand.IsList) writer.WriteStartArray();
        foreach (var value in operand.Values)
        {
            if (value.Type is null)
            {
                writer.WriteStringValue(value.Text);
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("@value", value.Text);
            writer.WriteString("@type", value.Type);
            writer.WriteEndObject();
        }

        if (operand.IsList) writer.WriteEndArray();
    }
}
