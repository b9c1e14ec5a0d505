namespace Millrace.Node.Storage.Records;

/// <summary>An organisation that this node hosts. Its row belongs to itself: participant and id are the same.</summary>
public sealed record ParticipantRecord(string Id, string Did, string Title, bool Operator, DateTimeOffset CreatedAt);

/// <summary>A secret, encrypted under the node's master key.</summary>
/// <param name="Id">What it is for: <c>signing</c>, <c>log</c>, or <c>mask:…</c>.</param>
public sealed record SecretRecord(string Id, string Sealed);

/// <summary>Another participant whose address is known.</summary>
/// <param name="Base">Its Dataspace Protocol endpoints, without a trailing slash.</param>
public sealed record PeerRecord(string Did, Uri Base, string? Title);
