namespace Millrace.Protocol.Policies;

/// <summary>An offer says what may be had; an agreement says what was agreed.</summary>
public enum PolicyKind
{
    Offer,
    Agreement,
}

/// <summary>
/// An ODRL 2.2 policy as DSP 2025-1 carries it (contract schema): one target, rules without a target of their own.
/// All names are normalised (<see cref="Terms.Normalise"/>). Arrays have no order: the wire does not keep it.
/// Compare what two policies say with <see cref="SameTerms"/>, never with <c>==</c>.
/// </summary>
public sealed record Policy
{
    public required PolicyKind Kind { get; init; }

    /// <summary>Its <c>@id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the data product; always there in an agreement.</summary>
    public string? Target { get; init; }

    /// <summary>The DID of the holder; always there in an agreement.</summary>
    public string? Assigner { get; init; }

    /// <summary>The DID of the consumer; always there in an agreement.</summary>
    public string? Assignee { get; init; }

    /// <summary>When it was agreed; null in offers, and in agreements of peers that leave it out.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    public IReadOnlyList<string> Profiles { get; init; } = [];

    public IReadOnlyList<Rule> Permissions { get; init; } = [];

    public IReadOnlyList<Rule> Prohibitions { get; init; } = [];

    public IReadOnlyList<Rule> Obligations { get; init; } = [];

    /// <summary>
    /// Whether both say the same: equal rules up to order at every level and the spelling of IRIs. Id, kind, target,
    /// parties and time do not count, nor whether a policy names Millrace's own profile, which adds no rule; a foreign
    /// profile does.
    /// </summary>
    public static bool SameTerms(Policy a, Policy b) => PolicyHash.Canonical(a) == PolicyHash.Canonical(b);
}

/// <summary>A permission, prohibition, obligation or duty: an action, and constraints that must all hold.</summary>
public sealed record Rule
{
    /// <summary>A normalised name: <c>use</c>, or an absolute IRI.</summary>
    public required string Action { get; init; }

    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>Preconditions of a permission; empty in every other rule.</summary>
    public IReadOnlyList<Rule> Duties { get; init; } = [];
}
