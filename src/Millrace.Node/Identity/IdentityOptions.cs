namespace Millrace.Node.Identity;

/// <summary>
/// What identity and calls to peers may do, and every limit they keep. The defaults are those of a public node.
/// </summary>
public sealed record IdentityOptions
{
    /// <summary>
    /// Peers on this machine (<c>localhost</c>, <c>127.0.0.1</c>) are reached, over plain HTTP. For trials and tests.
    /// </summary>
    public bool AllowHttpLoopback { get; init; }

    /// <summary>Peers at loopback, private (RFC 1918, fc00::/7) and carrier-grade NAT addresses are reached.</summary>
    public bool AllowPrivatePeers { get; init; }

    /// <summary>Name lookup and connection together.</summary>
    public TimeSpan ConnectTimeMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A whole exchange, from the lookup to the last byte of the answer.</summary>
    public TimeSpan ExchangeTimeMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long the head of an answer may take that must be computed: a query's time at its provider, with its wait for
    /// another one of ours there, and an exchange.
    /// </summary>
    public TimeSpan AnswerTimeMax { get; init; } = TimeSpan.FromSeconds(100);

    public int AnswerHeadersKibibytesMax { get; init; } = 32;

    public int ConnectionsPerPeerMax { get; init; } = 64;

    public int DidDocumentBytesMax { get; init; } = 64 * 1024;

    public int DidCacheEntriesMax { get; init; } = 10_000;

    /// <summary>
    /// DID documents asked for at one time; more are refused, so that strangers cannot make us flood others.
    /// </summary>
    public int DidFetchesMax { get; init; } = 256;

    public TimeSpan DidFoundFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is taken as read that nobody answers for a DID: it may be starting again.</summary>
    public TimeSpan DidAwayFor { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan DidMissingFor { get; init; } = TimeSpan.FromSeconds(10);

    public int TokenCharsMax { get; init; } = 8 * 1024;

    /// <summary>How far a peer's clock may be off. Below 60 s: a token 60 s over its time must be refused.</summary>
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far ahead a peer's token may end; its <c>jti</c> is remembered that long.</summary>
    public TimeSpan TokenLifeMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How old a signed purpose may be.</summary>
    public TimeSpan PurposeAgeMax { get; init; } = TimeSpan.FromMinutes(5);
}
