namespace Millrace.Node.Api;

/// <summary>What the known peers offer, and which of them did not answer.</summary>
public sealed record CatalogueHits(IReadOnlyList<CatalogueHit> Datasets, IReadOnlyList<UnreachablePeer> Unreachable);

/// <summary>A product of another participant.</summary>
/// <param name="Provider">The DID of the participant who offers it.</param>
/// <param name="Quality">The provider's overall score, 0 to 100.</param>
public sealed record CatalogueHit(
    string Provider,
    string Id,
    string Title,
    string Description,
    IReadOnlyList<string> Keywords,
    IReadOnlyList<OfferInfo> Offers,
    IReadOnlyList<string> Formats,
    string? ProviderTitle = null,
    long? Rows = null,
    double? Quality = null);

/// <summary>A peer that did not answer, and why.</summary>
public sealed record UnreachablePeer(string Provider, string Reason);
