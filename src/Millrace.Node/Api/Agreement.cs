using System.Text.Json;

namespace Millrace.Node.Api;

/// <summary>An agreement, with what was read under it.</summary>
/// <param name="Role">Ours: <c>consumer</c> or <c>provider</c>.</param>
/// <param name="State"><c>active</c>, <c>expired</c> or <c>withdrawn</c>, as of now.</param>
/// <param name="Policy">The ODRL agreement that both sides hold.</param>
/// <param name="Query">How its product is called, where that is a query and known here.</param>
/// <param name="EndsAt">From when on its times allow no read any more; null: they have no end.</param>
public sealed record Agreement(
    string Id,
    string Role,
    string Peer,
    string Product,
    string Title,
    DateTimeOffset AgreedAt,
    string State,
    JsonElement Policy,
    IReadOnlyList<Term> Terms,
    long Reads,
    long Rows,
    long Bytes,
    Withdrawal? Withdrawal = null,
    IReadOnlyList<DutyDone>? Duties = null,
    QueryInfo? Query = null,
    DateTimeOffset? EndsAt = null);

/// <summary>That the provider found a precondition met.</summary>
/// <param name="Duty">Where it stands: <c>permission[0].duty[0]</c>.</param>
public sealed record DutyDone(string Duty, string? Note, DateTimeOffset At);

/// <summary>The body of <c>POST duties</c>.</summary>
/// <param name="Duty">Where the precondition stands: <c>permission[0].duty[0]</c>.</param>
/// <param name="Note">What it rests on, such as the number of an invoice.</param>
public sealed record DutyDraft(string Duty, string? Note = null);

/// <summary>The body of <c>POST agreements</c>: an agreement that was made elsewhere.</summary>
/// <param name="Role">Ours: <c>consumer</c> or <c>provider</c>.</param>
/// <param name="Peer">The other side's participant id.</param>
/// <param name="Policy">The ODRL agreement, with id, target, assigner and assignee.</param>
/// <param name="Manual">Transfers under it are started by a person.</param>
public sealed record AgreementImport(string Role, string Peer, JsonElement Policy, bool Manual = false);

/// <summary>That, why and when the provider withdrew an agreement.</summary>
/// <param name="Ground">One of those of a withdrawal; null at the consumer, who is told it in the note.</param>
/// <param name="At">At the consumer: when it was told.</param>
/// <param name="Note">What the provider says to the consumer.</param>
public sealed record Withdrawal(DateTimeOffset At, string? Ground = null, string? Note = null);

/// <summary>The body of <c>POST withdrawal</c>.</summary>
/// <param name="Ground">One of <see cref="Grounds"/>.</param>
public sealed record WithdrawalDraft(string Ground, string? Note = null)
{
    /// <summary>The grounds on which a provider may withdraw.</summary>
    public static IReadOnlyList<string> Grounds { get; } = ["breach", "lost-basis", "authority", "mutual", "notice"];
}
