namespace Millrace.Node.Api;

/// <summary>What a participant recorded of another one; also the body of <c>POST members</c>.</summary>
/// <param name="Did">Whom it is about.</param>
/// <param name="Seat">Where it is registered: ISO 3166-1 or -2, like <c>CN-SH</c>.</param>
/// <param name="Place">Where it uses data, in the same form.</param>
/// <param name="Industry">A field code of the space's classification.</param>
/// <param name="Memberships">What it is a member of; null: nobody has looked, which is not the same as none.</param>
/// <param name="RecordedAt">When it was recorded; the node says.</param>
public sealed record Member(
    string Did, string? Seat = null, string? Place = null, string? Industry = null,
    IReadOnlyList<MembershipInfo>? Memberships = null, DateTimeOffset? RecordedAt = null);

/// <summary>A membership, named by who says so.</summary>
/// <param name="Until">From when on it no longer holds; null: no end is known.</param>
public sealed record MembershipInfo(string Type, string Issuer, DateTimeOffset? Until = null);
