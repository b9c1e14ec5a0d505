using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>
/// Who sees an offer, and so may ask for it. It is the holder's own and is never sent: an offer does not name other
/// customers. As people write it: <c>{"when": [constraint, …]}</c>.
/// </summary>
/// <param name="When">Constraints on who asks and on the time, in the language of written rules; all must hold.</param>
public sealed record Visibility(IReadOnlyList<Constraint> When)
{
    private const int ConstraintsMax = 500;

    /// <summary>Whether somebody sees the offer. In every doubt nobody does.</summary>
    /// <param name="asker">The DID of who asks.</param>
    /// <param name="claims">What is known of them.</param>
    public bool Shows(Policy offer, string asker, Claims claims, DateTimeOffset now)
    {
        try
        {
            var facts = new RequestFacts(new OfferRequest(asker, offer, offer, now, claims));
            return Check().Count == 0 && When.All(facts.Holds);
        }
        catch (Exception)
        {
            return false; // A claim that no register knows, or a fault in here.
        }
    }

    /// <summary>Everything that is wrong, each with its path; empty when an offer may be published with it.</summary>
    public IReadOnlyList<Refusal> Check()
    {
        if (PolicyShape.Size(When) > ConstraintsMax)
            return [new Refusal("too-large", $"Who sees an offer takes at most {ConstraintsMax} constraints.", "when")];
        if (When.Count == 0)
            return [new Refusal("bad-value", "Without a constraint everybody sees the offer: leave it out.", "when")];
        var refusals = new List<Refusal>();
        RuleCheck.Constraints(When, "when", refusals);
        if (refusals.Count == 0 && !When.All(IsOnWhoAsks))
            refusals.Add(new Refusal(
                "unknown-term",
                "Who sees an offer is told by mr:participant, mr:seat, odrl:industry, mr:membership and odrl:dateTime.",
                "when"));
        return refusals;
    }

    /// <returns>Who sees it, or a refusal <c>bad-rule</c> with the path of what is wrong.</returns>
    public static Decision<Visibility> Read(JsonElement json) =>
        RuleJson.Members(json, "", ["when"]).Refused(out var refusal, out var members) ? refusal
        : RuleJson.When(members, "").Refused(out refusal, out var when) ? refusal
        : new Visibility(when);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        PolicyJson.WriteConstraints(writer, "when", When);
        writer.WriteEndObject();
    }

    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A name for what it says: SHA-256 of its written form, 64 lower-case hexadecimal digits.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(ToBytes()));

    private static bool IsOnWhoAsks(Constraint constraint) => constraint switch
    {
        AtomicConstraint atomic => RuleEvaluator.Read(atomic) is AskerCondition or ClaimCondition or MomentCondition,
        LogicalConstraint logical => logical.Constraints.All(IsOnWhoAsks),
        _ => false,
    };
}
