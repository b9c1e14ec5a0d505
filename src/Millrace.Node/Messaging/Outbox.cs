using System.Data.Common;
using Millrace.Node.Identity;
using Millrace.Node.Storage;

namespace Millrace.Node.Messaging;

/// <summary>A message on its way to a peer.</summary>
/// <param name="Process">The own pid of the negotiation or transfer; its messages leave one by one, in order.</param>
/// <param name="Kind">Which feature hears of the outcome: <c>negotiation</c> or <c>transfer</c>.</param>
/// <param name="Message">The message's type, for people.</param>
/// <param name="Peer">The DID that the message is for.</param>
/// <param name="Due">When to try (again).</param>
public sealed record OutboxMessage(
    string Participant, string Id, string Process, string Kind, string Message, string Peer, Uri Url, string Body,
    long Attempts, DateTimeOffset Due)
{
    /// <summary>The <see cref="Message"/> of a row that asks the peer for its state; its body is our doubt.</summary>
    public const string Question = "question";

    public bool IsQuestion => Message == Question;
}

/// <summary>
/// Messages that were decided but not yet delivered. They survive the end of the process, and are sealed, for some
/// carry the token to a data endpoint.
/// </summary>
public sealed class Outbox(SecretBox box)
{
    private const string Purpose = "outbox";
    private const string Columns = "participant, id, process, kind, message, peer, url, body, attempts, due";

    /// <summary>A message of this participant's process may be sent now.</summary>
    public event Action<string, string>? Added;

    /// <summary>
    /// Adds a message; it leaves once the unit is durable and the request that caused it is answered.
    /// </summary>
    public Task AddAsync(Unit unit, OutboxMessage message, CancellationToken cancel)
    {
        unit.AfterAnswer(() => Added?.Invoke(message.Participant, message.Process));
        return unit.WriteAsync(
            $"""
             INSERT INTO outbox ({Columns})
             VALUES (@participant, @id, @process, @kind, @message, @peer, @url, @body, @attempts, @due)
             """,
            [
                ("participant", message.Participant), ("id", message.Id), ("process", message.Process),
                ("kind", message.Kind), ("message", message.Message), ("peer", message.Peer),
                ("url", message.Url.AbsoluteUri),
                ("body", box.SealText(message.Body, message.Participant, Purpose)),
                ("attempts", message.Attempts), ("due", message.Due.ToUnixTimeMilliseconds()),
            ],
            null, cancel);
    }

    /// <summary>The first messages of a process, in the order in which they leave; a question comes last.</summary>
    public Task<List<OutboxMessage>> NextAsync(
        Session session, string participant, string process, int limit, CancellationToken cancel) =>
        session.QueryAsync(
            $"""
             SELECT {Columns} FROM outbox WHERE participant = @participant AND process = @process
             ORDER BY CASE message WHEN '{OutboxMessage.Question}' THEN 1 ELSE 0 END, id LIMIT @limit
             """,
            [("participant", participant), ("process", process), ("limit", limit)], Map, cancel);

    /// <summary>Processes with a message that is due.</summary>
    public Task<List<(string Participant, string Process)>> DueAsync(
        Session session, DateTimeOffset now, int limit, CancellationToken cancel) =>
        session.QueryAsync(
            "SELECT DISTINCT participant, process FROM outbox WHERE due <= @now LIMIT @limit",
            [("now", now.ToUnixTimeMilliseconds()), ("limit", limit)],
            row => (row.GetString(0), row.GetString(1)), cancel);

    /// <summary>Takes a message off the list.</summary>
    /// <returns>False if another sender did so before.</returns>
    public async Task<bool> RemoveAsync(Unit unit, OutboxMessage message, CancellationToken cancel) =>
        await unit.ExecuteAsync(
            "DELETE FROM outbox WHERE participant = @participant AND id = @id",
            [("participant", message.Participant), ("id", message.Id)], cancel) == 1;

    /// <summary>Drops everything that a process still wanted to say.</summary>
    public Task RemoveAllAsync(Unit unit, string participant, string process, CancellationToken cancel) =>
        unit.WriteAsync(
            "DELETE FROM outbox WHERE participant = @participant AND process = @process",
            [("participant", participant), ("process", process)], null, cancel);

    public Task PostponeAsync(
        Unit unit, OutboxMessage message, DateTimeOffset due, CancellationToken cancel) =>
        unit.WriteAsync(
            "UPDATE outbox SET attempts = attempts + 1, due = @due WHERE participant = @participant AND id = @id",
            [
                ("participant", message.Participant), ("id", message.Id), ("due", due.ToUnixTimeMilliseconds()),
            ],
            null, cancel);

    private OutboxMessage Map(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        new Uri(row.GetString(6)), box.OpenText(row.GetString(7), row.GetString(0), Purpose), row.GetInt64(8),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)));
}
