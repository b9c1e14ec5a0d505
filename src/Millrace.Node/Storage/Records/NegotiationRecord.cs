using Millrace.Protocol;
using Millrace.Protocol.Negotiations;

namespace Millrace.Node.Storage.Records;

/// <summary>A negotiation with what the protocol does not say of it.</summary>
/// <param name="Dataset">The product that it is about.</param>
/// <param name="Answered">Ids of the peer's newest messages: a repeat gets the first answer again.</param>
/// <param name="Refusal">Why it ended, where it did not end in an agreement.</param>
public sealed record NegotiationRecord(
    Negotiation Process, string Dataset, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyList<string> Answered, Refusal? Refusal);
