namespace Millrace.Node.Api;

/// <summary>What the known peers offer, as last read, and which of them did not answer since.</summary>
/// <param name="Datasets">The best hits first; without words in the order of providers and ids.</param>
/// <param name="Catalogues">The catalogues that were searched, and when each was read.</param>
/// <param name="More">There are more hits than these: say more words, or ask with <c>skip</c>.</param>
public sealed record CatalogueHits(
    IReadOnlyList<CatalogueHit> Datasets, IReadOnlyList<UnreachablePeer> Unreachable,
    IReadOnlyList<CatalogueRead>? Catalogues = null, bool More = false);

/// <summary>A catalogue as it was read.</summary>
/// <param name="ReadAt">What is found of it was so at this time.</param>
/// <param name="Datasets">How many it listed that can be used.</param>
/// <param name="LeftOut">How many it listed besides.</param>
/// <param name="LeftOutFor">Why the first of these cannot be used.</param>
public sealed record CatalogueRead(
    string Provider, DateTimeOffset ReadAt, int Datasets, int LeftOut = 0, string? LeftOutFor = null);

/// <summary>A product of another participant.</summary>
/// <param name="Provider">The DID of the participant who offers it.</param>
/// <param name="Quality">The provider's overall score, 0 to 100.</param>
/// <param name="Query">How to call it, where it is a query and no table.</param>
/// <param name="HoldsFiles">Its rows are an index of files, which can be had too.</param>
/// <param name="Elements">What its columns hold, as the provider confirmed it; null: nothing is said.</param>
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
    double? Quality = null,
    QueryInfo? Query = null,
    bool HoldsFiles = false,
    IReadOnlyList<ColumnMeaning>? Elements = null);

/// <summary>A peer that did not answer, and why.</summary>
public sealed record UnreachablePeer(string Provider, string Reason);
