using Millrace.Protocol.Policies;

namespace Millrace.Node.Storage.Records;

/// <summary>What a participant recorded of another one, as the register of its space or for its own products.</summary>
public sealed record MemberRecord(string Did, Claims Claims, DateTimeOffset RecordedAt);
