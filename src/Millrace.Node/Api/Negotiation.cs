namespace Millrace.Node.Api;

/// <summary>A negotiation as one of its sides sees it.</summary>
/// <param name="Role">Ours: <c>consumer</c> or <c>provider</c>.</param>
/// <param name="Peer">The DID of the other side.</param>
/// <param name="State">As in DSP 2025-1: <c>REQUESTED</c>, …, <c>FINALIZED</c>, <c>TERMINATED</c>.</param>
/// <param name="Agreement">The id of the agreement once there is one.</param>
public sealed record Negotiation(
    string Id,
    string Role,
    string Peer,
    string State,
    string Offer,
    string Dataset,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? Agreement = null,
    RefusalInfo? Refusal = null);

/// <summary>The body of <c>POST negotiations</c>.</summary>
/// <param name="Provider">The DID of the participant who offers it.</param>
public sealed record NegotiationDraft(string Provider, string Dataset, string Offer);
