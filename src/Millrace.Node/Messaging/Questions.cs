using System.Text.Json;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Messaging;

/// <summary>
/// Asks peers for the state of a process that we doubt: by rows of the outbox, so that no crash loses the doubt.
/// </summary>
public sealed class Questions(Outbox outbox, Ids ids, Clock clock)
{
    /// <summary>Asks, unless there is still a message to send: its answer will tell.</summary>
    /// <param name="message">The one that was refused, or was answered with another state.</param>
    /// <param name="url">Of the process at the peer.</param>
    public async Task AskAsync(
        Unit unit, OutboxMessage message, Uri url, Doubt doubt, CancellationToken cancel)
    {
        if (await HasMessagesAsync(unit, message, cancel))
            return;
        await outbox.RemoveAllAsync(unit, message.Participant, message.Process, cancel); // Older questions.
        var pause = doubt.Asked == 0 ? TimeSpan.Zero : OutboxSender.Pause(doubt.Asked);
        await outbox.AddAsync(
            unit,
            message with
            {
                Id = ids.New(), Message = OutboxMessage.Question, Url = url, Attempts = 0, Due = clock.Now + pause,
                Body = JsonSerializer.Serialize(doubt, RecordJson.Rows.Doubt),
            },
            cancel);
    }

    /// <summary>Draws the consequence of the peer's answer; where it does not tell yet, asks again later.</summary>
    /// <param name="version">Of the process's row now.</param>
    /// <returns>Why the process must end; null: it goes on.</returns>
    public async Task<Refusal?> WeighAsync(
        Unit unit, OutboxMessage question, Standing standing, long version, CancellationToken cancel)
    {
        var doubt = Check.NotNull(JsonSerializer.Deserialize(question.Body, RecordJson.Rows.Doubt));
        switch (doubt.Weigh(standing, version, clock.Limits.QuestionsMax))
        {
            case Verdict.AskAgain:
                await AskAsync(unit, question, question.Url, doubt.Again(version), cancel);
                return null;
            case Verdict.End when !await HasMessagesAsync(unit, question, cancel):
                return doubt.Refusal;
            default:
                return null;
        }
    }

    private async Task<bool> HasMessagesAsync(Unit unit, OutboxMessage of, CancellationToken cancel) =>
        await outbox.NextAsync(unit, of.Participant, of.Process, limit: 1, cancel) is [{ IsQuestion: false }];
}
