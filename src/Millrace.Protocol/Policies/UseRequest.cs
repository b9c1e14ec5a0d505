namespace Millrace.Protocol.Policies;

/// <summary>When a policy is asked.</summary>
public enum UseStage
{
    /// <summary>Before signing: what is not yet known is open, and only what can never be refuses.</summary>
    Negotiation,

    /// <summary>A transfer starts: its purpose is fixed, its environment may be open.</summary>
    Transfer,

    /// <summary>Data is read: everything is known, and exactly one permission decides.</summary>
    Read,
}

/// <summary>What someone wants to do, and what has been done so far under the agreement.</summary>
public sealed record UseRequest
{
    public required UseStage Stage { get; init; }

    /// <summary>A normalised action, usually <see cref="Terms.Use"/>.</summary>
    public string Action { get; init; } = Terms.Use;

    public required DateTimeOffset Now { get; init; }

    /// <summary>When it was agreed; null only while negotiating, where it counts from now.</summary>
    public DateTimeOffset? AgreedAt { get; init; }

    /// <summary>The IRI of the signed purpose; null when none was signed.</summary>
    public string? Purpose { get; init; }

    /// <summary>One of <see cref="Environments.Served"/>; null only before a read, when any may follow.</summary>
    public string? Environment { get; init; }

    /// <summary>
    /// What is known of whoever asks: seat and field as of the negotiation or the start of the transfer, place of use
    /// and memberships as of now.
    /// </summary>
    public Claims Claims { get; init; } = Claims.None;

    /// <summary>
    /// The preconditions that the provider found met, as <c>permission[0].duty[0]</c>; before signing all are open.
    /// </summary>
    public IReadOnlyCollection<string> DutiesDone { get; init; } = [];

    public long ReadsSoFar { get; init; }

    public long RowsSoFar { get; init; }

    public long BytesSoFar { get; init; }

    /// <summary>1 for a new read; 0 for a range or resumption of one that is counted already.</summary>
    public long ReadsAsked { get; init; } = 1;

    public long RowsAsked { get; init; }

    public long BytesAsked { get; init; }

    /// <summary>The permission that the reader chose, as <c>permission[0]</c>; null leaves it to the policy.</summary>
    public string? PermissionPath { get; init; }
}

/// <summary>The one permission that decided, and what it leaves.</summary>
/// <param name="ReadsLeft">Before this use, what it asks included; null: no limit. Likewise rows and bytes.</param>
public sealed record Permit(
    string PermissionPath, Rule Permission, long? ReadsLeft, long? RowsLeft, long? BytesLeft);
