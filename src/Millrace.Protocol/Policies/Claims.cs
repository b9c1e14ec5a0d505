namespace Millrace.Protocol.Policies;

/// <summary>
/// What is known of whoever asks, from credentials or from the operator's register. What is null is not known, and no
/// rule that needs it lets anything through.
/// </summary>
/// <param name="Seat">Where it is registered: ISO 3166-1 or -2, like <c>CN</c> or <c>CN-SH</c>.</param>
/// <param name="Place">Where it uses data, in the same form.</param>
/// <param name="Industry">A field code of the space's classification, like <c>G5412</c>.</param>
public sealed record Claims(
    string? Seat = null, string? Place = null, string? Industry = null, IReadOnlyList<Membership>? Memberships = null)
{
    private const int MembershipsMax = 50;

    public static readonly Claims None = new();

    /// <summary>Whether the terms of a policy ask for any claim: else nobody needs to look them up.</summary>
    public static bool AreAsked(Policy policy) =>
        policy.Permissions.Concat(policy.Prohibitions).Any(rule => rule.Constraints.Any(IsAsked));

    /// <summary>What is wrong with claims as a person wrote them; null: nothing.</summary>
    public Refusal? Objection()
    {
        if (Seat is not null && !Places.IsCode(Seat)) return Bad("seat", Places.Expected);
        if (Place is not null && !Places.IsCode(Place)) return Bad("place", Places.Expected);
        if (Industry is not null && !IsField(Industry)) return Bad("industry", FieldExpected);
        if (Memberships is not { } memberships) return null;
        if (memberships.Count > MembershipsMax) return Bad("memberships", $"at most {MembershipsMax}");
        return memberships.All(m => Membership.Read(m.ToString()) is not null)
            ? null
            : Bad("memberships", Membership.Expected);
    }

    internal const string FieldExpected = "a field code of letters, digits, points and hyphens, like G5412";

    internal static bool IsField(string text) =>
        text.Length is > 0 and <= 20 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    private static bool IsAsked(Constraint constraint) => constraint switch
    {
        AtomicConstraint c =>
            c.LeftOperand is Terms.Seat or Terms.Spatial or Terms.Industry or Terms.Membership,
        LogicalConstraint c => c.Constraints.Any(IsAsked),
        _ => true,
    };

    private static Refusal Bad(string member, string expected) =>
        new("bad-claim", $"The {member} must be {expected}.", member);
}

/// <summary>That an issuer counts someone among its members.</summary>
/// <param name="Type">The type of the credential, such as <c>MembershipCredential</c>.</param>
/// <param name="Issuer">The DID of who says so.</param>
/// <param name="Until">From when on it no longer holds; null: no end is known.</param>
public sealed record Membership(string Type, string Issuer, DateTimeOffset? Until = null)
{
    internal const string Expected = "TYPE@ISSUER, the issuer a DID, like MembershipCredential@did:web:space.example";
    private const int CharsMax = 500;

    /// <summary>The form in which policies name it: a type means little without who says it.</summary>
    public override string ToString() => $"{Type}@{Issuer}";

    /// <summary>Reads <c>TYPE@ISSUER</c>; null for all else.</summary>
    public static Membership? Read(string text)
    {
        var at = text.LastIndexOf("@did:", StringComparison.Ordinal);
        if (at <= 0 || text.Length > CharsMax) return null;
        var (type, issuer) = (text[..at], text[(at + 1)..]);
        var whole = issuer.Split(':') is [_, { Length: > 0 }, { Length: > 0 }, ..];
        return whole && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? new Membership(type, issuer) : null;
    }
}
