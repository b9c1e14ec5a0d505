using Millrace.Protocol;

namespace Millrace.Pure.Tests.Simulation;

/// <summary>A row of the outbox: a message, or a question for the peer's state.</summary>
internal sealed class Parcel
{
    public required string Id { get; init; }

    /// <summary>The peer's pid, to whose URL it goes; null for an opening message.</summary>
    public required string? To { get; init; }

    public Message? Message { get; init; }

    public Doubt? Doubt { get; init; }

    public int Attempts { get; set; }

    public long Due { get; set; }

    /// <summary>What the peer made of it, which the sender may not have heard: for who watches only.</summary>
    public bool IsAccepted { get; set; }

    /// <inheritdoc cref="IsAccepted"/>
    public bool IsRefused { get; set; }

    public bool IsUnderWay => Message is not null && !IsAccepted && !IsRefused;

    public override string ToString() => $"{Message?.GetType().Name ?? "question"} {Id};";
}

/// <summary>What a peer answers: its state, or why it refuses.</summary>
internal sealed record Reply(Message? Status, Refusal? Refusal);
