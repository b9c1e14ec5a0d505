namespace Millrace.Node.Api;

/// <summary>Another participant whose address is known.</summary>
/// <param name="Base">The base address of its Dataspace Protocol endpoints.</param>
public sealed record Peer(string Did, Uri Base, string? Title = null);

/// <summary>The body of <c>POST peers</c>.</summary>
/// <param name="Address">A DID (<c>did:web:…</c>) or a URL.</param>
public sealed record PeerDraft(string Address);
