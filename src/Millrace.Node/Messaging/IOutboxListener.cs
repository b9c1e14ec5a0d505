using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Messaging;

/// <summary>A feature that sends messages and hears what became of them, within the unit that records it.</summary>
public interface IOutboxListener
{
    /// <summary>The <see cref="OutboxMessage.Kind"/> that this feature sends.</summary>
    string Kind { get; }

    /// <summary>The peer took the message.</summary>
    /// <param name="answer">The peer's body, at most a message long; may be empty.</param>
    Task DeliveredAsync(Unit unit, OutboxMessage message, ReadOnlyMemory<byte> answer, CancellationToken cancel);

    /// <summary>The peer refused the message for good, or could not be reached in the time allowed.</summary>
    Task RefusedAsync(Unit unit, OutboxMessage message, Refusal refusal, CancellationToken cancel);
}
